"""责任清单 of an inspection: made with it, done one by one or several at once, or not applicable with a reason (A5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from common import workflow
from common.calendar import today
from common.files import check_files, save_rows, stored
from inspections.models import Duty, Inspection, InspectionFile
from inspections.selectors.duties import list_in_force

NOTHING: dict[str, Any] = {"settled_on": None, "settled_by": None, "remark": ""}


def make_duties(inspections: Sequence[Inspection], county: Division) -> None:
    """A row for every line of the list in force, whatever the mode: the mode may still change."""
    duty_list = list_in_force(county)
    lines = list(duty_list.rows.all()) if duty_list else []
    Duty.objects.bulk_create(Duty(inspection=one, template=line) for one in inspections for line in lines)


def do_duty(
    *,
    duty: Duty,
    actor: Any,
    on: date | None = None,
    remark: str = "",
    attachments: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Duty:
    """Mark a duty done, on a day not in the future, with a remark and files if there are any.

    Needs "do": the office for its own duties, the leaders for theirs, everybody on the team for the team's.
    Raises Conflict when it is done already, ValidationError while its stage has not come.
    """
    on = on or today()
    if on > today():
        raise ValidationError({"on": _("办理日期不能晚于今天。")})
    try:
        evidence = check_files(attachments)
    except ValidationError as error:
        raise ValidationError({"attachments": error.messages}) from error
    with stored(evidence, InspectionFile) as rows, transaction.atomic():
        _lock(duty.inspection_id)
        values = {"settled_on": on, "settled_by": actor, "remark": remark.strip()}
        done = workflow.apply(duty, "do", actor=actor, version=version, **values)
        save_rows(rows, inspection=done.inspection, duty=done, uploaded_by=actor)
    return done


@transaction.atomic
def do_duties(*, duties: Sequence[Duty], actor: Any) -> int:
    """Mark several duties of one inspection done today; when one is refused none is done."""
    if duties:
        _lock(duties[0].inspection_id)
    values = {"settled_on": today(), "settled_by": actor, "remark": ""}
    return len(workflow.apply_all(duties, "do", actor=actor, reads=("inspection", "template"), **values))


@transaction.atomic
def waive_duty(*, duty: Duty, actor: Any, note: str = "") -> Duty:
    """The leader says with a reason that a duty does not apply here; for the office's duties its head does."""
    _lock(duty.inspection_id)
    values = {"settled_on": today(), "settled_by": actor, "remark": note.strip()[:200]}
    return workflow.apply(duty, "waive", actor=actor, note=note, **values)


@transaction.atomic
def undo_duty(*, duty: Duty, actor: Any, note: str = "") -> Duty:
    """Open again, as long as the stage has not been left; files stay."""
    _lock(duty.inspection_id)
    return workflow.apply(duty, "undo", actor=actor, note=note, **NOTHING)


def _lock(pk: int) -> None:
    """Duties change under their inspection's lock, so that a stage is not left between a look and a change."""
    Inspection.objects.select_for_update(of=("self",)).get(pk=pk)
