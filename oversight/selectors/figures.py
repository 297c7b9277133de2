"""What places are compared by, with one meaning for boards, assessments and circulars (G3, G4, H2).

Each function takes rows that the caller has narrowed (to what the reader may see, to a year, to those due in a
period) and counts them by place ("county" or "township") in one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from common.small_counts import blurred, cut
from inspections.selectors import coverage as covering
from rectification.enums import ItemStatus
from rectification.models import RectificationItem, SatisfactionCount
from rectification.selectors.spans import kept


@dataclass(frozen=True)
class Share:
    """`part` of `whole` rows."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> float | None:
        return self.part * 100 / self.whole if self.whole else None


@dataclass(frozen=True)
class Rectified:
    """Items of a place: all, closed, closed by their deadline."""

    total: int = 0
    closed: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Content:
    """满意度 of a place: about how many items villagers were asked, how many answered, how many were content."""

    items: int = 0
    asked: int = 0
    content: int = 0

    def percent(self, exact: bool) -> float | None:
        """Of those asked; unless `exact`, from the numbers that a reader outside the office may be told, so that
        fewer than SMALL_COUNT who were not content do not show, and fewer than that who were asked give no figure."""
        asked, bad = self.asked, self.asked - self.content
        if not exact:
            asked, bad = cut(asked), cut(bad)
        return (asked - bad) * 100 / asked if asked else None

    def told(self, exact: bool) -> str:
        """How many were asked, as this reader may be told."""
        return str(self.asked) if exact else blurred(self.asked)


def rectified(rows: "QuerySet[RectificationItem]", level: str, day: date) -> dict[int, Rectified]:
    """Place → its items on `day`."""
    told = {
        "total": Count("pk"),
        "closed": Count("pk", filter=Q(status=ItemStatus.CLOSED)),
        "kept": Count("pk", filter=kept("yes", day)),
    }
    found: Any = rows.order_by().values_list(f"{level}_id").annotate(**told)
    return {place: Rectified(*counts) for place, *counts in found}


def polled(rows: "QuerySet[RectificationItem]", level: str) -> "QuerySet[Any]":
    """(place, items, asked, content) of the present attempts of `rows`; also for common.gather."""
    polls = SatisfactionCount.objects.filter(item__in=rows.order_by(), attempt=F("item__attempt"))
    counted: Any = polls.order_by().values(f"item__{level}_id")
    told = {"items": Count("item_id", distinct=True), "n": Sum("asked"), "good": Sum(F("satisfied") + F("fair"))}
    found: QuerySet[Any] = counted.annotate(**told).values_list(f"item__{level}_id", *told)
    return found


def content(rows: "QuerySet[RectificationItem]", level: str) -> dict[int, Content]:
    """Place → what its villagers said."""
    return {place: Content(*counts) for place, *counts in polled(rows, level)}


def covered(ledger: covering.Ledger, level: str, day: date) -> dict[int, Share]:
    """Place → villages covered by `day` of those that stand on it (A1)."""
    done = ledger.covered(day)
    counts: dict[int, list[int]] = {}
    for one in ledger.standing(day):
        row = counts.setdefault(getattr(one, level), [0, 0])
        row[0] += one.pk in done
        row[1] += 1
    return {place: Share(*row) for place, row in counts.items()}


def total(rows: "Mapping[int, Content]") -> Content:
    """All places together."""
    sums = [sum(getattr(one, name) for one in rows.values()) for name in ("items", "asked", "content")]
    return Content(*sums)
