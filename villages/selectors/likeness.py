"""What may have become of a village that a roster no longer has: candidates with reasons, never a decision.

Signs, from strong to weak: the same name in the township or in the one that took it in; the same name elsewhere in
the county; the same sound; one name within the other; a new name that takes a character each from two old ones; the
neighbour by code. A person reads the reason beside each and decides (mission B5; domain.md, roster import 4).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Division
from villages.enums import Act, Change, Confidence, VillageStatus
from villages.followers import end_of
from villages.models import RosterChange, Village

OFFICIAL = re.compile(r"(村民委员会|居民委员会|居民委员|村委会|居委会|社区居委会)$")
SORT = re.compile(r"(社区|村)$")
TOWNSHIP_SORT = re.compile(r"(街道|镇|.族乡|乡)$")
MOST = 3


def stem_of(name: str) -> str:
    """龙门村村民委员会、龙门社区 → 龙门: what a name says beyond the kind of place."""
    short = OFFICIAL.sub("", name) or name
    return SORT.sub("", short) or short


@dataclass(frozen=True)
class Place:
    """A village as far as names, codes and townships tell."""

    pk: int
    code: str
    name: str
    pinyin: str
    township: int
    township_name: str
    stem: str

    @property
    def short_name(self) -> str:
        return Division(name=self.name).short_name

    @property
    def sound(self) -> str:
        """The pinyin of the stem: names that are written differently and read alike."""
        for tail in ("cunminweiyuanhui", "juminweiyuanhui", "shequ", "cun"):
            left = self.pinyin.removesuffix(tail)
            if left and left != self.pinyin:
                return left.removesuffix("shequ").removesuffix("cun") or left
        return self.pinyin


@dataclass(frozen=True)
class Candidate:
    place: Place
    act: str
    confidence: Confidence
    reason: str

    @property
    def value(self) -> str:
        """As the worksheet posts it."""
        return f"{self.act}:{self.place.code}"


@dataclass(frozen=True)
class Heir:
    """The township where the villages of another one lie now, and how one knows; none: nobody knows."""

    township: int = 0
    why: str = ""
    witnesses: frozenset[int] = frozenset()
    """The villages that tell it; what a village says of itself is no witness for it."""

    def is_known_without(self, village: int) -> bool:
        return bool(self.township) and self.witnesses != {village}


@dataclass
class Surroundings:
    """One county: villages of the roster in force, those it lacks, and what has become of others already."""

    living: Sequence[Place]
    gone: Sequence[Place]
    became: Mapping[int, int] = field(default_factory=dict)
    """Village that has ended → the living one it has become."""
    added: Collection[int] = frozenset()
    """Living ones that came with the roster which lacks the others."""

    def __post_init__(self) -> None:
        self.by_pk = {one.pk: one for one in self.living}
        self.by_stem: dict[str, list[Place]] = defaultdict(list)
        for one in self.living:
            self.by_stem[one.stem].append(one)
        self.old: dict[int, list[Place]] = defaultdict(list)
        for one in sorted([*self.gone, *self.living], key=lambda place: place.code):
            self.old[one.township].append(one)
        self.namesakes = Counter(one.stem for one in self.gone if one.pk not in self.became)
        self.old_stems = {one.stem for one in self.gone}
        self._heirs: dict[int, Heir] = {}

    def heir(self, township: int) -> Heir:
        """Itself where the roster still has villages of it, else where most of its villages are found again."""
        if township not in self._heirs:
            self._heirs[township] = self._find_heir(township)
        return self._heirs[township]

    def _find_heir(self, township: int) -> Heir:
        members = self.old[township]
        if any(one.pk in self.by_pk for one in members):
            return Heir(township, _("同乡镇"))
        votes: dict[int, set[int]] = defaultdict(set)
        for one in members:
            if found := self.where(one):
                votes[found.township].add(one.pk)
        if not votes:
            return self._by_name(members)
        best = max(votes, key=lambda each: len(votes[each]))
        if len(votes[best]) * 2 <= sum(map(len, votes.values())):
            return Heir()
        name = next(one.township_name for one in self.living if one.township == best)
        told = {"old": members[0].township_name, "new": name, "n": len(votes[best])}
        return Heir(best, _("原%(old)s有 %(n)d 个村已在%(new)s") % told, frozenset(votes[best]))

    def _by_name(self, members: Sequence[Place]) -> Heir:
        stem = TOWNSHIP_SORT.sub("", members[0].township_name)
        found = {one.township: one.township_name for one in self.living if stem in one.township_name}
        if len(stem) < 2 or len(found) != 1:
            return Heir()
        [(township, name)] = found.items()
        return Heir(township, _("%(new)s的名称含“%(old)s”") % {"new": name, "old": stem})

    def where(self, one: Place) -> Place | None:
        """The living village that this one is, has become, or shares its name with alone."""
        if found := self.by_pk.get(one.pk) or self.by_pk.get(self.became.get(one.pk, 0)):
            return found
        named = self.by_stem[one.stem]
        return named[0] if len(named) == 1 else None


def candidates(place: Place, around: Surroundings) -> list[Candidate]:
    """At most three, the likeliest first; each village once, with its strongest reason."""
    found: dict[int, Candidate] = {}
    for one in _all_candidates(place, around):
        if one.place.pk != place.pk and one.place.pk not in found:
            found[one.place.pk] = one
    rank = list(Confidence)
    return sorted(found.values(), key=lambda one: rank.index(one.confidence))[:MOST]


def _all_candidates(place: Place, around: Surroundings) -> Iterator[Candidate]:
    heir = around.heir(place.township)
    yield from _same_name(place, around, heir)
    near = [one for one in around.living if one.township == heir.township and one.stem != place.stem]
    for one in near:
        if one.sound == place.sound:
            yield _merge(one, Confidence.MEDIUM, _("读音相同，%s") % heir.why)
    for one in near:
        if _within(place.stem, one.stem):
            yield _merge(one, Confidence.MEDIUM, _("名称一个含另一个，%s") % heir.why)
    yield from _composed(place, around, near, heir.why)
    yield from _neighbours(place, around)


def _same_name(place: Place, around: Surroundings, heir: Heir) -> Iterator[Candidate]:
    """Sure only where one village of this name is missing, and others tell where its township went."""
    named, missing = around.by_stem[place.stem], around.namesakes[place.stem]
    for one in named:
        act = Act.RECODE if missing == 1 and one.pk in around.added else Act.MERGE
        if one.township == heir.township and heir.is_known_without(place.pk):
            confidence = Confidence.HIGH if missing == 1 else Confidence.MEDIUM
            yield Candidate(one, act, confidence, _("同名，%s") % heir.why)
        elif len(named) == 1:
            yield Candidate(one, act, Confidence.MEDIUM, _("同名，全县名册中只有这一个"))
        else:
            yield Candidate(one, Act.MERGE, Confidence.LOW, _("同名，但全县名册中不止一个"))


def _within(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) > 1 and short in long


def _composed(place: Place, around: Surroundings, near: Iterable[Place], why: str) -> Iterator[Candidate]:
    """A name that nobody bore before, with a character of this village and one of a sibling: 金树 ← 金子山、团树."""
    siblings = [one for one in around.old[place.township] if one.pk != place.pk and one.pk not in around.by_pk]
    for one in near:
        if len(one.stem) != 2 or one.stem in around.old_stems:
            continue
        for mine, other in (tuple(one.stem), tuple(one.stem[::-1])):
            partner = next((each for each in siblings if other in _ends(each.stem)), None)
            if mine in _ends(place.stem) and partner:
                told = {"one": place.stem, "other": partner.stem, "why": why}
                reason = _("新名像是从“%(one)s”“%(other)s”各取一字，%(why)s") % told
                yield _merge(one, Confidence.MEDIUM, reason)
                break


def _ends(stem: str) -> str:
    return stem[:1] + stem[-1:]


def _neighbours(place: Place, around: Surroundings) -> Iterator[Candidate]:
    """Codes run along the land: the nearest villages of the old township of which one knows where they are."""
    row = around.old[place.township]
    at = row.index(place)
    known = [(abs(number - at), one, found) for number, one in enumerate(row) if (found := around.where(one))]
    for _distance, one, found in sorted(known, key=lambda each: each[0])[:MOST]:
        reason = _("只凭代码相邻（%(code)s %(name)s）") % {"name": one.stem, "code": one.code[-3:]}
        yield _merge(found, Confidence.LOW, reason)


def _merge(place: Place, confidence: Confidence, reason: str) -> Candidate:
    return Candidate(place, Act.MERGE, confidence, reason)


# ------------------------------------------------------------------------ reading

FIELDS = ("pk", "division__code", "division__name", "division__pinyin", "township_id", "township__name")


def surroundings(county: int) -> Surroundings:
    """What the signs are looked for in; three queries, whatever the county's size."""
    rows = list(Village.objects.filter(county=county).values(*FIELDS, "status", "missing_from_id", "successor_id"))
    waiting = {row["missing_from_id"] for row in rows if row["missing_from_id"] and row["status"] == "ACTIVE"}
    added = RosterChange.objects.filter(county=county, change=Change.CREATED, roster__in=waiting)
    places = {row["pk"]: _place(row) for row in rows}
    in_force = {row["pk"] for row in rows if row["status"] == VillageStatus.ACTIVE and not row["missing_from_id"]}
    step = {row["pk"]: row["successor_id"] for row in rows if row["successor_id"]}
    return Surroundings(
        living=[one for pk, one in places.items() if pk in in_force],
        gone=[one for pk, one in places.items() if pk not in in_force],
        became={pk: end_of(pk, step) for pk in step},
        added=frozenset(added.values_list("village_id", flat=True)),
    )


def _place(row: Mapping[str, Any]) -> Place:
    pk, code, name, pinyin, township, township_name = (row[key] for key in FIELDS)
    return Place(pk, code, name, pinyin, township, township_name, stem_of(name))


def suggest_successors(villages: Iterable[Village]) -> dict[int, list[Candidate]]:
    """{village: candidates} for villages that wait for a decision; each county is read once."""
    counties: dict[int, Surroundings] = {}
    found = {}
    for village in villages:
        if village.county_id not in counties:
            counties[village.county_id] = surroundings(village.county_id)
        around = counties[village.county_id]
        place = next((one for one in around.gone if one.pk == village.pk), None)
        found[village.pk] = candidates(place, around) if place else []
    return found
