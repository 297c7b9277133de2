"""情况通报 and 专题报告: listed, drafted, edited, given examples, issued, urged, taken away as Word (F3, G4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import audit, policy
from common.downloads import as_file
from common.files import DOCX
from common.gate import get_object, requires
from common.paging import page_of
from common.workflow import buttons, refuse_late
from inspections.views.moves import move_view, same_version
from inspections.views.timeline import events
from oversight import services
from oversight.enums import CircularKind
from oversight.forms.circulars import AudienceForm, CircularForm, ExampleForm, PeriodForm, ReleaseForm, ReportForm
from oversight.models import Circular
from oversight.selectors import circulars as read

CIRCULAR = "oversight.Circular"
GET_POST = ["GET", "HEAD", "POST"]
LISTS = {CircularKind.CIRCULAR: "oversight:circulars", CircularKind.REPORT: "oversight:reports"}


@requires("view", CIRCULAR)
@require_safe
def circulars(request: HttpRequest) -> HttpResponse:
    return _list(request, CircularKind.CIRCULAR)


@requires("view", CIRCULAR)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    return _list(request, CircularKind.REPORT)


def _list(request: HttpRequest, kind: CircularKind) -> HttpResponse:
    user: Any = request.user
    new = policy.allows(user, "edit", Circular(kind=kind, place=user.division))
    context = {
        "page": page_of(read.circulars(user, kind), request.GET),
        "kind": kind,
        "is_report": kind == CircularKind.REPORT,
        "new_url": reverse("oversight:report_new" if kind == CircularKind.REPORT else "oversight:circular_new"),
        "may_add": bool(new),
    }
    return render(request, "oversight/circulars.html", context)


@requires("edit", CIRCULAR)
@require_http_methods(GET_POST)
def circular_new(request: HttpRequest) -> HttpResponse:
    return _new(request, CircularKind.CIRCULAR, PeriodForm(request.POST or None))


@requires("edit", CIRCULAR)
@require_http_methods(GET_POST)
def report_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    asked = Circular(kind=CircularKind.REPORT, place=user.division)
    if not (may := policy.allows(user, "edit", asked)):
        messages.error(request, may.reason)
        return redirect("oversight:reports")
    given = {"county": user.division, "subjects": read.subjects(user, user.division)}
    return _new(request, CircularKind.REPORT, ReportForm(request.POST or None, initial=_asked(request), **given))


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"subject": request.GET.get("subject", "")} if "subject" in request.GET else {}


def _new(request: HttpRequest, kind: CircularKind, form: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_circular(kind=kind, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已按数据生成，请核对修改、选用典型问题。"))
            return redirect(made)
    context = {"form": form, "kind": kind, "list_url": reverse(LISTS[kind])}
    return render(request, "oversight/circular_new.html", context, status=422 if form.errors else 200)


@requires("view", CIRCULAR)
@require_safe
def circular(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; a draft as the form of whoever may edit it."""
    one = get_object(request.user, read.for_page(), pk=pk)
    return render(request, "oversight/circular.html", _context(request.user, one, CircularForm(circular=one)))


