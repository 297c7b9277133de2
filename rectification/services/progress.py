"""整改进展 with 佐证 by the township or the village (E6, H5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit, calendar
from common.errors import Conflict
from common.files import Evidence, check_files, save_rows, stored
from common.once import sent_before
from rectification.enums import ItemStatus, ProxyReason
from rectification.models import Attachment, Measure, ProgressReport, RectificationItem

from .items import complete_measure
from .locks import lock, lock_all, refuse_watchers


def report_progress(
    *,
    item: RectificationItem,
    actor: User,
    text: str,
    files: Sequence[UploadedFile[Any]] = (),
    key: UUID | None = None,
    finished: Sequence[Measure] = (),
    proxy_reason: str = "",
) -> ProgressReport:
    """Report what was done, with evidence. The village carries the work out, so a township's report is a 代填: on
    record are who, for which village and why.

    A `key` (one per opened form) makes a form that was sent twice one report; `finished` measures are marked done.
    Needs "report" while the item is IN_PROGRESS. Raises ValidationError for an empty text or a file that is refused.
    """
    if not text.strip():
        raise ValidationError({"text": _("请写明做了什么、做到什么程度。")})
    proxy = _proxy(actor, proxy_reason)
    try:
        evidence = check_files(files)
    except ValidationError as error:
        raise ValidationError({"evidence": error.messages}) from error
    if sent := sent_before(ProgressReport, key, item=item, author=actor):
        return sent
    with stored(evidence, Attachment) as rows, transaction.atomic():
        fresh = lock(item, action="report", actor=actor, statuses=[ItemStatus.IN_PROGRESS])
        refuse_watchers([fresh], actor)
        if sent_before(ProgressReport, key, item=item, author=actor):
            raise Conflict(_("这次填报正在提交，请刷新页面查看，不要重复提交。"))
        audit.record("report", fresh, actor=actor, note=text[:500], changes=_told(evidence) | _told_proxy(fresh, proxy))
        report = ProgressReport.objects.create(
            item=fresh,
            attempt=fresh.attempt,
            author=actor,
            **_for(fresh, proxy),
            text=text,
            key=key,
        )
        for measure in finished:
            complete_measure(measure=measure, actor=actor)
        save_rows(rows, item=fresh, report=report, uploaded_by=actor)
    return report


@dataclass(frozen=True)
class Entry:
    """One report of many: on which item, in which words, which measures it finishes."""

    item: RectificationItem
    text: str
    finished: Sequence[Measure]
    key: UUID


def report_many(*, entries: Sequence[Entry], actor: User, proxy_reason: str = "") -> list[ProgressReport]:
    """`report_progress` without files on many items, all or none, in statements that do not grow with them."""
    items = [one.item for one in entries]
    fresh = {one.pk: one for one in lock_all(items, action="report", actor=actor, statuses=[ItemStatus.IN_PROGRESS])}
    refuse_watchers(items, actor)
    proxy, day = _proxy(actor, proxy_reason), calendar.today()
    done = [measure for one in entries for measure in one.finished if measure.done_on is None]
    told = {"done_on": [None, day.isoformat()]}
    rows = [_event(fresh[one.item.pk], one, actor, proxy) for one in entries]
    rows += [
        audit.row("complete_measure", fresh[one.item_id], actor=actor, note=one.text, changes=told) for one in done
    ]
    audit.record_many(rows)
    Measure.objects.filter(pk__in=[one.pk for one in done]).update(done_on=day)
    return ProgressReport.objects.bulk_create(
        [
            ProgressReport(
                item=fresh[one.item.pk],
                attempt=fresh[one.item.pk].attempt,
                author=actor,
                **_for(fresh[one.item.pk], proxy),
                text=one.text,
                key=one.key,
            )
            for one in entries
        ]
    )


def _event(item: RectificationItem, entry: Entry, actor: User, proxy: str) -> dict[str, Any]:
    return audit.row("report", item, actor=actor, note=entry.text[:500], changes=_told_proxy(item, proxy))


def _proxy(actor: User, reason: str) -> str:
    """Why the township reports for the village; nothing for a village's own report."""
    if actor.organ.kind != OrganKind.PARTY_COMMITTEE:
        return ""
    if reason not in ProxyReason.values:
        raise ValidationError({"proxy_reason": _("请选择代村填报的原因。")})
    return reason


def _for(item: RectificationItem, proxy: str) -> dict[str, Any]:
    return {"is_proxy": bool(proxy), "proxy_reason": proxy, "proxy_for_id": item.village_id if proxy else None}


def _told_proxy(item: RectificationItem, proxy: str) -> dict[str, list[str | None]]:
    return {"proxy_reason": [None, str(ProxyReason(proxy).label)], "proxy_for": [None, _village(item)]} if proxy else {}


def _village(item: RectificationItem) -> str:
    return str(item.village.division.name)


def _told(evidence: Sequence[Evidence]) -> dict[str, list[str | None]]:
    return {"attachments": [None, "、".join(one.name for one in evidence)]} if evidence else {}
