"""Which county and township a row belongs to: by name first, then by the code; the tree decides, not the prefix.

A county or township is looked up once for each combination of what rows say, not once a row.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.enums import Tier
from accounts.models import Division

UNIT = re.compile("(街道|镇|乡)$")


@dataclass(frozen=True)
class Scope:
    """Where the importer may write: one county, or several."""

    county: Division | None
    counties: dict[int, Division]

    @property
    def label(self) -> str:
        return self.county.name if self.county else "全市"


def scope_for(county: Division | None, city: Division | None = None) -> Scope:
    """One county, or those of a city, or (from the shell) all."""
    found = Division.objects.filter(tier=Tier.COUNTY)
    if county is not None:
        found = found.filter(pk=county.pk)
    elif city is not None:
        found = found.filter(parent=city)
    return Scope(county, {one.pk: one for one in found})


@dataclass(frozen=True)
class Combination:
    """What a group of rows says about its place; `known` is the county where the villages are registered already."""

    county: str
    township: str
    prefix: str
    known: int


@dataclass(frozen=True)
class Township:
    code: str
    name: str
    county: int


class PlaceRefused(Exception):
    def __init__(self, column: str, reason: str):
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass
class Places:
    """Counties and townships as registered, and what the file adds to them."""

    scope: Scope
    rows: dict[Combination, int]
    created: dict[str, Township] = field(default_factory=dict)
    renamed: dict[str, tuple[Township, str]] = field(default_factory=dict)
    elsewhere: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(township by name, township by code) → rows: taken by name, but worth a look."""
    called: dict[str, list[int]] = field(default_factory=dict)
    """What a row calls a county → the counties it may mean."""

    def __post_init__(self) -> None:
        self.counties = {one.pk: one for one in Division.objects.filter(tier=Tier.COUNTY)}
        self.names_of_counties = [(_key(one.name), one.pk) for one in self.counties.values()]
        self.by_prefix = {one.code[:6]: one.pk for one in self.counties.values() if one.code.endswith("000000")}
        self.names: dict[str, Counter[str]] = defaultdict(Counter)
        for combination, count in self.rows.items():
            self.names[combination.prefix][_key(combination.township)] += count
        self.by_code: dict[str, Township] = {}
        self.by_name: dict[tuple[int, str], list[Township]] = defaultdict(list)
        codes = [f"{prefix}000" for prefix in self.names]
        near = Q(parent__in=list(self.scope.counties)) | Q(code__in=codes)
        for row in Division.objects.filter(near, tier=Tier.TOWNSHIP).values_list("code", "name", "parent_id"):
            one = self.by_code[row[0]] = Township(*row)
            self.by_name[one.county, _key(one.name)].append(one)

    def place(self, one: Combination) -> tuple[int, Township | None]:
        """County and township of these rows (no township: they stay where they are). Raises PlaceRefused."""
        county = self._county(one)
        return county, self._township(county, one)

    # ------------------------------------------------------------------ county

    def _county(self, one: Combination) -> int:
        if one.known and one.known not in self.scope.counties:
            raise self._foreign("code", self.counties[one.known].name)
        coded = self._by_code(one)
        if not one.county:
            county = one.known or (self._zone_of_scope(one) if coded not in self.scope.counties else 0) or coded
            if county is None:
                raise PlaceRefused("code", f"代码前 6 位 {one.prefix[:6]} 不属于任何县（市、区），请核对代码")
            return self._within(county, "code")
        county = self._within(self._named(one.county, coded), "county")
        if county not in (one.known, coded) and not self._zone(county, one):
            belongs = f"属于{self.counties[coded].name}" if coded else f"（前 6 位 {one.prefix[:6]}）不属于任何县"
            raise PlaceRefused("code", f"代码{belongs}，与所填“{one.county}”不一致，请核对代码或县（市、区）名称")
        return county

    def _by_code(self, one: Combination) -> int | None:
        township = self.by_code.get(f"{one.prefix}000")
        return township.county if township else self.by_prefix.get(one.prefix[:6])

    def _named(self, given: str, coded: int | None) -> int:
        """The county of this name; of several, the one that the code tells, or the only one within reach."""
        if given not in self.called:
            self.called[given] = self._alike(_key(given))
        found = self.called[given]
        if coded in found:
            return coded
        found = [pk for pk in found if pk in self.scope.counties] or found
        if not found:
            raise PlaceRefused("county", f"没有“{given}”这个县（市、区），请填写全称，如 {self._example()}")
        if len(found) > 1:
            raise PlaceRefused("code", f"有 {len(found)} 个“{given}”，代码不属于其中任何一个，请核对代码")
        return found[0]

    def _alike(self, wanted: str) -> list[int]:
        """Counties of this very name, else those that it is short or long for: 涪城, 绵阳市涪城区."""
        if same := [pk for name, pk in self.names_of_counties if name == wanted]:
            return same
        stem = wanted.rstrip("县市区")
        near = [one for one in self.names_of_counties if one[0].startswith(stem) or wanted.endswith(one[0])]
        return [pk for _name, pk in near] if len(stem) > 1 else []

    def _example(self) -> str:
        return next((one.name for one in self.scope.counties.values()), "")

    def _within(self, county: int, column: str) -> int:
        if county not in self.scope.counties:
            raise self._foreign(column, self.counties[county].name)
        return county

    def _foreign(self, column: str, county: str) -> PlaceRefused:
        return PlaceRefused(
            column, f"这一行属于{county}，本次只能导入{self.scope.label}的村：请删去这一行，交由{county}导入"
        )

    def _zone_of_scope(self, one: Combination) -> int:
        return self.scope.county.pk if self.scope.county and self._zone(self.scope.county.pk, one) else 0

    def _zone(self, county: int, one: Combination) -> bool:
        """Is this a township of a functional zone: registered there by name, with villages whose codes never nest?"""
        named = self.by_name.get((county, _key(one.township)), [])
        return len(named) == 1 and not self._nests(named[0])

    def _nests(self, township: Township) -> bool:
        prefix = township.code[:9]
        inside = Division.objects.filter(tier=Tier.VILLAGE, parent__code=township.code, code__startswith=prefix)
        return prefix in self.names or inside.exists()

    # ---------------------------------------------------------------- township

    def _township(self, county: int, one: Combination) -> Township | None:
        coded = self.by_code.get(f"{one.prefix}000")
        own = coded if coded and coded.county == county else None
        if not one.township:
            return own
        named = self.by_name.get((county, _key(one.township)), [])
        if own in named or len(named) > 1:
            if own in named:
                return own
            raise PlaceRefused("township", f"有两个“{one.township}”，代码不属于其中任何一个，请核对代码")
        if named:
            if own:
                self.elsewhere[named[0].name, own.name] += self.rows[one]
            return named[0]
        return self._rename(own, one) if own else self._create(county, one, coded)

    def _rename(self, own: Township, one: Combination) -> Township:
        """The code is known under another name: the township was renamed, if the file says so throughout."""
        names = self.names[one.prefix]
        if (
            _key(own.name) in names
            or self._usual(one) != _key(one.township)
            or _is_no_other(_key(own.name), _key(one.township))
        ):
            raise PlaceRefused(
                "township",
                f"没有“{one.township}”；该代码属于“{own.name}”：请改为“{own.name}”，或核对乡镇名称和代码",
            )
        self.renamed[own.code] = (own, one.township)
        return Township(own.code, one.township, own.county)

    def _create(self, county: int, one: Combination, coded: Township | None) -> Township:
        if coded or self.by_prefix.get(one.prefix[:6]) != county:
            name = self.counties[county].name
            raise PlaceRefused("township", f"{name}没有“{one.township}”，代码也不属于{name}，请核对乡镇名称和代码")
        if self._usual(one) != _key(one.township):
            raise PlaceRefused("township", "代码前 9 位相同的各行，乡镇名称应当相同：请核对乡镇名称和代码")
        return self.created.setdefault(f"{one.prefix}000", Township(f"{one.prefix}000", one.township, county))

    def _usual(self, one: Combination) -> str:
        """The name that most rows with this prefix give."""
        names = Counter({name: count for name, count in self.names[one.prefix].items() if name})
        return names.most_common(1)[0][0]


