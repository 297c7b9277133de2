"""Progress for many items as one workbook: a preview reports nothing, confirming all valid rows or none (E6, H5)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, policy
from common.errors import Conflict
from common.spreadsheets import files
from common.spreadsheets.files import FileRefused
from rectification.enums import ItemStatus
from rectification.models import Measure, ProgressRow, ProgressSheet, RectificationItem
from rectification.selectors import progress_sheets as reads

from . import progress_workbook as workbook
from .progress import Entry, report_many
from .progress_workbook import Filled

KEPT_DAYS = 7
LONGEST = 2000
NUMBERS = re.compile(r"[\s,、;.]+")


@dataclass(frozen=True)
class Judged:
    """A filled row against the items as they are now."""

    filled: Filled
    item: RectificationItem | None = None
    finished: tuple[int, ...] = ()
    reason: str = ""


def progress_workbook(*, actor: User) -> bytes:
    """The workbook with every item on which this person can report now. Audited. Needs "report"."""
    items = list(reads.reportable(actor)[: workbook.MOST_ROWS + 1])
    if not items:
        raise ValidationError(_("没有正在整改的事项，不需要填报。待签收的事项请先签收。"))
    if len(items) > workbook.MOST_ROWS:
        raise ValidationError(_("超过 %s 件，请在事项页面逐件填报。") % workbook.MOST_ROWS)
    last = reads.last_texts(items)
    lines = [workbook.Line(one, last.get(one.pk, "")) for one in items]
    audit.record("export", RectificationItem._meta.label, actor=actor, note=_("下载进展填报表 %s 件") % len(items))
    return workbook.blank(lines, actor.organ.name)


def receive(*, file: IO[bytes], name: str, actor: User) -> ProgressSheet:
    """Preview an uploaded workbook: keeps what each filled row says, reports nothing. Raises FileRefused."""
    policy.may(actor, "report", RectificationItem).demand()
    digest = files.sha256_of(file)
    _not_reported_before(digest, actor)
    rows = workbook.read(file, name)
    filled = [one for one in rows if not one.is_blank]
    if not filled:
        raise FileRefused(_("一行都没有填写。请在黄色的“本次进展”列填写后再上传。"))
    with transaction.atomic():
        _drop_forgotten(actor)
        sheet = ProgressSheet.objects.create(
            uploaded_by=actor, file_name=name[-200:], sha256=digest, blank=len(rows) - len(filled)
        )
        judged = judge(filled, actor)
        ProgressRow.objects.bulk_create([_row(sheet, one) for one in judged])
        refused = sum(1 for one in judged if one.reason)
        audit.record("preview_progress", sheet, actor=actor, changes={"rows": len(judged), "refused": refused})
    return sheet


def confirm(*, sheet: ProgressSheet, actor: User, sha256: str, proxy_reason: str = "") -> int:
    """Report what the preview showed as valid: all of it or nothing. Needs "confirm"; returns how many reports.

    Raises Conflict when it is not that preview, or when an item has changed since: the preview is then brought up
    to date, which needs a transaction of its own.
    """
    reports = _confirm(sheet, actor, sha256, proxy_reason)
    if reports is None:
        raise Conflict(_("有的事项在您核对期间有了变化，没有上报任何一行。预检结果已经更新，请重新核对后再确认。"))
    return reports


@transaction.atomic
def _confirm(sheet: ProgressSheet, actor: User, sha256: str, proxy_reason: str) -> int | None:
    fresh = _locked(sheet, actor)
    if sha256 != fresh.sha256:
        raise Conflict(_("您确认的不是这份预检结果。请重新打开预检页面核对后再确认。"))
    rows = list(fresh.rows.all())
    wanted = [one.item_id for one in rows if one.item_id and not one.reason]
    if not wanted:
        raise ValidationError(_("没有可以上报的行。请下载未通过的行，改好后重新上传。"))
    _lock_items(wanted)
    if _renewed(rows, actor):
        return None
    valid = [one for one in rows if not one.reason]
    _report(fresh, valid, actor, proxy_reason)
    fresh.confirmed_at = timezone.now()
    fresh.save(update_fields=["confirmed_at"])
    told = {"reports": len(valid), "refused": len(rows) - len(valid)}
    audit.record("report_sheet", fresh, actor=actor, note=fresh.file_name, changes=told)
    return len(valid)


def discard(*, sheet: ProgressSheet, actor: User) -> None:
    """Give a preview up: its rows go, the record stays."""
    with transaction.atomic():
        _drop(_locked(sheet, actor), actor)


def refused_workbook(*, sheet: ProgressSheet, actor: User) -> bytes:
    """The refused rows as the same workbook with reasons, ready to be mended. Raises Conflict when there are none."""
    rows = list(sheet.rows.exclude(reason=""))
    if not rows:
        raise Conflict(_("这份工作簿没有未通过的行。"))
    mine = {one.number: one for one in reads.of_numbers(actor, {one.cells.get("number", "") for one in rows})}
    last = reads.last_texts(list(mine.values()))
    told = [(one, _line(one, mine.get(one.cells.get("number", "")), last)) for one in rows]
    audit.record("download", sheet, actor=actor, note=_("未通过的行"))
    return workbook.refused(told, actor.organ.name)


def _line(row: ProgressRow, item: RectificationItem | None, last: Mapping[int, str]) -> workbook.Line | None:
    """The item as it is now; none where number and code do not fit: a fresh code would make the row that item's."""
    if item is None or workbook.seen_version(item, row.cells.get("code", "")) is None:
        return None
    return workbook.Line(item, last.get(item.pk, ""))


