"""Duty lists of counties, and where the duties of an inspection stand (A5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Division
from inspections.enums import WORK_STAGES, DutyStatus, Stage
from inspections.models import Duty, DutyList, DutyTemplate, Inspection
from inspections.models.duties import DutyQuerySet


def list_in_force(county: Division) -> DutyList | None:
    """The county's newest list, or the city's default until the county has its own."""
    newest = DutyList.objects.select_related("county").order_by("-number")
    return newest.filter(county=county).first() or newest.filter(county=None).first()


def versions(county: Division) -> QuerySet[DutyList]:
    return DutyList.objects.filter(county=county).select_related("county", "made_by").order_by("-number")


def is_used(duty_list: DutyList) -> bool:
    return Duty.objects.filter(template__duty_list=duty_list).exists()


def lines_by_stage(duty_list: DutyList) -> list[tuple[Stage, list[DutyTemplate]]]:
    rows = list(duty_list.rows.order_by("order", "pk"))
    return [(stage, [one for one in rows if one.stage == stage]) for stage in WORK_STAGES]


def templates() -> QuerySet[DutyTemplate]:
    """The queryset of one line of a list, to be passed through the gate."""
    return DutyTemplate.objects.select_related("duty_list__county")


def for_page() -> DutyQuerySet:
    """The queryset of one duty, to be passed through the gate."""
    return Duty.objects.with_due().select_related(
        "template", "settled_by", "inspection__village__division", "inspection__township", "inspection__county"
    )


@dataclass(frozen=True)
class StageDuties:
    """The duties of one stage of one inspection, in the order of the list."""

    stage: Stage
    duties: list[Duty]

    @property
    def done(self) -> int:
        return sum(one.status != DutyStatus.OPEN for one in self.duties)

    @property
    def total(self) -> int:
        return len(self.duties)

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.duties)

    @property
    def pct(self) -> float:
        return self.done / self.total * 100 if self.total else 0


def duties_of(inspection: Inspection) -> list[StageDuties]:
    """By stage; an inspection without duties has none."""
    rows = for_page().fitting().filter(inspection=inspection).prefetch_related("files")
    return staged(list(rows.order_by("template__order", "pk")))


def staged(rows: Sequence[Duty]) -> list[StageDuties]:
    found = [StageDuties(stage, [one for one in rows if one.template.stage == stage]) for stage in WORK_STAGES]
    return found if rows else []


def open_duties(inspection: Inspection, ids: Sequence[int]) -> list[Duty]:
    """Those of the ticked duties that are still open, in order."""
    rows = for_page().fitting().filter(inspection=inspection, status=DutyStatus.OPEN, pk__in=ids)
    return list(rows.order_by("template__order", "pk"))
