"""The inspection of one village: arranged, entered, left, closed or cancelled (D1, D2)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import workflow
from common.calendar import today
from inspections.enums import FindingStatus, Mode, Stage
from inspections.models import Inspection
from inspections.selectors.checklist import checklist_in_force
from inspections.selectors.focus import points_of, theme_points
from inspections.selectors.load import setting_of
from villages.services import note_inspections

from .duties import make_duties
from .plans import checked_mode
from .rounds import planned_days


def arrange(
    *,
    inspection: Inspection,
    actor: Any,
    mode: str | None = None,
    mode_reason: str = "",
    theme: str = "",
    focus: Collection[str] | None = None,
    planned_from: date | None = None,
    planned_to: date | None = None,
    version: int | None = None,
) -> Inspection:
    """Change mode, part of the checklist or dates of an open inspection; what is not given stays (D1, D2).

    With another mode and the days left as they were, the last day follows from the days that the mode takes. A
    special inspection is about the points of `focus`, or those of its theme when it is one of the five.
    Raises ValidationError for a mode that the class does not have without a reason, a special inspection without
    theme and dates in the wrong order. An inspection that was made before there was a duty list gets its duties now.
    """
    changes: dict[str, Any] = {}
    if mode:
        reason, named = checked_mode(inspection.klass, mode, mode_reason, theme)
        changes |= {"mode": mode, "mode_reason": reason, "theme": named}
        changes["focus"] = _focus(inspection, mode, named, focus)
    first, last = planned_from or inspection.planned_from, planned_to or inspection.planned_to
    if mode and mode != inspection.mode and (first, last) == (inspection.planned_from, inspection.planned_to):
        begins = inspection.entered_on or first
        first, last = planned_days(setting_of(inspection.county), mode, begins, inspection.round.ends_on)
        last = max(first, last)
    if inspection.entered_on and (first, last) != (inspection.planned_from, inspection.planned_to):
        first = inspection.entered_on  # from then on the plan is about the stay itself
    if last < first:
        raise ValidationError({"planned_to": _("计划离村日期不能早于计划进驻日期。")})
    changes |= {"planned_from": first, "planned_to": last}
    with transaction.atomic():
        arranged = workflow.apply(inspection, "arrange", actor=actor, version=version, **changes)
        if not arranged.duties.exists():
            make_duties([arranged], arranged.county)
    return arranged


def _focus(inspection: Inspection, mode: str, theme: str, chosen: Collection[str] | None) -> list[str]:
    """The points as they are to be stored, in the list's order; ValidationError for one that is not on it."""
    if mode != Mode.SPECIAL:
        return []
    known = [code for code, _name in points_of(inspection.checklist)]
    if chosen is None and theme == inspection.theme:
        return list(inspection.focus)
    chosen = chosen or theme_points(inspection.checklist, theme)
    if set(chosen) - set(known):
        raise ValidationError({"focus": _("清单上没有所选的点位，请刷新后重选。")})
    return [one for one in known if one in chosen]


def enter_inspection(*, inspection: Inspection, actor: Any, note: str = "") -> Inspection:
    """The team enters the village (巡前 → 巡中): needs a leader, a mode that is explained, nobody to be recused, and
    the required duties of 巡前 done (A5). From now on it keeps the checklist that is in force today (C1)."""
    checklist = checklist_in_force(county=inspection.county) or inspection.checklist
    return workflow.apply(inspection, "enter", actor=actor, note=note, entered_on=today(), checklist=checklist)


def leave_inspection(*, inspection: Inspection, actor: Any, note: str = "") -> Inspection:
    """The team leaves (巡中 → 巡后): no draft undecided, the required duties done, 六必谈 and 四必访 done or told why
    not (A5, D5, D6)."""
    return workflow.apply(inspection, "leave", actor=actor, note=note, left_on=today())


@transaction.atomic
def close_inspection(*, inspection: Inspection, actor: Any, note: str = "") -> Inspection:
    """The office closes the inspection (巡后 → 已完成), which covers the village in the term (A1).

    The village's profile keeps the day of it.

    Where nothing was found there is no feedback, and the note must say so. Required duties of 巡后 are done.
    """
    if inspection.status != Stage.AFTER:
        return workflow.apply(inspection, "close", actor=actor)  # refuses, naming the stage
    found = inspection.findings.filter(status__in=[FindingStatus.CONFIRMED, FindingStatus.FED_BACK])
    if not note.strip() and not found.exists():
        raise ValidationError({"note": _("没有反馈任何问题。请写明巡察情况，再办结。")})
    closed = workflow.apply(inspection, "close", actor=actor, note=note, closed_on=today())
    note_inspections(days={closed.village_id: today()})
    return closed


def cancel_inspection(*, inspection: Inspection, actor: Any, note: str = "") -> Inspection:
    """The office cancels an inspection that has not been left yet, with a reason; the village stays uncovered."""
    return workflow.apply(inspection, "cancel", actor=actor, note=note)
