"""Red, amber and green as questions to the database, each county by its own amber days."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery

from accounts.enums import Tier
from accounts.models import User
from common import policy
from common.calendar import today
from common.enums import Light
from rectification.enums import OPEN, ItemStatus
from rectification.models import CountySetting, ProgressReport, RectificationItem

AMBER_DAYS = 7
IS_OPEN = Q(status__in=OPEN)


def amber_days() -> dict[int, int]:
    """County → from how many days on its lights are amber, where it is not the shipped value."""
    return dict(CountySetting.objects.exclude(amber_days=AMBER_DAYS).values_list("county_id", "amber_days"))


def light_of(item: RectificationItem, amber: Mapping[int, int]) -> Light:
    return item.light(amber.get(item.county_id, AMBER_DAYS))


def overdue(day: date) -> Q:
    return IS_OPEN & past(day)


def past(day: date) -> Q:
    """The deadline gone by."""
    return Q(deadline__lt=day)


def due_soon(day: date, amber: Mapping[int, int]) -> Q:
    """Open, not overdue, and within the county's amber days."""
    return IS_OPEN & near(day, amber)


def near(day: date, amber: Mapping[int, int]) -> Q:
    """The deadline within the county's amber days."""
    soon = Q(deadline__lte=day + timedelta(days=AMBER_DAYS)) & ~Q(county_id__in=list(amber))
    if not amber:
        soon = Q(deadline__lte=day + timedelta(days=AMBER_DAYS))
    for county, days in amber.items():
        soon |= Q(county_id=county, deadline__lte=day + timedelta(days=days))
    return Q(deadline__gte=day) & soon


def light_is(light: str, day: date, amber: Mapping[int, int]) -> Q:
    if light == Light.RED:
        return overdue(day)
    if light == Light.AMBER:
        return due_soon(day, amber)
    if light == Light.GREY:
        return Q(status=ItemStatus.CLOSED)
    return IS_OPEN & (Q(deadline=None) | Q(deadline__gte=day)) & ~due_soon(day, amber)


GROUP = {Tier.CITY: "county", Tier.COUNTY: "township", Tier.TOWNSHIP: "village"}
NAME = {"county": "county__name", "township": "township__name", "village": "village__division__name"}


def lights_table(user: User, amber: Mapping[int, int] | None = None) -> list[dict[str, Any]]:
    """红黄绿灯: per county (city), township (county) or village (township), worst first, one query.

    Each row: place_id, name, total, closed, open, amber, overdue, oldest (its earliest deadline), last_report, light.
    """
    by = GROUP.get(Tier(user.division.tier), "village")
    day, amber = today(), amber_days() if amber is None else amber
    reports = ProgressReport.objects.filter(**{f"item__{by}": OuterRef(f"{by}_id")}).order_by()
    last = reports.values(f"item__{by}").annotate(last=Max("created_at")).values("last")
    rows = (
        policy.visible(user, RectificationItem.objects.all(), "tally")
        .values(place_id=F(f"{by}_id"), name=F(NAME[by]))
        .annotate(
            total=Count("pk"),
            closed=Count("pk", filter=Q(status=ItemStatus.CLOSED)),
            open=Count("pk", filter=IS_OPEN),
            amber=Count("pk", filter=due_soon(day, amber)),
            overdue=Count("pk", filter=overdue(day)),
            oldest=Min("deadline", filter=overdue(day)),
        )
        # Outside the aggregates, so that it is asked once a group and not once a row.
        .annotate(last_report=Subquery(last))
        .order_by("-overdue", "-amber", "-open", "name")
    )
    return [row | {"light": _worst(row), "group": by} for row in rows]


def _worst(row: Mapping[str, Any]) -> Light:
    if row["overdue"]:
        return Light.RED
    if row["amber"]:
        return Light.AMBER
    return Light.GREEN if row["open"] else Light.GREY