def _key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _is_no_other(name: str, given: str) -> bool:
    """Is `given` this township's name in short or with more around it (青义, 青义镇党委, 涪城区青义镇), no new one?"""
    before, after = given.removesuffix(name), given.removeprefix(name)
    longer = (after != given and not UNIT.search(after)) or (before != given and before[-1:] in "县市区")
    return longer or given == UNIT.sub("", name)


def resolve(cursor: Any, scope: Scope) -> Places:
    """Fill roster_place for every place that roster_joined names, and roster_township with what is new or renamed."""
    cursor.execute(
        """
        SELECT place, min(coalesce(county, '')), min(coalesce(township, '')), min(left(code, 9)),
            min(coalesce(known, 0)), count(*) FROM roster_joined GROUP BY place
        """
    )
    keys = {Combination(*row[1:5]): (row[0], row[5]) for row in cursor.fetchall()}
    places = Places(scope, {one: count for one, (_, count) in keys.items()})
    cursor.execute(
        """
        CREATE TEMP TABLE roster_place (place text, county_id bigint, township_code text, township_name text,
            fault_column text, fault text) ON COMMIT DROP
        """
    )
    rows = [(key, *_placed(places, one)) for one, (key, _) in keys.items()]
    with cursor.copy("COPY roster_place FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    register(cursor, places)
    return places


def _placed(places: Places, one: Combination) -> tuple[Any, ...]:
    try:
        county, township = places.place(one)
    except PlaceRefused as refused:
        return (None, None, None, refused.column, refused.reason)
    return (county, township and township.code, township and township.name, None, None)


def register(cursor: Any, places: Places) -> None:
    """Townships that the import will add or rename."""
    cursor.execute(
        "CREATE TEMP TABLE roster_township (code text, name text, county_id bigint, is_new boolean) ON COMMIT DROP"
    )
    with cursor.copy("COPY roster_township FROM STDIN") as copy:
        for one in places.created.values():
            copy.write_row((one.code, one.name, one.county, True))
        for old, name in places.renamed.values():
            copy.write_row((old.code, name, old.county, False))
