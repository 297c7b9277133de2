"""Yearly plans, the villages on them and the villages that could be (A4, D2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Division
from common import policy
from inspections.enums import Stage
from inspections.models import AnnualPlan, PlanEntry
from villages.enums import VillageClass, VillageStatus
from villages.models import Village


@dataclass(frozen=True)
class VillageFilters:
    """What the query form asked for; empty values ask for nothing."""

    q: str = ""
    klass: str = ""
    township: int | None = None
    wave: int | None = None
    covered: str = ""


def plans(user: Any) -> "QuerySet[Any]":
    """All plans that this person may see, newest year first, with how many villages and rounds they have."""
    rows: QuerySet[Any] = policy.visible(user, AnnualPlan.objects.select_related("county", "term"))
    counted = rows.annotate(
        village_count=Count("entries", distinct=True),
        round_count=Count("rounds", distinct=True),
        wave_count=Max("entries__wave"),
    )
    found: QuerySet[Any] = counted.order_by("-year", "county__code")
    return found


def for_page() -> QuerySet[AnnualPlan]:
    return AnnualPlan.objects.select_related("county", "term", "created_by__organ")


def entries(plan: AnnualPlan, filters: VillageFilters) -> QuerySet[PlanEntry]:
    rows = plan.entries.select_related("village__division", "village__township", "origin__division")
    rows = rows.filter(_name("village__division__", filters.q))
    if filters.klass:
        rows = rows.filter(klass=filters.klass)
    if filters.township:
        rows = rows.filter(village__township_id=filters.township)
    return rows.filter(wave=filters.wave) if filters.wave else rows


def pickable(plan: AnnualPlan, filters: VillageFilters, covered: Iterable[int]) -> QuerySet[Village]:
    """Active villages of the county with an approved class that are not on the plan yet; `covered` are the term's."""
    rows = Village.objects.filter(county_id=plan.county_id, status=VillageStatus.ACTIVE, klass__isnull=False)
    rows = rows.exclude(plan_entries__plan=plan).select_related("division", "township")
    rows = rows.filter(_name("division__", filters.q))
    if filters.klass:
        rows = rows.filter(klass=filters.klass)
    if filters.township:
        rows = rows.filter(township_id=filters.township)
    if filters.covered:
        done = Q(pk__in=list(covered))
        rows = rows.filter(done if filters.covered == "yes" else ~done)
    return rows


def make_up(plan: AnnualPlan) -> list[dict[str, Any]]:
    """How many villages of each class stand in each wave, for the plan's head: one line a wave."""
    found: dict[int, dict[str, Any]] = {}
    for wave, klass, count in plan.entries.values_list("wave", "klass").annotate(n=Count("id")).order_by("wave"):
        line = found.setdefault(wave, {"wave": wave, "total": 0} | dict.fromkeys(VillageClass.values, 0))
        line[klass] += count
        line["total"] += count
    return list(found.values())


def rounds_of(user: Any, plan: AnnualPlan) -> "QuerySet[Any]":
    """The plan's rounds with the state of their inspections."""
    rows: QuerySet[Any] = policy.visible(user, plan.rounds.all())
    found: QuerySet[Any] = rows.annotate(
        inspection_count=Count("inspections", filter=~Q(inspections__status=Stage.CANCELLED)),
        closed_count=Count("inspections", filter=Q(inspections__status=Stage.CLOSED)),
    ).order_by("number")
    return found


def townships(county_id: int) -> QuerySet[Division]:
    return Division.objects.filter(parent_id=county_id).order_by("code")


def waves_to_open(plan: AnnualPlan) -> list[int]:
    """Waves that have villages but no round yet."""
    opened = set(plan.rounds.values_list("number", flat=True))
    return [one for one in sorted(set(plan.entries.values_list("wave", flat=True))) if one not in opened]


def _name(path: str, text: str) -> Q:
    """Every word occurs in name, pinyin, initials or code."""
    found = Q()
    for word in text.lower().split():
        either = Q()
        for column in ("name", "pinyin", "initials", "code"):
            either |= Q(**{f"{path}{column}__contains": word})
        found &= either
    return found
