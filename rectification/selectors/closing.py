"""销号对账 and 回头看: what is closed, what is not, where township and county differ, what was drawn (E6)."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from accounts.enums import Tier
from accounts.models import User
from common import policy
from rectification.enums import ItemStatus
from rectification.models import CountTold, Lookback, LookbackLine, RectificationItem

S = ItemStatus
GROUP = {Tier.CITY: ("county", "county__name"), Tier.COUNTY: ("township", "township__name")}
DONE = (S.UNDER_SUPERVISION, S.UNDER_VERIFICATION, S.CLOSED)
SUMS = ("total", "done", "closed", "supervision", "verification", "returned", "left")


def closing_table(user: User) -> list[dict[str, Any]]:
    """A row per county, township or village: what was handed over, what the township reports as done, what is closed,
    and why the two differ: {name, place_id, by, total, done, closed, supervision, verification, returned, left, told}.
    """
    by, name = GROUP.get(Tier(user.division.tier), ("village", "village__division__name"))
    rows = policy.visible(user, RectificationItem.objects.all()).values(place_id=F(f"{by}_id"), name=F(name))
    counted = rows.annotate(
        total=Count("pk"),
        done=Count("pk", filter=Q(status__in=DONE)),
        closed=Count("pk", filter=Q(status=S.CLOSED)),
        supervision=Count("pk", filter=Q(status=S.UNDER_SUPERVISION)),
        verification=Count("pk", filter=Q(status=S.UNDER_VERIFICATION)),
        returned=Count("pk", filter=Q(status=S.IN_PROGRESS, attempt__gt=1)),
    ).order_by("name")
    told = _told(user) if by == "township" else {}
    return [
        row | {"by": by, "left": row["total"] - row["closed"], "told": told.get(row["place_id"])} for row in counted
    ]


def _told(user: User) -> dict[int, CountTold]:
    """Township → its last word."""
    rows = policy.visible(user, CountTold.objects.all()).select_related("told_by")
    return {one.township_id: one for one in rows.order_by("township", "-id").distinct("township")}


def counts_told(user: User, limit: int = 20) -> list[CountTold]:
    rows = policy.visible(user, CountTold.objects.all()).select_related("township", "told_by")
    return list(rows.order_by("-id")[:limit])


def lookbacks() -> "QuerySet[Lookback]":
    return Lookback.objects.select_related("county", "township", "drawn_by__organ")


def lookbacks_of(user: User) -> "QuerySet[Lookback]":
    looked = Count("lines", filter=~Q(lines__result=""))
    return policy.visible(user, lookbacks()).annotate(looked=looked, bad=Count("lines", filter=Q(lines__result="BAD")))


def lookback_lines() -> "QuerySet[LookbackLine]":
    around = ("finding", "county", "township", "village__division")
    return LookbackLine.objects.select_related("lookback", "checked_by", *(f"item__{one}" for one in around))


def lines_of(lookback: Lookback) -> list[LookbackLine]:
    return list(lookback_lines().filter(lookback=lookback).order_by("order"))
