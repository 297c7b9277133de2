"""Campaigns: the list, one with its villages, and the acts of department and office (A8)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common import audit, policy, workflow
from common.calendar import today
from common.gate import get_object, requires
from common.paging import page_of
from inspections.views.moves import move_view
from inspections.views.timeline import events
from oversight import services
from oversight.forms.issues import FinishForm, ReportForm, TakeOnForm
from oversight.models import CampaignTask
from oversight.selectors import campaigns as read

CAMPAIGN, TASK = "oversight.Campaign", "oversight.CampaignTask"


@requires("view", CAMPAIGN)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/campaigns.html", {"rows": read.campaigns(request.user)})


@requires("view", TASK)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What departments do in one's villages: measure, until when, and what came of it (A8)."""
    done = request.GET.get("t") == "done"
    page = page_of(read.tasks(request.user, done=done), request.GET)
    context = {"page": page, "done": done, "opens": policy.may(request.user, "view", CAMPAIGN)}
    return render(request, "oversight/tasks.html", context)


@requires("view", CAMPAIGN)
@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), pk=pk)
    tasks = read.tasks_of(request.user, one)
    context = {
        "campaign": one,
        "tasks": tasks,
        "done": sum(not task.is_open for task, _findings in tasks),
        "findings": sum(len(found) for _task, found in tasks),
        "buttons": workflow.buttons(one, request.user),
        "works": one.status == "RUNNING" and policy.may(request.user, "work", TASK),
        "sees_issue": policy.may(request.user, "view", "oversight.CommonIssue"),
        "events": events(audit.history(one)[:20]),
    }
    return render(request, "oversight/campaign.html", context)


def _form_page(request: HttpRequest, form: Any, campaign: Any, title: str, verb: str, **more: Any) -> HttpResponse:
    context = {"form": form, "campaign": campaign, "title": title, "verb": verb} | more
    return render(request, "oversight/campaign_act.html", context, status=422 if form.errors else 200)


@requires("lead", CAMPAIGN)
@require_http_methods(["GET", "POST"])
def take_on(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), "lead", pk=pk)
    workflow.refuse_late(one, "take_on")
    form = TakeOnForm(request.POST or None, initial={"version": one.version, "deadline": one.deadline})
    if request.method == "POST" and form.is_valid():
        try:
            services.take_on(campaign=one, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已受领，各村的任务和时限已下达。"))
            return redirect(one)
    return _form_page(request, form, one, _("受领任务"), _("受领"))


@requires("lead", CAMPAIGN)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), "lead", pk=pk)
    workflow.refuse_late(one, "report")
    form = ReportForm(request.POST or None, initial={"version": one.version, "result": one.result})
    if request.method == "POST" and form.is_valid():
        try:
            services.report_campaign(campaign=one, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("整治结果已报县委巡察办验收。"))
            return redirect(one)
    return _form_page(request, form, one, _("报送结果"), _("报送"))


@requires("work", TASK)
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object(request.user, _tasks(), "work", pk=pk)
    workflow.refuse_late(task, "finish")
    form = FinishForm(request.POST or None, initial={"version": task.version, "done_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.finish_task(task=task, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记 %s 的整治结果。") % task.village)
            return redirect(task)
    return _form_page(request, form, task.campaign, _("登记结果：%s") % task.village, _("登记"), task=task)


def _tasks() -> Any:
    return CampaignTask.objects.select_related("campaign__issue", "campaign__organ", "village__division", "township")


campaign_close = move_view(
    load=read.for_page,
    name="close",
    argument="campaign",
    service=services.close_campaign,
    effect=gettext_lazy("将验收结束：%s。"),
    ask=True,
)
campaign_return = move_view(
    load=read.for_page,
    name="return",
    argument="campaign",
    service=services.return_campaign,
    effect=gettext_lazy("将退回：%s。部门继续整治后再报。"),
)
task_resume = move_view(
    load=_tasks,
    name="resume",
    argument="task",
    service=services.resume_task,
    effect=gettext_lazy("将重新整治：%s。"),
)
