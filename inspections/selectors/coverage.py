"""Coverage of the term: which villages have been inspected, in a ledger that survives mergers (A1, A2).

Every figure is taken on a day: the last of the year it stands for, at most the term's last day, at most today.

* Denominator of a day: the villages that stand on it, those with `valid_from` not later (or none: since ever) and
  `valid_to` later (or none: still there). A village that has been merged or withdrawn counts on every day before.
* Numerator of a day: those of them of which an inspection of the term was closed by that day, themselves or through
  a village that had become them by that day, over any number of steps. Each counts once, from the first closing.
* An inspection counts for the village where it began, also when it was closed at the successor.

So a merger that takes effect later moves no figure of an earlier year; one that is decided late, with an earlier
effective date, moves the years from that date on, because that is when the villages changed. Place and class are
those of today: a village that moved to another township or county takes its past along, and the city's sum stays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import today
from common.gather import Rows
from inspections.enums import Stage
from inspections.models import Inspection, Term, TermTarget
from villages.enums import VillageClass
from villages.followers import end_of
from villages.models import Village

from .forecast import forecast, outlook
from .remarks import Remark


@dataclass
class Line:
    """One line of the coverage table."""

    label: str
    total: int = 0
    done: int = 0
    goal: int | None = None
    key: Any = None
    outlook: str = ""  # at the present pace
    short: bool = False

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
    forecast: list[Remark] = field(default_factory=list)


def current_term(city_id: int | None, day: date | None = None) -> Term | None:
    day = day or today()
    rows = Term.objects.filter(city_id=city_id) if city_id else Term.objects.all()
    return rows.filter(starts_on__lte=day).order_by("-starts_on").first() or rows.order_by("starts_on").first()


class Standing(NamedTuple):
    """A village with the span in which it stands; ended ones too."""

    pk: int
    county: int
    township: int
    klass: str | None
    name: str
    since: date | None
    until: date | None

    def stands_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or self.until > day)


STANDING = ("pk", "county_id", "township_id", "klass", "division__name", "valid_from", "valid_to")
Closing = tuple[int, date]
"""A village as it was, and the day on which an inspection of it was first closed."""
Step = tuple[int, int, date]
"""A village, what it became, and since when."""


def ever(user: Any) -> "QuerySet[Village]":
    """The villages of the user's place, of others all that they may see; those that have ended as well."""
    return policy.visible(user, Village.objects.all(), "tally" if policy.may(user, "tally", Village) else "view")


def closings(rows: "QuerySet[Inspection]") -> "QuerySet[Any]":
    """Of closed inspections among `rows`: term, village where they began, first day of closing (`day`)."""
    began = rows.filter(status=Stage.CLOSED).annotate(began=Coalesce("origin_id", "village_id"))
    return began.values("round__plan__term_id", "began").annotate(day=Min("closed_on")).order_by()


def steps() -> "QuerySet[Any]":
    """(village, successor, since) of all that have become another one."""
    return Village.objects.filter(successor__isnull=False).values_list("pk", "successor_id", "valid_to")


def first_days(closed: Iterable[Closing], taken: Iterable[Step], on: date) -> dict[int, date]:
    """Village as it stands on the day → the day on which it was first covered."""
    into = {village: successor for village, successor, since in taken if since <= on}
    found: dict[int, date] = {}
    for village, day in closed:
        if day <= on:
            standing = end_of(village, into)
            found[standing] = min(day, found.get(standing, day))
    return found


def covered_on(term: Term, county_id: int | None = None) -> dict[int, date]:
    """Village (as it exists today) → the day on which it was first covered in the term."""
    rows = Inspection.objects.filter(round__plan__term=term)
    if county_id:
        rows = rows.filter(county_id=county_id)
    return first_days(closings(rows).values_list("began", "day"), steps(), today())


@dataclass
class Ledger:
    """What was read of a term: villages as they ever stood, closings, mergers; figures of any day."""

    term: Term
    villages: Sequence[Standing]
    closed: Sequence[Closing]
    taken: Sequence[Step]
    goals: Mapping[int, int]

    def day_of(self, year: int) -> date:
        return min(date(year, 12, 31), self.term.ends_on, today())

    @property
    def last_day(self) -> date:
        return min(self.term.ends_on, today())

    def standing(self, day: date) -> list[Standing]:
        return [one for one in self.villages if one.stands_on(day)]

    def covered(self, day: date) -> dict[int, date]:
        return first_days(self.closed, self.taken, day)


def parts(user: Any, county_id: int | None = None) -> "dict[str, QuerySet[Any]]":
    """What `ledger_of` is made from, to be fetched in one statement with what else a page reads (common.gather)."""
    city, villages, inspected = city_of(user), ever(user), Inspection.objects.all()
    if policy.may(user, "count", Inspection):
        inspected = policy.visible(user, inspected, "count")
    if county_id:
        villages, inspected = villages.filter(county_id=county_id), inspected.filter(county_id=county_id)
    targets = TermTarget.objects.filter(term__city_id=city).order_by("year")
    return {
        "terms": Term.objects.filter(city_id=city).values_list("pk", "name", "starts_on", "ends_on"),
        "targets": targets.values_list("term_id", "year", "percent"),
        "villages": villages.values_list(*STANDING),
        "closed": closings(inspected).values_list("round__plan__term_id", "began", "day"),
        "merged": steps(),
    }


def standings(rows: Rows) -> list[Standing]:
    """The villages of `parts`, as they ever stood."""
    return [Standing(*row[:5], *(one and date.fromisoformat(one) for one in row[5:])) for row in rows]


