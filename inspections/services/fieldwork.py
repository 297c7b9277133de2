"""What a team does in a village, written down once: telling people, talking, visiting, reading (D3–D7, H4).

Names, contacts and what was said become ciphertext here and are plain text nowhere after.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, policy, workflow
from common.encryption import Secret
from common.errors import Conflict
from common.files import check_files, save_rows, stored
from common.once import sent_before
from inspections.enums import SIX_TALKS, GapAnswer, RecordStatus, VoidReason
from inspections.models import (
    ConsultedDocument,
    Conversation,
    FieldworkGap,
    Inspection,
    InspectionFile,
    Mobilisation,
    Visit,
)
from inspections.models.fieldwork import FieldRecord, Interview
from inspections.selectors.teams import is_on_team
from inspections.transitions import inspection_takes_records

R = TypeVar("R", bound=FieldRecord)
CLOCKS_DIFFER = timedelta(minutes=10)
CHECKED = ("at", "second_inspector", "place", "title")


def record_conversation(
    *,
    inspection: Inspection,
    actor: User,
    key: UUID,
    at: datetime,
    kind: str,
    place: str,
    second_inspector: User,
    person: str = "",
    contact: str = "",
    notes: str = "",
) -> Conversation:
    """Write down a talk that two inspectors had (D4, D5). The name may stay out where the person wishes so.

    Like all records: the same `key` with the same content is the same record, with other content a Conflict.
    Raises PermissionDenied for others than the team, Conflict out of its stage, ValidationError for a second
    inspector who is not on the team and for a time that has not come.
    """
    values = {"at": at, "kind": kind, "place": place, "second_inspector": second_inspector}
    return _record(Conversation, inspection, actor, key, values | _sealed(person=person, contact=contact, notes=notes))


def record_visit(
    *,
    inspection: Inspection,
    actor: User,
    key: UUID,
    at: datetime,
    kind: str,
    announced: bool,
    second_inspector: User,
    person: str = "",
    contact: str = "",
    notes: str = "",
) -> Visit:
    """Write down a visit to a household, announced or 三不两直接 (D6)."""
    values = {"at": at, "kind": kind, "announced": announced, "second_inspector": second_inspector}
    return _record(Visit, inspection, actor, key, values | _sealed(person=person, contact=contact, notes=notes))


def record_mobilisation(
    *,
    inspection: Inspection,
    actor: User,
    key: UUID,
    at: datetime,
    channel: str,
    place: str,
    reach: int | None = None,
    remark: str = "",
    attachments: Sequence[UploadedFile[Any]] = (),
) -> Mobilisation:
    """Write down how villagers were told (D3); a photo is welcome and never asked for."""
    values = {"at": at, "channel": channel, "place": place.strip(), "reach": reach, "remark": remark.strip()}
    return _record(Mobilisation, inspection, actor, key, values, attachments, "mobilisation")


def record_document(
    *,
    inspection: Inspection,
    actor: User,
    key: UUID,
    at: datetime,
    kind: str,
    title: str,
    period: str = "",
    attachments: Sequence[UploadedFile[Any]] = (),
) -> ConsultedDocument:
    """Write down which papers were read, with a copy if one was made."""
    values = {"at": at, "kind": kind, "title": title.strip(), "period": period.strip()}
    return _record(ConsultedDocument, inspection, actor, key, values, attachments, "document")


def correct_record(*, record: R, actor: User, version: int | None = None, **changes: Any) -> R:
    """Change a record; of a source's name, contact and notes an empty value leaves what there is.

    The trail says which fields changed, and of talks and visits not into what.
    """
    for name in record.secrets if isinstance(record, Interview) else ():
        if text := changes.pop(name, "").strip():
            changes[name] = Secret.of(text)
    with transaction.atomic():
        kept = {name: getattr(record, name) for name in CHECKED if hasattr(record, name)}
        _check(_locked(record.inspection_id), record, kept | changes)
        return workflow.apply(record, "edit", actor=actor, version=version, **changes)


@transaction.atomic
def void_record(*, record: R, actor: User, reason: str) -> R:
    """The leader takes a record out of the count; it stays where it is. Refused while a finding rests on it."""
    if reason not in VoidReason.values:
        raise ValidationError({"reason": _("请选择作废的原因。")})
    _locked(record.inspection_id)
    return workflow.apply(record, "void", actor=actor, note=str(VoidReason(reason).label))


@transaction.atomic
def explain_gaps(*, inspection: Inspection, actor: User, kinds: Sequence[str], answer: str, reason: str) -> int:
    """Say why some of 六必谈 and 四必访 are missing: nobody of the kind in the village, or not done for a reason.

    The first is a fact that everybody on the team may state (of people only), the second is the leaders' to answer.
    """
    inspection = _locked(inspection.pk)
    policy.allows(
        actor, "add" if answer == GapAnswer.NONE_SUCH else "excuse", FieldworkGap(inspection=inspection)
    ).demand()
    if refusal := inspection_takes_records(inspection, Conversation.__name__):
        raise Conflict(refusal)
    _check_gaps(kinds, answer, reason)
    for kind in kinds:
        values = {"answer": answer, "reason": reason.strip(), "by": actor}
        gap, _made = FieldworkGap.objects.update_or_create(inspection=inspection, kind=kind, defaults=values)
        audit.record("explain_gap", gap, actor=actor)
    return len(kinds)


def _check_gaps(kinds: Sequence[str], answer: str, reason: str) -> None:
    errors = {}
    known = {str(one) for one, _label in FieldworkGap.KINDS}
    if not kinds or set(kinds) - known:
        errors["kinds"] = _("请选择缺的是哪几项。")
    elif answer == GapAnswer.NONE_SUCH and set(kinds) - set(SIX_TALKS):
        errors["kinds"] = _("“本村无此类对象”只用于六必谈；四必访没有做到的，请说明原因。")
    if answer not in GapAnswer.values:
        errors["answer"] = _("请选择情况。")
    if not reason.strip():
        errors["reason"] = _("请写明原因。")
    if errors:
        raise ValidationError(errors)


def _sealed(**texts: str) -> dict[str, Secret]:
    return {name: Secret.of(text.strip()) for name, text in texts.items()}


def _record(
    model: type[R],
    inspection: Inspection,
    actor: User,
    key: UUID,
    values: dict[str, Any],
    attachments: Sequence[UploadedFile[Any]] = (),
    owner: str = "",
) -> R:
    policy.allows(actor, "add", model(inspection=inspection)).demand()
    try:
        evidence = check_files(attachments)
    except ValidationError as error:
        raise ValidationError({"attachments": error.messages}) from error
    told = {"inspection": inspection, "inspector": actor} | values
    if sent := sent_before(model, key, **told):
        return sent
    with stored(evidence, InspectionFile) as rows, transaction.atomic():
        inspection = _locked(inspection.pk)
        if sent_before(model, key, **told):
            raise Conflict(_("这条记录正在提交，请刷新页面查看，不要重复提交。"))
        made = model(inspection=inspection, key=key, inspector=actor, **values)
        if refusal := inspection_takes_records(inspection, model.__name__):
            raise Conflict(refusal)
        _check(inspection, made, values)
        made.number = f"{model.prefix}-{model._default_manager.filter(inspection=inspection).count() + 1:02}"
        made.save(force_insert=True)
        save_rows(rows, inspection=inspection, uploaded_by=actor, **({owner: made} if owner else {}))
        audit.record("record", made, actor=actor, target=RecordStatus.RECORDED)
    return made


def _check(inspection: Inspection, record: FieldRecord, values: dict[str, Any]) -> None:
    errors = {}
    if values["at"] > timezone.now() + CLOCKS_DIFFER:
        errors["at"] = _("时间不能晚于现在。")
    for field in record._meta.fields:
        if field.name in values and field.choices and values[field.name] not in dict(field.flatchoices):
            errors[field.name] = _("请从列出的选项中选择。")
        elif field.name in ("place", "title") and not values.get(field.name, "x"):
            errors[field.name] = _("请填写。")
    if isinstance(record, Interview):
        errors |= _check_interview(inspection, record, values)
    if errors:
        raise ValidationError(errors)


def _check_interview(inspection: Inspection, record: Interview, values: dict[str, Any]) -> dict[str, str]:
    errors = {}
    entered = inspection.entered_on
    if entered is not None and timezone.localtime(values["at"]).date() < entered:
        errors["at"] = _("时间不能早于进驻日期 %s。") % f"{entered:%Y年%-m月%-d日}"
    second = values["second_inspector"]
    if second.pk == record.inspector_id:
        errors["second_inspector"] = _("第二名巡察人员不能是本人。")
    elif not is_on_team(inspection, second):
        errors["second_inspector"] = _("%s 不是本巡察组的在组成员。") % second
    return errors


def _locked(pk: int) -> Inspection:
    """Records are numbered and gates are checked under the inspection's lock."""
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("village__division", "township")
    return rows.get(pk=pk)