# ---------------------------------------------------------------------- judging


def judge(filled: Sequence[Filled], actor: User) -> list[Judged]:
    """Every row against the sender's own items as they are now, in four statements."""
    items = {one.number: one for one in reads.of_numbers(actor, {one.cells.get("number", "") for one in filled})}
    last = reads.last_texts(list(items.values()))
    first: dict[str, int] = {}
    return [_judge(one, items.get(one.cells.get("number", "")), last, first) for one in filled]


def _judge(one: Filled, item: RectificationItem | None, last: Mapping[int, str], first: dict[str, int]) -> Judged:
    if one.odd:
        return Judged(one, item, reason=one.odd)
    if item is None:
        text = _("没有这个编号的事项，或者不归您单位办理。请用最新下载的工作簿填写，不要改动编号。")
        return Judged(one, reason=text if one.cells.get("number") else _("缺少编号。请用最新下载的工作簿填写。"))
    version = workbook.seen_version(item, one.cells.get("code", ""))
    if version is None:  # asked first: a row that may be another item's takes no other row's place
        return Judged(one, item, reason=_("编号与校验码对不上，可能改动过编号或者串了行。请重新下载后再填。"))
    before = first.setdefault(item.number, one.row)
    if before != one.row:
        return Judged(one, item, reason=_("与第 %s 行是同一件事项，请合并成一行。") % before)
    if reason := _refusal(one, item, version, last.get(item.pk, "")):
        return Judged(one, item, reason=reason)
    numbers, wrong = _measures(one.cells.get("finished", ""), item)
    return Judged(one, item, numbers, wrong)


def _refusal(one: Filled, item: RectificationItem, version: int, last: str) -> str:
    text = one.cells.get("text", "")
    if item.status != ItemStatus.IN_PROGRESS:
        return _("这件事项现在是“%s”，不能报进展。") % item.status_label
    if version != item.version:
        return _("下载之后这件事项有了变化。未通过的行里已换成最新内容，请核对后再传。")
    if not text:
        return _("填了完成的措施，还要写明本次进展。")
    if len(text) > LONGEST:
        return _("本次进展有 %(now)s 字，最多 %(most)s 字，请写短一些。") % {"now": len(text), "most": LONGEST}
    return _("与上一次上报的进展完全相同。没有新进展的请留空。") if text == last else ""


