"""整改进展 with 佐证 by the township or the village (E6, H5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit
from common.errors import Conflict
from common.files import Evidence, check_files, save_rows, stored
from rectification.enums import ItemStatus
from rectification.models import Attachment, Measure, ProgressReport, RectificationItem

from .items import complete_measure
from .locks import lock


def report_progress(
    *,
    item: RectificationItem,
    actor: User,
    text: str,
    files: Sequence[UploadedFile[Any]] = (),
    key: UUID | None = None,
    finished: Sequence[Measure] = (),
) -> ProgressReport:
    """Report what was done, with evidence. The village carries the work out, so a township's report is a 代填.

    A `key` (one per opened form) makes a form that was sent twice one report; `finished` measures are marked done.
    Needs "report" while the item is IN_PROGRESS. Raises ValidationError for an empty text or a file that is refused.
    """
    if not text.strip():
        raise ValidationError({"text": _("请写明做了什么、做到什么程度。")})
    try:
        evidence = check_files(files)
    except ValidationError as error:
        raise ValidationError({"evidence": error.messages}) from error
    if sent := _sent_before(item, actor, key):
        return sent
    with stored(evidence, Attachment) as rows, transaction.atomic():
        fresh = lock(item, action="report", actor=actor, statuses=[ItemStatus.IN_PROGRESS])
        if _sent_before(item, actor, key):
            raise Conflict(_("这次填报正在提交，请刷新页面查看，不要重复提交。"))
        report = ProgressReport.objects.create(
            item=fresh,
            attempt=fresh.attempt,
            author=actor,
            is_proxy=actor.organ.kind == OrganKind.PARTY_COMMITTEE,
            text=text,
            key=key,
        )
        for measure in finished:
            complete_measure(measure=measure, actor=actor)
        save_rows(rows, item=fresh, report=report, uploaded_by=actor)
        audit.record("report", fresh, actor=actor, note=text[:500], changes=_told(evidence))
    return report


def _sent_before(item: RectificationItem, actor: User, key: UUID | None) -> ProgressReport | None:
    return ProgressReport.objects.filter(item=item, author=actor, key=key).first() if key else None


def _told(evidence: Sequence[Evidence]) -> dict[str, list[str | None]]:
    return {"attachments": [None, "、".join(one.name for one in evidence)]} if evidence else {}
