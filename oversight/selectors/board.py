"""The figures of the boards: coverage, what was found, how it is being put right (A1, A2, H2).

Figures are sums of the counters that the database keeps (models.tallies), so that a page costs the same at fifty
thousand items and at five million. Each figure is that of a list with filters, and is counted with the same ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import today
from common.gather import Rows, gather
from inspections.models import AnnualPlan, ChecklistItem
from inspections.selectors import coverage as covering
from oversight.models import ContentTally, FindingTally, ItemTally, Tally
from rectification.enums import ItemStatus
from rectification.models import CountySetting, RectificationItem
from rectification.selectors.lights import AMBER_DAYS, near, past
from villages.enums import VillageClass

from .figures import Content
from .tallies import SPANS

# Days beyond the deadline: key → (label, from, to); None is without end.
AGES: dict[str, tuple[Any, int, int | None]] = {
    "7": (_("1—7 天"), 1, 7),
    "30": (_("8—30 天"), 8, 30),
    "90": (_("31—90 天"), 31, 90),
    "more": (_("90 天以上"), 91, None),
}
T = TypeVar("T", bound=Tally)
MONTHS = 12
MOST_FOUND = 8
STATES = {f"is_{status.lower()}": Q(status=status) for status in ItemStatus}


@dataclass(frozen=True)
class Asked:
    """Whose board: of the city, or of one county; of one plan year, or of all."""

    user: Any
    county: Division | None = None
    year: int | None = None

    @cached_property
    def place(self) -> Division:
        own: Division = self.user.division
        return self.county or own

    @property
    def level(self) -> str:
        """The tier below, by which the tables are cut."""
        return "county" if self.place.tier == Tier.CITY else "township"


class Point(NamedTuple):
    code: str
    name: str
    aspect_code: str
    aspect: str


class Listed(NamedTuple):
    """A checklist item, in one version of the checklist."""

    pk: int
    code: str
    text: str
    point_code: str
    point_name: str
    aspect_code: str
    aspect: str

    @property
    def point(self) -> Point:
        return Point(*self[3:])


class Place(NamedTuple):
    pk: int
    name: str


class Often(NamedTuple):
    """A checklist item and how often it was found."""

    code: str
    text: str
    findings: int


Counts = Mapping[str, int]


@dataclass
class Figures:
    """What a board shows; `states` holds for each place the columns of `_counted`."""

    asked: Asked
    places: list[Place]
    years: list[int]
    points: list[Point]
    found: dict[tuple[int, str], int]
    often: list[Often]
    states: dict[int, dict[str, int]]
    months: list[str]
    assigned: Counts
    closed: Counts
    ledger: covering.Ledger | None
    content: Mapping[int, Content]
    exact: bool  # may the reader be told what few villagers said?
    sums: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        totals: dict[str, int] = defaultdict(int)
        for row in self.states.values():
            for key, value in row.items():
                totals[key] += value
        self.sums = totals

    @cached_property
    def standing(self) -> list[covering.Standing]:
        return self.ledger.standing(self.ledger.last_day) if self.ledger else []

    @cached_property
    def done(self) -> dict[int, date]:
        return self.ledger.covered(self.ledger.last_day) if self.ledger else {}

    @cached_property
    def coverage(self) -> covering.Coverage | None:
        return covering.tally(self.ledger) if self.ledger else None

    @cached_property
    def by_class(self) -> dict[tuple[int | None, str | None], tuple[int, int]]:
        """(place or None for all, class or None for none yet) → (covered, standing); class "" is all classes."""
        found: dict[tuple[int | None, str | None], list[int]] = defaultdict(lambda: [0, 0])
        for one in self.standing:
            for key in self._keys(one):
                found[key][0] += one.pk in self.done
                found[key][1] += 1
        return {key: (done, total) for key, (done, total) in found.items()}

    def _keys(self, one: covering.Standing) -> Iterable[tuple[int | None, str | None]]:
        place = one.county if self.asked.level == "county" else one.township
        klass = one.klass or None
        return ((place, klass), (place, ""), (None, klass), (None, ""))

    @property
    def took_on_average(self) -> float | None:
        return self.sums["took_days"] / self.sums["is_closed"] if self.sums["is_closed"] else None


CLASSES: tuple[str | None, ...] = (*VillageClass.values, None)


def figures(asked: Asked) -> Figures:
    """Two statements: the counties' amber days, then everything else."""
    amber = dict(CountySetting.objects.exclude(amber_days=AMBER_DAYS).values_list("county_id", "amber_days"))
    rows = gather(_parts(asked, amber))
    columns = list(_counted(today(), amber))
    states = {row[0]: dict(zip(columns, map(_whole, row[1:]), strict=True)) for row in rows["items"]}
    listed = [Listed(*row) for row in rows["checklist"]]
    found, often = _by_checklist(rows["found"], listed)
    ledger = covering.ledger_of(rows)
    seen = {*states, *(place for place, _point in found), *_standing_places(asked, ledger)}
    months = _months(today())
    return Figures(
        asked,
        places=[Place(*row) for row in rows["places"] if row[0] in seen],
        years=sorted(year for (year,) in rows["years"]),
        points=list({one.point.code: one.point for one in listed}.values()),
        found=found,
        often=often,
        states=states,
        months=months,
        assigned=_by_month(rows["assigned"], months),
        closed=_by_month(rows["closed_in"], months),
        ledger=ledger,
        content={place: Content(*counts) for place, *counts in rows["polled"]},
        exact=bool(policy.may(asked.user, "count", RectificationItem)),
    )


