"""Coverage of the term: which of today's villages have been inspected, in a ledger that survives mergers (A1, A2).

Denominator: active villages. Numerator: active villages of which an inspection was closed in the term, themselves or
through a village that has been merged into them; each counts once, in the year of its first closed inspection.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import today
from inspections.enums import Stage
from inspections.models import Inspection, Term
from villages.enums import VillageClass, VillageStatus
from villages.models import Village


@dataclass
class Line:
    """One line of the coverage table."""

    label: str
    total: int = 0
    done: int = 0
    goal: int | None = None
    key: Any = None

    @property
    def pct(self) -> float | None:
        return self.done / self.total * 100 if self.total else None

    @property
    def behind(self) -> bool:
        return self.goal is not None and self.pct is not None and self.pct < self.goal


@dataclass
class Coverage:
    term: Term
    whole: Line
    by_year: list[Line] = field(default_factory=list)
    by_class: list[Line] = field(default_factory=list)
    by_division: list[Line] = field(default_factory=list)
    level: str = "county"


def current_term(city_id: int | None, day: date | None = None) -> Term | None:
    day = day or today()
    rows = Term.objects.filter(city_id=city_id) if city_id else Term.objects.all()
    return rows.filter(starts_on__lte=day).order_by("-starts_on").first() or rows.order_by("starts_on").first()


def successors() -> dict[int, int]:
    """Village → the village it has become, chains followed to their end."""
    return ends_of(dict(Village.objects.filter(successor__isnull=False).values_list("pk", "successor_id")))


def ends_of(step: Mapping[int, int]) -> dict[int, int]:
    return {start: _end(start, step) for start in step}


def _end(start: int, step: Mapping[int, int]) -> int:
    seen = {start}
    while (following := step.get(start)) is not None and following not in seen:
        seen.add(following)
        start = following
    return start


def covered_on(term: Term, county_id: int | None = None) -> dict[int, date]:
    """Village (as it exists today) → the day on which it was first covered in the term."""
    rows = Inspection.objects.filter(round__plan__term=term, status=Stage.CLOSED)
    if county_id:
        rows = rows.filter(county_id=county_id)
    closed = rows.values("village_id").annotate(day=Min("closed_on")).values_list("village_id", "day")
    return first_days(closed, successors())


def first_days(closed: Iterable[tuple[int, date]], into: Mapping[int, int]) -> dict[int, date]:
    """Village as it exists today → its first day, from (village as it was, day) and who became whom."""
    found: dict[int, date] = {}
    for village, day in closed:
        today_id = into.get(village, village)
        found[today_id] = min(day, found.get(today_id, day))
    return found


def active_villages(user: Any) -> QuerySet[Village]:
    return policy.visible(user, Village.objects.filter(status=VillageStatus.ACTIVE))


def coverage(term: Term, user: Any, *, county_id: int | None = None, township_id: int | None = None) -> Coverage:
    """The ledger for what `user` may see, narrowed to a county or township: whole, by year, class and division."""
    rows = active_villages(user)
    rows = rows.filter(county_id=county_id) if county_id else rows
    rows = rows.filter(township_id=township_id) if township_id else rows
    villages = list(rows.values_list("pk", "county_id", "township_id", "klass", "division__name"))
    done = covered_on(term)
    goals = dict(term.targets.values_list("year", "percent"))
    found = tally(term, villages, done, goals)
    found.level = "village" if township_id else "township" if county_id or _one_county(villages) else "county"
    found.by_division = _by_division(villages, done, found.level)
    return found


def tally(term: Term, villages: list[tuple[Any, ...]], done: Mapping[int, date], goals: Mapping[int, int]) -> Coverage:
    """Whole, by year and by class from rows (village, county, township, class, name) that somebody has read."""
    goal = goals.get(min(max(today().year, min(goals, default=0)), max(goals, default=0)))
    days = [done[one[0]] for one in villages if one[0] in done]
    whole = Line(str(term), len(villages), len(days), goal)
    return Coverage(term, whole, by_year=_by_year(term, days, len(villages), goals), by_class=_by_class(villages, done))


def _by_year(term: Term, days: list[date], total: int, goals: Mapping[int, int]) -> list[Line]:
    """Cumulative at the end of each year, the target beside it; years to come have no figure yet."""
    years = range(term.starts_on.year, min(term.ends_on.year, today().year) + 1)
    return [Line(str(year), total, sum(day.year <= year for day in days), goals.get(year), year) for year in years]


def _by_class(villages: Iterable[tuple[Any, ...]], done: Mapping[int, date]) -> list[Line]:
    lines = _gather(villages, done, lambda one: one[3])
    labels = dict(VillageClass.choices)
    order = [*VillageClass.values, None]
    for key, line in lines.items():
        line.label = str(labels.get(key, _("未分类")))
    return [lines[key] for key in order if key in lines]


def _one_county(villages: list[tuple[Any, ...]]) -> bool:
    return len({one[1] for one in villages}) == 1


COLUMN = {"village": 0, "county": 1, "township": 2}


def _by_division(villages: list[tuple[Any, ...]], done: Mapping[int, date], level: str) -> list[Line]:
    """One tier below what is looked at: counties, townships or villages; those furthest behind first."""
    lines = _gather(villages, done, lambda one: one[COLUMN[level]])
    if level == "village":
        names = {one[0]: one[4] for one in villages}
    else:
        names = dict(Division.objects.filter(pk__in=lines).values_list("pk", "name"))
    for key, line in lines.items():
        line.label = names[key]
    return sorted(lines.values(), key=lambda one: (one.pct or 0, one.label))


def _gather(
    villages: Iterable[tuple[Any, ...]], done: Mapping[int, date], key_of: Callable[[tuple[Any, ...]], Any]
) -> dict[Any, Line]:
    lines: dict[Any, Line] = {}
    for one in villages:
        line = lines.setdefault(key_of(one), Line("", key=key_of(one)))
        line.total += 1
        line.done += one[0] in done
    return lines


def city_of(user: Any) -> int | None:
    """The city above (or of) the user's division; None for a lone tree."""
    place = user.organ.division
    while place is not None and place.tier != Tier.CITY:
        place = place.parent
    return place.pk if place else None
