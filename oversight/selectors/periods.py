"""The places of a city or county over a period: coverage and rectification (A1, A2, F3, G4).

Everything as it stood on the period's last day, as far as the rows tell: an item that was reopened since counts as
open, one whose deadline was moved counts by the new one.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import today
from common.gather import gather
from inspections.selectors import coverage as covering
from rectification.enums import ItemStatus
from rectification.models import RectificationItem
from rectification.selectors.spans import kept

from .figures import Share


@dataclass(frozen=True)
class Row:
    """One place (or all together). Villages and items; percentages are None where there is nothing to divide by."""

    place: int | None
    name: str
    villages: int = 0  # standing on the last day
    covered: int = 0  # inspected in the term by then
    newly: int = 0  # of them first within the period
    total: int = 0  # items assigned by the last day
    closed: int = 0  # of them closed by then
    assigned: int = 0  # within the period
    closed_in: int = 0  # within the period
    due: int = 0  # whose deadline lies in the period, closed or overdue today
    on_time: int = 0  # of them closed by their deadline
    overdue: int = 0  # open on the last day, the deadline before it

    @property
    def coverage(self) -> float | None:
        return Share(self.covered, self.villages).percent

    @property
    def closure(self) -> float | None:
        return Share(self.closed, self.total).percent

    @property
    def punctual(self) -> float | None:
        return Share(self.on_time, self.due).percent


VILLAGES = ("villages", "covered", "newly")


def counts(first: date, last: date) -> dict[str, Any]:
    """Columns of items, to be grouped by whatever is asked: place, checklist item."""
    closed = Q(status=ItemStatus.CLOSED, closed_at__date__lte=last)
    in_time, late = kept("yes", today()), kept("no", today())
    due = Q(deadline__range=(first, last))
    asked = {
        "total": Q(),
        "closed": closed,
        "assigned": Q(assigned_on__gte=first),
        "closed_in": closed & Q(closed_at__date__gte=first),
        "due": due & (in_time | late),
        "on_time": due & in_time,
        "overdue": Q(deadline__lt=last) & ~closed,
    }
    return {name: Count("pk", filter=where) if where else Count("pk") for name, where in asked.items()}


def of_places(user: Any, place: Division, first: date, last: date) -> list[Row]:
    """The counties of a city, or the townships of a county, by code, as far as `user` sees them. One statement.

    `last` is not later than today. Places that have neither villages nor items are left out.
    """
    level = "county" if place.tier == Tier.CITY else "township"
    columns = counts(first, last)
    rows = gather(
        covering.parts(user, None if level == "county" else place.pk)
        | {
            "places": place.children.order_by("code").values_list("pk", "name"),
            "items": items_of(user, place, last)
            .values(f"{level}_id")
            .annotate(**columns)
            .values_list(f"{level}_id", *columns),
        }
    )
    known = {pk: dict(zip(columns, numbers, strict=True)) for pk, *numbers in rows["items"]}
    villages = _villages(covering.ledger_of(rows, last), level, first, last)
    return [
        Row(pk, name, **villages.get(pk, {}), **known.get(pk, {}))
        for pk, name in rows["places"]
        if pk in villages or pk in known
    ]


def together(rows: Iterable[Row], name: str) -> Row:
    """The sum, named."""
    sums: Counter[str] = Counter()
    for row in rows:
        sums.update({key: value for key, value in vars(row).items() if key not in ("place", "name")})
    return Row(None, name, **sums)


def items_of(user: Any, place: Division, last: date) -> "QuerySet[RectificationItem]":
    """Items assigned in the place by that day, as far as `user` sees them."""
    where = {"county__parent": place} if place.tier == Tier.CITY else {"county": place}
    return policy.visible(user, RectificationItem.objects.filter(assigned_on__lte=last, **where)).order_by()


def _villages(ledger: "covering.Ledger | None", level: str, first: date, last: date) -> dict[int, dict[str, int]]:
    if ledger is None:
        return {}
    found: dict[int, dict[str, int]] = {}
    day = min(last, ledger.term.ends_on)
    done = ledger.covered(day)
    for one in ledger.standing(day):
        row = found.setdefault(getattr(one, level), dict.fromkeys(VILLAGES, 0))
        row["villages"] += 1
        if covered := done.get(one.pk):
            row["covered"] += 1
            row["newly"] += covered >= first
    return found
