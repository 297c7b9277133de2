"""How far items came, in which month they moved and how long it took: one meaning for ledger and boards (H2)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rectification.enums import ItemStatus

from .lights import overdue

# Days from the handover to 销号: key → (label, from, to); None is without end.
TOOK: dict[str, tuple[Any, int, int | None]] = {
    "30": (_("30 天以内"), 0, 30),
    "60": (_("31—60 天"), 31, 60),
    "90": (_("61—90 天"), 61, 90),
    "180": (_("91—180 天"), 91, 180),
    "more": (_("180 天以上"), 181, None),
}
MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


def took(key: str) -> Q:
    """Closed items that took as long as `key` of TOOK says."""
    _label, first, last = TOOK[key]
    asked = Q(status=ItemStatus.CLOSED, closed_at__date__gte=F("assigned_on") + timedelta(days=first))
    return asked if last is None else asked & Q(closed_at__date__lte=F("assigned_on") + timedelta(days=last))


def kept(answer: str, day: date) -> Q:
    """Closed by the deadline ("yes"), or closed after it or overdue on `day` ("no"); without a deadline neither."""
    closed = Q(status=ItemStatus.CLOSED)
    if answer == "yes":
        return closed & Q(closed_at__date__lte=F("deadline"))
    return (closed & Q(closed_at__date__gt=F("deadline"))) | overdue(day)


def reached(status: str) -> Q:
    """Items that stand at this step or have passed it."""
    steps = ItemStatus.values
    return Q(status__in=steps[steps.index(status) :])


def within(month: str) -> tuple[date, date]:
    """First and last day of "2026-03"."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])
