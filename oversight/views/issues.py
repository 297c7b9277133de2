"""Common issues: what recurs, its spread, opening one, the committee's decision (F1)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Tier
from accounts.models import Division
from common import audit, policy, workflow
from common.asked import number
from common.gate import get_object, requires
from inspections.views.moves import move_view
from inspections.views.timeline import events
from oversight import services
from oversight.enums import CircularKind, CircularStatus
from oversight.forms.issues import IssueForm, ThresholdForm
from oversight.models import Circular, CommonIssue
from oversight.selectors import circulars
from oversight.selectors import common as read

from .boards import county_of_query

ISSUE, SETTING = "oversight.CommonIssue", "oversight.CommonSetting"


@requires("view", ISSUE)
@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    """共性问题: those opened, and for one county what recurs beside its thresholds."""
    user: Any = request.user
    county = _county(request)
    found = read.detect(user, county) if county else []
    context = {
        "county": county,
        "counties": user.division.children.order_by("code") if user.division.tier == Tier.CITY else [],
        "issues": read.issues(user, county),
        "common": [one for one in found if one.is_common],
        "rest": [one for one in found if not one.is_common],
        "inspected": found[0].inspected if found else 0,
        "setting": read.setting_of(county) if county else None,
        "may_edit": policy.may(user, "edit", SETTING),
        "may_add": policy.may(user, "add", ISSUE),
    }
    return render(request, "oversight/issues.html", context)


def _county(request: HttpRequest) -> Division | None:
    user: Any = request.user
    home: Division = user.division
    return home if home.tier == Tier.COUNTY else county_of_query(user, request.GET.get("county", ""))


@requires("edit", SETTING)
@require_http_methods(["GET", "POST"])
def thresholds(request: HttpRequest) -> HttpResponse:
    county: Division = request.user.division  # type: ignore[union-attr]
    row = read.setting_of(county)
    now = {key: getattr(row, key) for key in ("villages", "townships", "share", "remind_days")}
    form = ThresholdForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        services.set_thresholds(county=county, actor=request.user, **form.cleaned_data)
        messages.success(request, _("共性问题的阈值和自查提醒日已更新。"))
        return redirect("oversight:issues")
    return render(request, "oversight/thresholds.html", {"form": form}, status=422 if form.errors else 200)


@requires("view", ISSUE)
@require_http_methods(["GET", "POST"])
def spread(request: HttpRequest) -> HttpResponse:
    """Where an item was found, township by township; the office opens the common issue from here."""
    user: Any = request.user
    if request.method == "POST" and not (may := policy.may(user, "add", ISSUE)):
        raise PermissionDenied(may.reason)
    county, code = _county(request), request.GET.get("item", "")
    found = read.recurring(user, county, code) if county else None
    if county is None or found is None:
        messages.error(request, _("没有找到这个条目的已反馈问题，请从列表中选择。"))
        return redirect("oversight:issues")
    may = policy.allows(user, "add", CommonIssue(county=county))
    opens = found.is_common and bool(may) and (found.issue is None or _ended(found.issue))
    report = _report(request, county)
    form = IssueForm(request.POST or None, county=county, initial=circulars.proposal(report) if report else {})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_issue(county=county, code=code, actor=user, report=report, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已提出共性问题，等待县委巡察工作领导小组审批。"))
            return redirect(made)
    rows = read.spread(user, county, code)
    context = {"county": county, "found": found, "rows": rows, "opens": opens, "form": form if opens else None}
    context["report"] = report
    return render(request, "oversight/spread.html", context, status=422 if form.errors else 200)


def _report(request: HttpRequest, county: Division) -> Circular | None:
    """The special report from which the issue is opened; one that was not issued here is none."""
    rows = circulars.for_page().filter(kind=CircularKind.REPORT, status=CircularStatus.ISSUED, place=county)
    return policy.visible(request.user, rows).filter(pk=number(request.GET.get("report")) or 0).first()


def _ended(issue: CommonIssue) -> bool:
    return hasattr(issue, "campaign") and not issue.campaign.is_open


@requires("view", ISSUE)
@require_safe
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), pk=pk)
    context = {
        "issue": one,
        "campaign": getattr(one, "campaign", None),
        "rows": read.spread(request.user, one.county, one.code),
        "buttons": [button for button in workflow.buttons(one, request.user) if button.move.name != "propose"],
        "may_mend": one.status == "RETURNED" and policy.allows(request.user, "add", one),
        "events": events(audit.history(one)[:20]),
    }
    return render(request, "oversight/issue.html", context)


@requires("add", ISSUE)
@require_http_methods(["GET", "POST"])
def issue_mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A returned issue, mended and put before the committee again."""
    one = get_object(request.user, read.for_page(), "add", pk=pk)
    workflow.refuse_late(one, "propose")
    now = {"department": one.department, "deadline": one.deadline, "analysis": one.analysis}
    form = IssueForm(request.POST or None, county=one.county, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_again(issue=one, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已重新提交审批。"))
            return redirect(one)
    return render(
        request, "oversight/issue_mend.html", {"form": form, "issue": one}, status=422 if form.errors else 200
    )


issue_approve = move_view(
    load=read.for_page,
    name="approve",
    argument="issue",
    service=services.approve_issue,
    effect=gettext_lazy("将批准：%s。牵头部门会收到专项整治任务，只能看到涉及的问题。"),
    ask=True,
)
issue_return = move_view(
    load=read.for_page,
    name="return",
    argument="issue",
    service=services.return_issue,
    effect=gettext_lazy("将退回：%s。县委巡察办修改后重新提交。"),
)
