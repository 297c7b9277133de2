"""Days as the offices count them: Asia/Shanghai, the State Council's working days, months to the same date."""

import calendar as months
from datetime import date, timedelta

import chinese_calendar
from django.utils import timezone

from .enums import Unit


def today() -> date:
    return timezone.localdate()


def published(year: int) -> bool:
    """Is the official calendar (holidays and make-up days) of this year known?"""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_workday(day: date) -> bool:
    """Override table first, then the official calendar, else Monday to Friday."""
    return _overrides(day, day).get(day, official(day))


def official(day: date) -> bool:
    """By the State Council's calendar, or Monday to Friday where it is not known yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def _overrides(first: date, last: date) -> dict[date, bool]:
    from .models import WorkdayOverride

    return dict(WorkdayOverride.objects.filter(day__range=(first, last)).values_list("day", "is_workday"))


def working_days_after(start: date, count: int) -> date:
    """The day `count` working days after `start` (the start itself does not count)."""
    overrides = _overrides(start, start + timedelta(days=count * 3 + 30))
    day = start
    while count:
        day += timedelta(days=1)
        count -= overrides.get(day, official(day))
    return day


def months_after(start: date, count: int) -> date:
    """The same day of the month `count` months later, or that month's last day."""
    index = start.year * 12 + start.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def after(start: date, amount: int, unit: str) -> date:
    """`start` plus `amount` of `unit` (DAY, WORKING_DAY, MONTH)."""
    if unit == Unit.WORKING_DAY:
        return working_days_after(start, amount)
    return months_after(start, amount) if unit == Unit.MONTH else start + timedelta(days=amount)
