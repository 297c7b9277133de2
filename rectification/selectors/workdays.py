"""The working-day calendar of a year as a person reads it."""

from dataclasses import dataclass
from datetime import date, timedelta

from common import calendar
from common.models import WorkdayOverride


@dataclass(frozen=True)
class Exceptional:
    """A day that is not what its weekday says: a weekday off, or a weekend day that is worked."""

    day: date
    is_workday: bool
    note: str
    by_city: bool


def year_of(year: int) -> list[Exceptional]:
    """All exceptional days of the year, and whatever the city has entered, in order; one query."""
    entered = {one.day: one for one in WorkdayOverride.objects.filter(day__year=year)}
    first = date(year, 1, 1)
    found = []
    for day in (first + timedelta(days=n) for n in range(366)):
        if day.year != year:
            continue
        mine = entered.get(day)
        works = mine.is_workday if mine else calendar.official(day)
        if mine or works != (day.weekday() < 5):
            found.append(Exceptional(day, works, mine.note if mine else "", mine is not None))
    return found