def _measures(text: str, item: RectificationItem) -> tuple[tuple[int, ...], str]:
    words = [one for one in NUMBERS.split(unicodedata.normalize("NFKC", text)) if one]
    known = {str(one.order): one.order for one in item.measures.all()}
    wrong = [one for one in words if one not in known]
    if wrong:
        return (), _("没有第 %s 条措施。请填整改措施的序号，如 1、3。") % "、".join(wrong)[:60]
    return tuple(sorted({known[one] for one in words})), ""


def _row(sheet: ProgressSheet, one: Judged) -> ProgressRow:
    return ProgressRow(
        sheet=sheet,
        row=one.filled.row,
        cells=one.filled.cells,
        item=one.item,
        finished=list(one.finished),
        reason=one.reason[:300],
    )


# ------------------------------------------------------------------------ steps


def _locked(sheet: ProgressSheet, actor: User) -> ProgressSheet:
    fresh = ProgressSheet.objects.select_for_update().get(pk=sheet.pk)
    policy.allows(actor, "confirm", fresh).demand()
    if not fresh.is_pending:
        done = _("已经上报") if fresh.confirmed_at else _("已经放弃")
        raise Conflict(_("这份工作簿%s，不能再这样办理，请刷新页面查看。") % done)
    return fresh


def _lock_items(ids: Iterable[int]) -> None:
    list(RectificationItem.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values("pk"))


def _renewed(rows: Sequence[ProgressRow], actor: User) -> bool:
    """Judge the rows once more; where anything came out otherwise, keep that and say so."""
    judged = judge([Filled(one.row, one.cells, one.reason) for one in rows], actor)
    changed = []
    for row, one in zip(rows, judged, strict=True):
        if not row.reason and one.reason:
            row.reason, row.item, row.finished = one.reason[:300], one.item, []
            changed.append(row)
    ProgressRow.objects.bulk_update(changed, ["reason", "item", "finished"])
    return bool(changed)


def _report(sheet: ProgressSheet, rows: Sequence[ProgressRow], actor: User, proxy_reason: str) -> None:
    items = RectificationItem.objects.in_bulk([one.item_id for one in rows])
    measures = _measures_of(rows)
    entries = [
        Entry(
            item=items[one.item_id],
            text=one.cells["text"],
            finished=[measures[one.item_id, order] for order in one.finished],
            key=uuid5(sheet.pk, str(one.row)),
        )
        for one in rows
        if one.item_id
    ]
    reports = report_many(entries=entries, actor=actor, proxy_reason=proxy_reason)
    for row, report in zip(rows, reports, strict=True):
        row.report = report
    ProgressRow.objects.bulk_update(rows, ["report"])


def _measures_of(rows: Sequence[ProgressRow]) -> dict[tuple[int, int], Measure]:
    found = Measure.objects.filter(item__in=[one.item_id for one in rows if one.finished])
    return {(one.item_id, one.order): one for one in found}


def _not_reported_before(digest: str, actor: User) -> None:
    before = ProgressSheet.objects.filter(uploaded_by=actor, sha256=digest, confirmed_at__isnull=False).first()
    if before and before.confirmed_at:
        raise FileRefused(
            _("这份工作簿已在 %s 上报过，不必再传。有新进展请重新下载填写。")
            % f"{timezone.localtime(before.confirmed_at):%Y-%m-%d %H:%M}"
        )


def _drop_forgotten(actor: User) -> None:
    """A preview that its sender has left alone for a week leaves no rows behind."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    mine = ProgressSheet.objects.filter(uploaded_by=actor, uploaded_at__lt=old)
    for one in mine.filter(confirmed_at=None, discarded_at=None).select_for_update(skip_locked=True):
        _drop(one, actor)


def _drop(sheet: ProgressSheet, actor: User) -> None:
    sheet.discarded_at = timezone.now()
    sheet.save(update_fields=["discarded_at"])
    sheet.rows.all().delete()
    audit.record("discard_progress", sheet, actor=actor)
