"""回头看: draw, look, record; the sample as a workbook (E6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Division
from common import policy
from common.downloads import as_file
from common.errors import Conflict
from common.files import XLSX
from common.gate import get_object, requires
from common.paging import page_of
from rectification import services
from rectification.enums import LookbackResult
from rectification.forms.lookback import DrawForm, LookbackForm
from rectification.models import Lookback
from rectification.selectors import closing as read

from .base import attempt, show

LOOKBACK, LINE = "rectification.Lookback", "rectification.LookbackLine"
GET_POST = ["GET", "HEAD", "POST"]


@requires("view", LOOKBACK)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(read.lookbacks_of(request.user), request.GET)
    return show(request, "lookbacks", {"page": page, "may_draw": policy.may(request.user, "add", LOOKBACK)})


@requires("add", LOOKBACK)
@require_http_methods(GET_POST)
def draw(request: HttpRequest) -> HttpResponse:
    county = request.user.division
    townships = Division.objects.filter(parent=county).order_by("code")
    form = DrawForm(request.POST or None, townships=townships)
    made: list[Lookback] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if attempt(form, lambda: made.append(services.draw_lookback(county=county, actor=request.user, **told))):
            messages.success(request, _("已抽取 %s 件。") % made[0].size)
            return redirect(made[0])
    return show(request, "lookback_draw", {"form": form})


@requires("view", LOOKBACK)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample, drawn once more before the reader's eyes."""
    lookback = get_object(request.user, read.lookbacks(), pk=pk)
    lines = read.lines_of(lookback)
    again = services.drawn(lookback.pool, lookback.seed, lookback.size)
    context = {
        "lookback": lookback,
        "lines": lines,
        "same": again == [one.item.number for one in lines],
        "may_record": policy.may(request.user, "record", LINE),
    }
    return show(request, "lookback", context)


@requires("record", LINE)
@require_http_methods(GET_POST)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object(request.user, read.lookback_lines(), "record", pk=pk)
    if line.result:
        raise Conflict(_("这一件已经登记过结果，不能再改。"))
    form = LookbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if attempt(form, lambda: services.record_lookback(line=line, actor=request.user, **told)):
            messages.success(request, _after(request, told["result"]))
            return redirect(line.lookback)
    return show(request, "lookback_record", {"form": form, "line": line, "item": line.item})


def _after(request: HttpRequest, result: str) -> str:
    if result == LookbackResult.GOOD:
        return _("已登记。")
    if policy.may(request.user, "reopen", "rectification.RectificationItem"):
        return _("已登记，事项已重新进入整改。")
    return _("已登记，已通知负责人决定重新整改。")


@requires("view", LOOKBACK)
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    lookback = get_object(request.user, read.lookbacks(), pk=pk)
    content = services.lookback_workbook(lookback=lookback, lines=read.lines_of(lookback), actor=request.user)
    return as_file(f"{lookback}.xlsx", content, XLSX)
