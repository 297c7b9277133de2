"""An export that a worker writes: how far it is, and its file (H3)."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import audit, progress
from common.downloads import as_file
from common.errors import Conflict
from common.files import XLSX
from common.gate import get_object, requires
from rectification import selectors, services
from rectification.models import LedgerExport

EXPORT = "rectification.LedgerExport"


def _load(request: HttpRequest, pk: Any) -> LedgerExport:
    return get_object(request.user, selectors.exports_of(request.user), pk=pk)


@requires("view", EXPORT)
@require_safe
def page(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _load(request, pk)
    running = None if one.finished_at else progress.of(services.export_job(one))
    context = {
        "export": one,
        "percent": running[1] if running else 0,
        "running": bool(running),
        "attended": bool(running or one.finished_at) or progress.is_attended(),
    }
    return render(request, "rectification/ledger_export.html", context)


@requires("view", EXPORT)
@require_safe
def file(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _load(request, pk)
    if not one.stored_as:
        raise Conflict(_("这份导出没有文件：还没有写好，或者已过保存期。请回到导出页面查看，或重新导出。"))
    with default_storage.open(one.stored_as) as stored:
        content = stored.read()
    audit.record("download", one, actor=request.user, note=str(one))
    return as_file(f"{one}{one.asked_at:%Y%m%d}.xlsx", content, XLSX)