def _parts(asked: Asked, amber: Mapping[int, int]) -> "dict[str, QuerySet[Any]]":
    county = asked.place.pk if asked.level == "township" else None
    items, findings = _tallied(ItemTally, asked), _tallied(FindingTally, asked)
    place, since = f"{asked.level}_id", date.fromisoformat(f"{_months(today())[0]}-01")
    counted = items.values(place).annotate(**_counted(today(), amber))
    all_years = _tallied(FindingTally, Asked(asked.user, asked.county)).filter(year=OuterRef("year"), n__gt=0)
    found = findings.values(place, "checklist_item_id").annotate(sum_n=Sum("n"))
    checklist = ChecklistItem.objects.order_by("aspect_code", "point_code", "pk")
    return covering.parts(asked.user, county) | {
        "places": asked.place.children.order_by("code").values_list("pk", "name"),
        "years": AnnualPlan.objects.filter(Exists(all_years)).order_by().values_list("year").distinct(),
        "items": counted.filter(total__gt=0).values_list(place, *_counted(today(), amber)),
        "found": found.filter(sum_n__gt=0).values_list(place, "checklist_item_id", "sum_n"),
        "checklist": checklist.values_list("pk", "code", "text", "point_code", "point", "aspect_code", "aspect"),
        "assigned": _flow(items, "assigned", since),
        "closed_in": _flow(items, "closed", since),
        "polled": _polled(_tallied(ContentTally, asked), place),
    }


def _by_checklist(rows: Rows, listed: Iterable[Listed]) -> tuple[dict[tuple[int, str], int], list[Often]]:
    """Findings by place and point, and the items found most often, whatever version of the checklist they stand in."""
    known = {one.pk: one for one in listed}
    found: dict[tuple[int, str], int] = defaultdict(int)
    by_code: Counter[str] = Counter()
    for place, pk, n in rows:
        found[place, known[pk].point.code] += n
        by_code[known[pk].code] += n
    texts = {one.code: one.text for one in listed}
    most = sorted(by_code.items(), key=lambda one: (-one[1], one[0]))[:MOST_FOUND]
    return dict(found), [Often(code, texts[code], n) for code, n in most]


def _flow(items: "QuerySet[ItemTally]", month: str, since: date) -> "QuerySet[Any]":
    rows: Any = items.filter(**{f"{month}__gte": since}).values(month).annotate(sum_n=Sum("n"))
    found: QuerySet[Any] = rows.values_list(month, "sum_n")
    return found


def _polled(rows: "QuerySet[ContentTally]", place: str) -> "QuerySet[Any]":
    told = {f"sum_{name}": Sum(name) for name in ContentTally.SUMS}
    found: Any = rows.values(place).annotate(**told).filter(sum_n__gt=0)
    return found.values_list(place, *told)  # type: ignore[no-any-return]


def _tallied(tally: "type[T]", asked: Asked) -> "QuerySet[T]":
    rows: QuerySet[T] = policy.visible(asked.user, tally._default_manager.order_by())
    return rows.filter(**_narrowed(asked))


def _narrowed(asked: Asked) -> dict[str, Any]:
    given = {"county_id": asked.county and asked.county.pk, "year": asked.year}
    return {key: value for key, value in given.items() if value}


def aged(key: str, day: date) -> tuple[date | None, date]:
    """First and last deadline of what is as long overdue as `key` of AGES says."""
    _label, first, last = AGES[key]
    return (None if last is None else day - timedelta(days=last)), day - timedelta(days=first)


def _counted(day: date, amber: Mapping[int, int]) -> dict[str, Any]:
    """Columns of one place: all, by state, due soon, overdue by age, closed by days taken. Each asks one facet."""
    asked = {"total": Q(status__isnull=False), **STATES, "amber": near(day, amber), "overdue": past(day)}
    for key in AGES:
        first, last = aged(key, day)
        asked[f"age_{key}"] = Q(deadline__range=(first, last)) if first else Q(deadline__lte=last)
    asked |= {f"took_{key}": Q(span=number) for key, number in SPANS.items()}
    found = {name: Sum("n", filter=where) for name, where in asked.items()}
    return found | {"took_days": Sum("days", filter=Q(span__isnull=False))}


def _whole(value: Any) -> int:
    return int(float(value or 0))


def _standing_places(asked: Asked, ledger: covering.Ledger | None) -> set[int]:
    if ledger is None:
        return set()
    return {getattr(one, asked.level) for one in ledger.standing(ledger.last_day)}


def _months(day: date) -> list[str]:
    """The last twelve, this one included: 2025-12 … 2026-11."""
    last = day.year * 12 + day.month - 1
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in range(last - MONTHS + 1, last + 1)]


def _by_month(rows: Rows, months: list[str]) -> Counts:
    counted = {month[:7]: n for month, n in rows}
    return {month: counted.get(month, 0) for month in months}
