"""Inspections: the list by stage, one inspection with its next step, and its moves (A5, D1)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common import policy, workflow
from common.gate import get_object, requires
from common.paging import page_of
from inspections import services
from inspections.enums import Stage
from inspections.forms.inspections import ArrangeForm, InspectionQuery
from inspections.selectors import inspections as read
from inspections.selectors.duties import duties_of
from inspections.selectors.fieldwork import progress
from inspections.selectors.focus import points_of

from .moves import move_view
from .papers import paper_rows
from .parts import field_acts, sees_sources, tabs, takes
from .steps import facts, hints, may_record, next_step, other_moves, steps
from .timeline import events

INSPECTION = "inspections.Inspection"


@requires("view", INSPECTION)
@require_GET
def inspection_list(request: HttpRequest) -> HttpResponse:
    query = InspectionQuery(
        request.GET,
        townships=read.townships_to_choose(request.user),
        rounds=read.rounds_to_choose(request.user),
    )
    filters = read.Filters(**query.cleaned_data) if query.is_valid() else read.Filters()
    rows = read.inspections(request.user, filters)
    counts = read.stage_counts(rows)
    tab = request.GET.get("t", "all")
    tab = tab if tab in read.TABS else "all"
    stage = read.TABS[tab][1]
    page = page_of(read.with_counts(rows.filter(status=stage) if stage else rows), request.GET)
    context = {
        "query": query,
        "tabs": [
            {"key": key, "label": label, "count": counts[key], "current": key == tab}
            for key, (label, _stage) in read.TABS.items()
            if key != "cancelled" or counts[key] or tab == key
        ],
        "tab": tab,
        "page": page,
        "filtered": any(filters.__dict__.values()),
        "sees_plans": policy.may(request.user, "view", "inspections.AnnualPlan"),
        "sees_duties": policy.may(request.user, "view", "inspections.DutyTemplate"),
    }
    return render(request, "inspections/inspection_list.html", context)


@requires("view", INSPECTION)
@require_GET
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    inspection = get_object(user, read.for_page(), pk=pk)
    findings = list(read.findings_of(user, inspection))
    feedback = read.feedback_of(user, inspection)
    possible = workflow.buttons(inspection, user)
    step = next_step(user, inspection, possible, findings, feedback)
    context = {
        "inspection": inspection,
        "findings": findings,
        "feedback": feedback,
        "team": read.team_of(inspection),
        "steps": steps(inspection, feedback),
        "step": step,
        "moves": other_moves(inspection, possible, step),
        "arrange": any(one.move.name == "arrange" and one.enabled for one in possible),
        "may_record": may_record(user, inspection),
        "may_refer": inspection.status in (Stage.DURING, Stage.AFTER) and policy.allows(user, "run", inspection),
        "may_export": bool(findings) and policy.allows(user, "export", findings[0]),
        "hints": hints(user, inspection, findings, step),
        "facts": facts(inspection),
        "papers": paper_rows(user, inspection),
        "tabs": tabs(user, inspection, "detail"),
        "duties": duties_of(inspection),
        "progress": progress(inspection) if sees_sources(user, inspection) else None,
        "events": events(read.timeline(inspection, feedback)),
    } | field_acts(user, inspection, takes(inspection))
    return render(request, "inspections/inspection_detail.html", context)


@requires("plan", INSPECTION)
@require_http_methods(["GET", "POST"])
def inspection_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Change mode and dates."""
    inspection = get_object(request.user, read.for_page(), "plan", pk=pk)
    fields = ("mode", "mode_reason", "theme", "focus", "planned_from", "planned_to", "version")
    initial = {name: getattr(inspection, name) for name in fields}
    form = ArrangeForm(request.POST or None, initial=initial, points=points_of(inspection.checklist))
    if request.method == "POST" and form.is_valid():
        try:
            services.arrange(inspection=inspection, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("巡察方案已更新。"))
            return redirect(inspection)
    context = {"inspection": inspection, "form": form}
    return render(request, "inspections/inspection_arrange.html", context, status=422 if form.errors else 200)


def _move(name: str, service: Any, effect: Any, ask: bool = False) -> Any:
    return move_view(load=read.for_page, name=name, argument="inspection", service=service, effect=effect, ask=ask)


inspection_enter = _move("enter", services.enter_inspection, gettext_lazy("将登记巡察组今天进驻：%s。"))
inspection_leave = _move(
    "leave", services.leave_inspection, gettext_lazy("将登记巡察组今天结束驻村：%s。之后起草反馈意见。")
)
inspection_close = _move(
    "close", services.close_inspection, gettext_lazy("将办结：%s。办结后计入本届覆盖，资料不能再改。"), ask=True
)
inspection_cancel = _move(
    "cancel", services.cancel_inspection, gettext_lazy("将取消：%s。该村不计入覆盖，可重新列入计划。")
)