def ledger_of(found: Mapping[str, Rows], on: date | None = None) -> Ledger | None:
    """The ledger of the term around that day (today, unless given), or of the first one to come, from what `parts`
    fetched: a year is still told by its own term when the next one has begun."""
    day, on = date.fromisoformat, on or today()
    terms = [Term(pk=pk, name=name, starts_on=day(a), ends_on=day(b)) for pk, name, a, b in found["terms"]]
    begun = [one for one in terms if one.starts_on <= on]
    term = max(begun, key=_start, default=None) or min(terms, key=_start, default=None)
    if term is None:
        return None
    return Ledger(
        term,
        villages=standings(found["villages"]),
        closed=[(village, day(on)) for its_term, village, on in found["closed"] if its_term == term.pk],
        taken=[(village, successor, day(since)) for village, successor, since in found["merged"]],
        goals={year: percent for its_term, year, percent in found["targets"] if its_term == term.pk},
    )


def _start(term: Term) -> date:
    return term.starts_on


def coverage(
    term: Term, user: Any, *, county_id: int | None = None, township_id: int | None = None, level: str = ""
) -> Coverage:
    """The ledger for what `user` may see, narrowed to a county or township: whole, by year, class and division.

    By division is one tier below what is looked at, unless `level` says county, township or village.

    By class only those villages are told whose class the user may see: a team's members see it of the team's alone.
    """
    rows = ever(user)
    rows = rows.filter(county_id=county_id) if county_id else rows
    rows = rows.filter(township_id=township_id) if township_id else rows
    classed = set(policy.visible(user, rows, "view_class").values_list("pk", flat=True))
    ledger = Ledger(
        term,
        villages=[Standing(*row) for row in rows.values_list(*STANDING)],
        closed=list(closings(Inspection.objects.filter(round__plan__term=term)).values_list("began", "day")),
        taken=list(steps()),
        goals=dict(term.targets.values_list("year", "percent")),
    )
    found = tally(ledger)
    villages, done = ledger.standing(ledger.last_day), ledger.covered(ledger.last_day)
    known = [one for one in villages if one.pk in classed]
    found.by_class = _by_class(known, done)
    found.forecast = forecast(term, villages, done, ledger.goals, known)
    found.level = level or (
        "village" if township_id else "township" if county_id or _one_county(villages) else "county"
    )
    found.by_division = _by_division(villages, done, found.level)
    if found.level == "county":
        _look_ahead(term, found.by_division, villages, done)
    return found


def _look_ahead(term: Term, lines: Iterable[Line], villages: Iterable[Standing], done: Mapping[int, date]) -> None:
    """Say beside each county when it will be through, or how many villages it will owe at the term's end (A1)."""
    own: dict[int, list[Standing]] = {}
    for one in villages:
        own.setdefault(one.county, []).append(one)
    for line in lines:
        line.outlook, line.short = outlook(term, own[line.key], done)


def tally(ledger: Ledger) -> Coverage:
    """Whole and by class on the last day, by year on each year's."""
    goals = ledger.goals
    villages, done = ledger.standing(ledger.last_day), ledger.covered(ledger.last_day)
    goal = goals.get(min(max(today().year, min(goals, default=0)), max(goals, default=0)))
    whole = Line(str(ledger.term), len(villages), sum(one.pk in done for one in villages), goal)
    return Coverage(
        ledger.term,
        whole,
        by_year=_by_year(ledger),
        by_class=_by_class(villages, done),
        forecast=forecast(ledger.term, villages, done, goals, villages),
    )


def _by_year(ledger: Ledger) -> list[Line]:
    """Cumulative at the end of each year, the target beside it; years to come have no figure yet."""
    term, lines = ledger.term, []
    for year in range(term.starts_on.year, min(term.ends_on.year, today().year) + 1):
        day = ledger.day_of(year)
        villages, done = ledger.standing(day), ledger.covered(day)
        covered = sum(one.pk in done for one in villages)
        lines.append(Line(str(year), len(villages), covered, ledger.goals.get(year), year))
    return lines


def _by_class(villages: Iterable[Standing], done: Mapping[int, date]) -> list[Line]:
    lines = _gather(villages, done, lambda one: one.klass)
    labels = dict(VillageClass.choices)
    order = [*VillageClass.values, None]
    for key, line in lines.items():
        line.label = str(labels.get(key, _("未分类")))
    return [lines[key] for key in order if key in lines]


def _one_county(villages: Sequence[Standing]) -> bool:
    return len({one.county for one in villages}) == 1


COLUMN = {"village": "pk", "county": "county", "township": "township"}


def _by_division(villages: Sequence[Standing], done: Mapping[int, date], level: str) -> list[Line]:
    """One tier below what is looked at: counties, townships or villages; those furthest behind first."""
    lines = _gather(villages, done, attrgetter(COLUMN[level]))
    if level == "village":
        names = {one.pk: one.name for one in villages}
    else:
        names = dict(Division.objects.filter(pk__in=lines).values_list("pk", "name"))
    for key, line in lines.items():
        line.label = names[key]
    return sorted(lines.values(), key=lambda one: (one.pct or 0, one.label))


def _gather(
    villages: Iterable[Standing], done: Mapping[int, date], key_of: Callable[[Standing], Any]
) -> dict[Any, Line]:
    lines: dict[Any, Line] = {}
    for one in villages:
        line = lines.setdefault(key_of(one), Line("", key=key_of(one)))
        line.total += 1
        line.done += one.pk in done
    return lines


def city_of(user: Any) -> int | None:
    """The city above (or of) the user's division; None for a lone tree."""
    place = user.organ.division
    while place is not None and place.tier != Tier.CITY:
        place = place.parent
    return place.pk if place else None