@requires("edit", CIRCULAR)
@require_POST
def circular_edit(request: HttpRequest, pk: int) -> HttpResponse:
    one = _draft(request, pk, "edit")
    form = CircularForm(request.POST, circular=one)
    if form.is_valid():
        try:
            services.edit_circular(circular=one, actor=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已保存。"))
            return redirect(one)
    return render(request, "oversight/circular.html", _context(request.user, one, form), status=422)


def _draft(request: HttpRequest, pk: int, action: str) -> Circular:
    """404 or 403 as ever, 409 once it has been issued or dropped."""
    one: Circular = get_object(request.user, read.for_page(), action, pk=pk)
    refuse_late(one, action)
    return one


def _context(user: Any, one: Circular, form: CircularForm) -> dict[str, Any]:
    may_edit = one.is_draft and bool(policy.allows(user, "edit", one))
    receipts = [] if one.is_draft else read.receipts_of(one)
    follows = one.is_report and not one.is_draft and policy.may(user, "view", "oversight.CommonIssue")
    return {
        "circular": one,
        "list_url": reverse(LISTS[CircularKind(one.kind)]),
        "form": form,
        "tables": read.tables(one),
        "may_edit": may_edit,
        "issue": next((button for button in buttons(one, user) if button.move.name == "issue"), None),
        "receipts": receipts,
        "unread": sum(row.read_at is None for row in receipts),
        "may_urge": bool(policy.allows(user, "urge", one)),
        "followed": read.followed(user, one) if follows else [],
        "may_open": bool(policy.may(user, "add", "oversight.CommonIssue")),
        "events": events(audit.history(one)[:20]),
    }


@requires("edit", CIRCULAR)
@require_POST
def circular_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Text and figures anew from the data; what was written by hand is lost, so it asks."""
    one = _draft(request, pk, "edit")
    same_version(request.POST.get("version", ""), one)
    effect = _("将按今天的数据重新生成正文和附表，手工修改的内容会被替换，选用的典型问题保留。")
    if request.POST.get("confirmed") != "1":
        verb = _("重新生成")
        context = {"title": verb, "effect": effect, "verb": verb, "cancel_url": one.get_absolute_url(), "warn": True}
        context["hidden"] = [("version", one.version)]
        return render(request, "_parts/confirm_page.html", context)
    services.renew_circular(circular=one, actor=request.user, version=one.version)
    messages.success(request, _("已重新生成，请核对。"))
    return redirect(one)


circular_drop = move_view(
    load=read.for_page,
    name="drop",
    argument="circular",
    service=services.drop_circular,
    effect=gettext_lazy("将作废草稿：%s。"),
)


@requires("edit", CIRCULAR)
@require_safe
def examples(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be picked as a typical problem, and what has been."""
    one = _draft(request, pk, "edit")
    chosen = {row["finding"]: row["text"] for row in one.examples}
    context = {"circular": one, "page": page_of(read.candidates(request.user, one), request.GET), "chosen": chosen}
    return render(request, "oversight/examples.html", context)


@requires("edit", CIRCULAR)
@require_http_methods(GET_POST)
def example(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """One finding in words that tell of nobody; saving empties or replaces what was written before."""
    one = _draft(request, pk, "edit")
    found = get_object(request.user, read.candidates(request.user, one), pk=finding)
    before = next((row["text"] for row in one.examples if row["finding"] == found.pk), "")
    form = ExampleForm(request.POST or None, initial={"text": before or read.example_text(one, found)})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_example(circular=one, finding=found, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("典型问题已更新。"))
            return redirect("oversight:examples", pk)
    context = {"circular": one, "finding": found, "form": form}
    return render(request, "oversight/example.html", context, status=422 if form.errors else 200)


@requires("issue", CIRCULAR)
@require_http_methods(GET_POST)
def circular_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything once more, to whom it goes, then issued and frozen."""
    one = _draft(request, pk, "issue")
    form = _release(request, one)
    if request.method == "POST" and form.is_valid():
        try:
            services.issue_circular(circular=one, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已签发，各单位收到消息后签阅。"))
            return redirect(one)
    hindrance = next((row.reason for row in buttons(one, request.user) if row.move.name == "issue"), "")
    context = {"circular": one, "form": form, "hindrance": hindrance, "tables": read.tables(one)}
    context["list_url"] = reverse(LISTS[CircularKind(one.kind)])
    return render(request, "oversight/circular_issue.html", context, status=422 if form.errors else 200)


def _release(request: HttpRequest, one: Circular) -> Any:
    now = {"version": one.version}
    if one.is_report:
        return ReleaseForm(request.POST or None, initial=now)
    reach = {"places": read.places_below(one.place), "missing": read.places_out_of_reach(one.place)}
    kinds = read.kinds_of(one.place)
    return AudienceForm(request.POST or None, initial=now, place=one.place, kinds=kinds, **reach)


@requires("urge", CIRCULAR)
@require_POST
def circular_urge(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), "urge", pk=pk)
    waiting = services.urge_readers(circular=one, actor=request.user)
    messages.success(request, _("已提醒 %s 个没有签阅的单位。") % waiting if waiting else _("各单位都已签阅。"))
    return redirect(one)


@requires("view", CIRCULAR)
@require_safe
def circular_file(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), pk=pk)
    return as_file(*services.circular_file(circular=one, actor=request.user), DOCX)
