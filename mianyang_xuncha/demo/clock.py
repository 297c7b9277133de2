"""Telling a story that began a year ago: the demo acts on days gone by, through the services of today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest import mock

from django.utils import timezone

from common.calendar import today  # noqa: F401  the day as it is told

MORNING = time(9, 30)
real_now = timezone.now


def day(days_ago: int) -> date:
    """So many days before the real today, also while it is told as another day."""
    return timezone.localtime(real_now()).date() - timedelta(days=days_ago)


def year() -> int:
    """The year that is told of last: until 20 January the one just over, whose rounds began within a quarter of it."""
    return day(20).year


@contextmanager
def on(when: date, hour: time = MORNING) -> Iterator[None]:
    """Within the block it is that day; times of one day go on by a minute a call, so that the trail has an order."""
    start = timezone.make_aware(datetime.combine(when, hour))
    ticks = iter(range(10**9))
    real_now = timezone.now()

    def now() -> datetime:
        return min(start + timedelta(seconds=7 * next(ticks)), real_now)

    with mock.patch.object(timezone, "now", now):
        yield
