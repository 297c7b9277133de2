"""批量报进展: the workbook down, filled, up, previewed, confirmed; refused rows back (E6, H5)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.calendar import today
from common.downloads import as_file
from common.files import XLSX
from common.gate import get_object, requires
from common.paging import page_of
from common.spreadsheets.files import FileRefused
from rectification import services
from rectification.forms import ProxyForm, SheetForm
from rectification.models import ProgressSheet
from rectification.selectors import progress_sheets as reads

from .base import is_township
from .ledger import ITEM

SHEET = "rectification.ProgressSheet"
SHOWN = 500


@requires("report", ITEM)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(services.receive_progress(file=file, name=file.name, actor=request.user))
        except FileRefused as error:
            form.add_error("file", str(error))
    context = {
        "form": form,
        "page": page_of(reads.sheets_of(request.user), request.GET, by="-uploaded_at", size=20),
        "count": reads.reportable(request.user).count(),
    }
    return render(request, "rectification/progress.html", context, status=422 if form.errors else 200)


@requires("report", ITEM)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    try:
        content = services.progress_workbook(actor=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return redirect("rectification:progress")
    return as_file(_("整改进展填报表%s.xlsx") % f"{today():%Y%m%d}", content, XLSX)


@requires("view", SHEET)
@require_safe
def detail(request: HttpRequest, pk: Any) -> HttpResponse:
    sheet = get_object(request.user, reads.sheets_of(request.user), pk=pk)
    return render(request, "rectification/progress_sheet.html", _about(request, sheet))


def _about(request: HttpRequest, sheet: Any) -> dict[str, Any]:
    wanted = request.GET.get("t") or ("refused" if sheet.refused and not sheet.right else "all")
    rows = reads.rows_of(sheet, refused={"right": False, "refused": True}.get(wanted))
    tabs = (("all", _("全部"), sheet.right + sheet.refused), ("right", _right_word(sheet), sheet.right))
    return {
        "sheet": sheet,
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "shown": SHOWN,
        "tab": wanted,
        "proxy": ProxyForm() if is_township(request.user) else None,
        "tabs": [*tabs, ("refused", _("未通过"), sheet.refused)],
    }


def _right_word(sheet: Any) -> str:
    return _("已上报") if sheet.confirmed_at else _("可以上报")


@requires("confirm", SHEET)
@require_POST
def confirm(request: HttpRequest, pk: Any) -> HttpResponse:
    sheet = get_object(request.user, ProgressSheet.objects.all(), "confirm", pk=pk)
    try:
        reports = services.confirm_progress(
            sheet=sheet,
            actor=request.user,
            sha256=request.POST.get("sha256", ""),
            proxy_reason=request.POST.get("proxy_reason", ""),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已上报 %s 件事项的进展。") % reports)
    return redirect(sheet)


@requires("confirm", SHEET)
@require_POST
def discard(request: HttpRequest, pk: Any) -> HttpResponse:
    sheet = get_object(request.user, ProgressSheet.objects.all(), "confirm", pk=pk)
    services.discard_progress(sheet=sheet, actor=request.user)
    messages.success(request, _("已放弃这份工作簿，没有上报任何内容。"))
    return redirect("rectification:progress")


@requires("view", SHEET)
@require_safe
def refused(request: HttpRequest, pk: Any) -> HttpResponse:
    sheet = get_object(request.user, ProgressSheet.objects.all(), pk=pk)
    content = services.refused_workbook(sheet=sheet, actor=request.user)
    return as_file(_("未通过的行%s.xlsx") % f"{today():%Y%m%d}", content, XLSX)
