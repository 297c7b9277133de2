"""By when a village of each class is due within a term, and a plan's rounds: one rule for all who ask (A1)."""

from datetime import date

from inspections.models import Term
from villages.enums import VillageClass


def due_on(term: Term, klass: str | None) -> date:
    """Key-focus villages by the middle of the term, risk villages before its last year, all others by its end."""
    if klass == VillageClass.KEY_FOCUS:
        return term.starts_on + (term.ends_on - term.starts_on) / 2
    if klass == VillageClass.RISK:
        return max(date(term.ends_on.year - 1, 12, 31), min(term.starts_on.replace(month=12, day=31), term.ends_on))
    return term.ends_on


def years_in_time(term: Term, klass: str | None, year: int) -> int:
    """How many plans from this year's on still reach such a village in time; 0 when it is too late."""
    return max(due_on(term, klass).year - year + 1, 0)


def round_window(year: int) -> tuple[date, date]:
    """Between which days the rounds of that year's plan lie: the year with a quarter before and after it."""
    return date(year - 1, 10, 1), date(year + 1, 3, 31)


def first_year_to_open(day: date) -> int:
    """The earliest year whose plan can still open a round on that day."""
    return day.year - 1 if day <= round_window(day.year - 1)[1] else day.year
