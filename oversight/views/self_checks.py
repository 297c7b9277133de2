"""未巡先改: notices and their progress for the office, answers for villages, confirmation by townships (F2)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Division
from common import audit, policy, workflow
from common.gate import get_object, requires
from common.paging import page_of
from inspections.selectors.checklist import checklist_in_force
from inspections.views.moves import move_view
from inspections.views.timeline import events
from oversight import services
from oversight.forms.self_checks import AnswerForm, NoticeForm, TestedQuery
from oversight.selectors import common
from oversight.selectors import self_checks as read

NOTICE, CHECK = "oversight.SelfCheckNotice", "oversight.SelfCheck"


@requires("view", CHECK)
@require_safe
def self_checks(request: HttpRequest) -> HttpResponse:
    """Notices for those above, the own villages' self-checks for those below; with a county and a year (`tested`) the
    villages there whose answers were tested by an inspection of that year."""
    user = request.user
    asked = TestedQuery(request.GET)
    if asked.is_valid():
        page = page_of(read.checks_tested(user, **asked.cleaned_data).order_by(), request.GET)
        return render(request, "oversight/tested.html", {"page": page} | asked.cleaned_data)
    above = policy.may(user, "view", NOTICE)
    context = {
        "above": above,
        "notices": read.notices(user) if above else [],
        "page": None if above else page_of(read.checks(user).order_by(), request.GET),
        "may_add": policy.may(user, "add", NOTICE),
        "may_answer": policy.may(user, "answer", CHECK),
    }
    return render(request, "oversight/self_checks.html", context)


@requires("add", NOTICE)
@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    county: Division = user.division
    term, checklist = read.term_now(user), checklist_in_force(county=county)
    items = list(checklist.items.all()) if checklist else []
    recurring = {one.code for one in common.detect(user, county) if one.is_common}
    form = NoticeForm(
        request.POST or None, items=items, initial={"items": [one.pk for one in items if one.code in recurring]}
    )
    villages = read.not_inspected(county, term) if term else []
    if request.method == "POST" and term and form.is_valid():
        try:
            made = services.issue_notice(county=county, term=term, actor=user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("自查通知已发到 %s 个村。") % made.checks.count())
            return redirect(made)
    context = {"form": form, "villages": len(villages), "term": term}
    return render(request, "oversight/notice_new.html", context, status=422 if form.errors else 200)


@requires("view", NOTICE)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.notice_for_page(), pk=pk)
    rows, township = read.by_township(request.user, one), request.GET.get("township", "")
    chosen = next((row for row in rows if str(row["township_id"]) == township), None)
    state = request.GET.get("t", "")
    state = state if state in read.STATES else ""
    shown = read.checks_in(request.user, one, chosen and chosen["township_id"], state)
    context = {
        "notice": one,
        "items": one.items.all(),
        "rows": rows,
        "totals": {key: sum(row[key] for row in rows) for key in ("total", "answered", "confirmed", "late")},
        "untrue": read.untrue_by_township(request.user, one),
        "chosen": chosen,
        "state": read.STATES.get(state),
        "page": page_of(shown.order_by(), request.GET, by="id"),
    }
    return render(request, "oversight/notice.html", context)


@requires("view", CHECK)
@require_safe
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One village's answers, beside what inspection found later."""
    one = get_object(request.user, read.check_for_page(), pk=pk)
    rows = read.compared(request.user, one)
    context = {
        "check": one,
        "rows": rows,
        "items": [] if rows else one.notice.items.all(),
        "untrue": sum(row.untrue for row in rows),
        "inspected": any(row.inspected for row in rows),
        "buttons": workflow.buttons(one, request.user),
        "events": events(audit.history(one)[:20]),
    }
    return render(request, "oversight/self_check.html", context)


@requires("answer", CHECK)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.check_for_page(), "answer", pk=pk)
    workflow.refuse_late(one, "answer")
    form = AnswerForm(request.POST or None, check=one, items=one.notice.items.all(), initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_check(
                check=one, answers=form.answers(), actor=request.user, version=form.cleaned_data["version"]
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已填报，等乡镇确认。"))
            return redirect(one)
    return render(request, "oversight/answer.html", {"form": form, "check": one}, status=422 if form.errors else 200)


confirm = move_view(
    load=read.check_for_page,
    name="confirm",
    argument="check",
    service=services.confirm_check,
    effect=gettext_lazy("将确认：%s。确认后不能再改，以后巡察时逐项对照。"),
    ask=True,
)
send_back = move_view(
    load=read.check_for_page,
    name="send_back",
    argument="check",
    service=services.send_back_check,
    effect=gettext_lazy("将退回：%s。村里重新填报。"),
)
