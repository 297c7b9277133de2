"""Ledgers as workbooks: small ones at once, large ones by a worker; exactly the rows of the ledger, on record (H3)."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from common import audit, inbox, policy, progress
from common.models import Message
from common.spreadsheets.writing import printed
from rectification.enums import LedgerKind
from rectification.models import LedgerExport, RectificationItem
from rectification.selectors import Filters, Ledger

from .ledgers import CHUNK, SHEETS, sheets_of

log = logging.getLogger(__name__)
AT_ONCE = 1_000
MOST = 200_000
ATTEMPTS = 3
KEPT_DAYS = 7
FOLDER = "exports"


def export_ledger(*, ledger: Ledger, actor: User, kind: str = LedgerKind.LEDGER) -> bytes | LedgerExport:
    """The rows of the ledger's tab and filters as xlsx, or, above 1,000 rows, the job that will write them. Audited.

    Needs "export". Raises ValidationError above 200,000 rows.
    """
    policy.may(actor, "export", RectificationItem).demand()
    rows = 0 if kind == LedgerKind.LIGHTS else ledger.rows().order_by()[: MOST + 1].count()
    if rows > MOST:
        raise ValidationError(_("超过 %s 条，请先用查询条件缩小范围再导出。") % MOST)
    if rows > AT_ONCE:
        return _ask(ledger, actor, kind)
    content = BytesIO()
    _told(_write(content, kind, ledger, actor), kind, ledger, actor)
    return content.getvalue()


def _write(content: BytesIO, kind: str, ledger: Ledger, actor: User, told: Callable[[], None] = lambda: None) -> int:
    """Returns how many rows the first sheet has."""
    book = Workbook(write_only=True)
    counts = [printed(book, one) for one in sheets_of(kind, ledger, actor, told)]
    book.save(content)
    return counts[0]


def _told(rows: int, kind: str, ledger: Ledger, actor: User) -> None:
    asked = {key: str(value) for key, value in vars(ledger.filters).items() if value}
    note = _("导出%(kind)s %(rows)s 条") % {"kind": LedgerKind(kind).label, "rows": rows}
    audit.record("export", RectificationItem._meta.label, actor=actor, note=note, changes={"tab": ledger.tab} | asked)


# ------------------------------------------------------------------ by a worker


def _ask(ledger: Ledger, actor: User, kind: str) -> LedgerExport:
    drop_old()
    asked = {key: audit.plain(value) for key, value in asdict(ledger.filters).items() if value}
    return LedgerExport.objects.create(
        kind=kind, asked_by=actor, organ=actor.organ, asked={"tab": ledger.tab, "sort": ledger.sort, "filters": asked}
    )


def run_next() -> bool:
    """Write the export that has waited longest and that no other worker holds; False when there is none.

    A killed worker leaves it as it was, still waiting; after three attempts it is given up.
    """
    with transaction.atomic():
        one = _waiting().order_by("asked_at").first()
        if one is None:
            return False
        one.attempts += 1
        one.save(update_fields=["attempts"])
        if one.attempts > ATTEMPTS:
            _end(one, error=_("办理 %d 次都没有完成，已经停止。请缩小范围再导出，或请系统管理员查看日志。") % ATTEMPTS)
            return True
    try:
        with transaction.atomic():
            _carry_out(one)
    except PermissionDenied as refused:
        with transaction.atomic():
            _end(one, error=str(refused))
    return True


def _waiting() -> "QuerySet[LedgerExport]":
    free = LedgerExport.objects.select_for_update(of=("self",), skip_locked=True).filter(finished_at=None)
    return free.select_related("asked_by__organ__division", "organ")


def _carry_out(one: LedgerExport) -> None:
    """With the rights that the person has now: whoever has moved meanwhile gets nothing of the old place."""
    fresh = _waiting().filter(pk=one.pk).first()
    if fresh is None:
        return
    actor: User = fresh.asked_by
    if not actor.is_active or actor.organ_id != fresh.organ_id:
        raise PermissionDenied(_("您的单位已经变动，请重新导出。"))
    policy.may(actor, "export", RectificationItem).demand()
    ledger = ledger_of(fresh)
    content, done = BytesIO(), count(CHUNK, CHUNK)
    total = max(1, ledger.rows().order_by().count() * len(SHEETS[LedgerKind(fresh.kind)]))
    with connection.cursor() as cursor:

        def told() -> None:
            progress.tell(cursor, job(fresh), "write", min(99, 100 * next(done) / total))

        fresh.rows = _write(content, fresh.kind, ledger, actor, told)
    name = default_storage.save(f"{FOLDER}/{get_random_string(32)}.xlsx", ContentFile(content.getvalue()))
    try:
        _told(fresh.rows, fresh.kind, ledger, actor)
        _end(fresh, stored_as=name)
    except BaseException:
        default_storage.delete(name)
        raise


def ledger_of(one: LedgerExport) -> Ledger:
    given = dict(one.asked["filters"])
    for key in ("due_from", "due_to"):
        if key in given:
            given[key] = date.fromisoformat(given[key])
    return Ledger(one.asked_by, Filters(**given), tab=one.asked["tab"], sort=one.asked["sort"])


def job(one: LedgerExport) -> str:
    return f"export {one.pk.hex}"


def _end(one: LedgerExport, *, stored_as: str = "", error: str = "") -> None:
    one.stored_as, one.error, one.finished_at = stored_as, error[:300], timezone.now()
    one.save()
    word = _("已经导出，可以下载") if stored_as else _("没有导出")
    inbox.post(
        recipients=[one.asked_by],
        kind=Message.Kind.NOTICE,
        key=f"export-{one.pk}",
        title=_("%(kind)s%(word)s") % {"kind": LedgerKind(one.kind).label, "word": word},
        body=one.error,
        path=one.get_absolute_url(),
        email=False,
    )


def drop_old() -> None:
    """Files that lie longer than a week go; the record stays."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    with transaction.atomic():
        for one in LedgerExport.objects.filter(finished_at__lt=old).exclude(stored_as="").select_for_update():
            _remove(one)


def _remove(one: LedgerExport) -> Any:
    stored, one.stored_as = one.stored_as, ""
    one.save(update_fields=["stored_as"])
    transaction.on_commit(lambda: default_storage.delete(stored))
