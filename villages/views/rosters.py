"""Roster import in the browser: upload, confirm or give up; the template; rows to mend (B5)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import audit
from common.errors import Conflict
from common.gate import get_object, requires
from common.paging import page_of
from common.spreadsheets import writing
from common.spreadsheets.files import FileRefused
from villages.forms.villages import UploadForm
from villages.models import RosterImport
from villages.roster import imports, reporting, workbooks
from villages.roster.columns import COLUMNS
from villages.selectors import rosters as read

from .present import workbook

IMPORT = "villages.RosterImport"


@requires("import", "villages.Village")
@require_http_methods(["GET", "HEAD", "POST"])
def roster_import(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster = imports.receive(file=file, name=file.name, actor=request.user)
        except FileRefused as error:
            form.add_error("file", str(error))
        else:
            return redirect("villages:import_detail", pk=roster.pk)
    page = page_of(read.imports_for(request.user), request.GET, by="-uploaded_at", size=20)
    context = {
        "form": form,
        "page": page,
        "columns": COLUMNS,
        "scope": imports.county_of(request.user) or request.user.division,  # type: ignore[union-attr]
        "sees_county": imports.county_of(request.user) is None,
    }
    return render(request, "villages/import.html", context, status=422 if form.errors else 200)


@requires("import", "villages.Village")
@require_safe
def roster_template(request: HttpRequest) -> HttpResponse:
    places = read.places_to_choose(imports.county_of(request.user))
    audit.record("download", "villages.Village", actor=request.user, note=_("名册导入模板"))
    return workbook(writing.as_bytes(workbooks.template(places)), _("村社区名册导入模板.xlsx"))


@requires("commit", IMPORT)
@require_POST
def roster_commit(request: HttpRequest, pk: Any) -> HttpResponse:
    roster = get_object(request.user, RosterImport.objects.all(), "commit", pk=pk)
    bound = {key: request.POST.get(key, "") for key in ("sha256", "data_version")}
    try:
        roster = imports.confirm(roster=roster, actor=request.user, partial="partial" in request.POST, **bound)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        if not roster.job:
            messages.success(request, _("名册已导入，每个有变化的村都留下了记录。"))
    return redirect("villages:import_detail", pk=pk)


@requires("commit", IMPORT)
@require_POST
def roster_recheck(request: HttpRequest, pk: Any) -> HttpResponse:
    roster = get_object(request.user, RosterImport.objects.all(), "commit", pk=pk)
    try:
        roster = imports.recheck(roster=roster, actor=request.user)
    except FileRefused as error:
        messages.error(request, str(error))
    else:
        if not roster.job:
            messages.success(request, _("已按最新的名册重新预检，请核对。"))
    return redirect("villages:import_detail", pk=pk)


@requires("commit", IMPORT)
@require_POST
def roster_discard(request: HttpRequest, pk: Any) -> HttpResponse:
    roster = get_object(request.user, RosterImport.objects.all(), "commit", pk=pk)
    imports.discard(roster=roster, actor=request.user)
    messages.success(request, _("已放弃这次导入，上传的文件已删除，没有写入任何内容。"))
    return redirect("villages:import")


@requires("commit", IMPORT)
@require_safe
def roster_refused(request: HttpRequest, pk: Any) -> HttpResponse:
    """The rows to mend as a workbook; with `all` the whole file, ready to be mended and sent again."""
    roster = get_object(request.user, RosterImport.objects.all(), "commit", pk=pk)
    if not roster.stored_as:
        raise Conflict(_("上传的文件已经删除，请重新上传名册。"))
    told, whole = reporting.refusals_of(read.refused(roster)), "all" in request.GET
    if whole and roster.result["rows"] > reporting.MOST_WHOLE:
        raise Conflict(_("这份名册行数太多，请只下载未通过的行，对照着在原来的文件里改好，再上传。"))
    with default_storage.open(roster.stored_as) as file:
        book = reporting.rows_to_mend(file, roster.file_name, told, whole=whole)
    what = _("整份待改") if whole else _("未通过的行")
    audit.record("download", roster, actor=request.user, note=what)
    return workbook(writing.as_bytes(book), f"{roster.file_name.rpartition('.')[0]}_{what}.xlsx")
