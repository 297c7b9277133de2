"""Yearly plans: list, one plan with its villages, choosing villages, suggestion (A4, D2)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import audit, policy, workflow
from common.errors import Conflict
from common.gate import get_object, requires
from common.paging import page_of
from inspections import services
from inspections.enums import MODES_OF_CLASS, TONES, Mode, PlanStatus
from inspections.forms.plans import ChangeEntryForm, EntryForm, EntryQuery, PickQuery, PlanForm
from inspections.models import AnnualPlan
from inspections.selectors import plans as read
from inspections.selectors.coverage import covered_on
from inspections.selectors.filings import last_filing
from inspections.selectors.suggestion import by_township, term_suggestion
from inspections.selectors.warnings import plan_warnings
from villages.enums import VillageClass
from villages.models import Village

from .batch import chosen_ids, hidden
from .moves import move_view
from .timeline import events

PLAN = "inspections.AnnualPlan"


@requires("view", PLAN)
@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    rows = list(read.plans(request.user)[:200])
    context = {
        "plans": rows,
        "may_add": policy.may(request.user, "add", AnnualPlan),
        "sees_recusals": policy.may(request.user, "view", "inspections.Recusal"),
        "sees_forces": policy.may(request.user, "view", "inspections.InspectionSetting"),
    }
    return render(request, "inspections/plan_list.html", context)


@requires("add", PLAN)
@require_http_methods(["GET", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.create_plan(
                county=request.user.organ.division,  # type: ignore[union-attr]
                year=form.cleaned_data["year"],
                actor=request.user,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%s 已建立。请选村，或先用“按建议选村”。") % plan)
            return redirect(plan)
    return render(request, "inspections/plan_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("view", PLAN)
@require_GET
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object(request.user, read.for_page(), pk=pk)
    waves = read.make_up(plan)
    query = EntryQuery(request.GET, townships=read.townships(plan.county_id), waves=[one["wave"] for one in waves])
    page = page_of(read.entries(plan, _filters(query)), request.GET, by="id")
    may_edit = plan.status == PlanStatus.DRAFT and policy.allows(request.user, "edit", plan)
    may_open = policy.may(request.user, "add", "inspections.Round") and plan.status in (
        PlanStatus.APPROVED,
        PlanStatus.FILED,
    )
    context = {
        "plan": plan,
        "waves": waves,
        "total": sum(one["total"] for one in waves),
        "query": query,
        "page": page,
        "may_edit": may_edit,
        "batch_actions": [
            {"label": _("改轮次或方式"), "value": "change"},
            {"label": _("移出计划"), "value": "remove", "warn": True},
        ],
        "warnings": plan_warnings(plan) if plan.status in (PlanStatus.DRAFT, PlanStatus.SUBMITTED) else [],
        "rounds": read.rounds_of(request.user, plan),
        "to_open": read.waves_to_open(plan) if may_open else [],
        "buttons": [one for one in workflow.buttons(plan, request.user) if one.enabled or one.move.name != "revise"],
        "filing": last_filing(plan=plan),
        "events": events(audit.history(plan)[:30]),
    }
    return render(request, "inspections/plan_detail.html", context)


def _filters(form: Any) -> read.VillageFilters:
    data = form.cleaned_data if form.is_valid() else {}
    known = read.VillageFilters.__dataclass_fields__
    return read.VillageFilters(**{key: value for key, value in data.items() if key in known and value})


@requires("edit", PLAN)
@require_http_methods(["GET", "POST"])
def plan_pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose villages with an approved class and put them on the plan."""
    plan = get_object(request.user, read.for_page(), "edit", pk=pk)
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, plan, form):
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    query = PickQuery(request.GET, townships=read.townships(plan.county_id))
    done = covered_on(plan.term, plan.county_id)
    page = page_of(read.pickable(plan, _filters(query), done), request.GET, by="pk")
    for village in page.rows:
        village.covered_on = done.get(village.pk)
        village.usual_mode = Mode(MODES_OF_CLASS[village.klass][0]).label
        village.class_tone = TONES[village.klass]
    context = {
        "plan": plan,
        "form": form,
        "query": query,
        "page": page,
        "chosen": set(chosen_ids(request)),
    }
    return render(request, "inspections/plan_pick.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, plan: AnnualPlan, form: EntryForm) -> bool:
    ids = chosen_ids(request)
    if not ids:
        form.add_error(None, _("请先勾选要列入的村。"))
        return False
    villages = Village.objects.filter(pk__in=ids, county_id=plan.county_id).select_related("division")
    try:
        made = services.add_to_plan(plan=plan, villages=villages, actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(
        request, _("已列入 %(count)s 个村，第 %(wave)s 轮。") % {"count": len(made), "wave": form.cleaned_data["wave"]}
    )
    return True


@requires("edit", PLAN)
@require_POST
def plan_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Batch on the plan's villages: take them off, or give them another wave or mode."""
    plan = get_object(request.user, read.for_page(), "edit", pk=pk)
    rows = Village.objects.filter(plan_entries__plan=plan, pk__in=chosen_ids(request))
    villages = list(rows.select_related("division", "township"))
    if not villages:
        messages.warning(request, _("请先勾选村，再办理。"))
        return redirect(plan)
    if request.POST.get("action") == "change":
        return _change(request, plan, villages)
    if request.POST.get("confirmed") != "1":
        effect = _("将把下列 %s 个村移出计划：") % len(villages)
        return _confirm(request, plan, villages, title=_("移出计划"), effect=effect, verb=_("移出计划"), warn=True)
    try:
        count = services.remove_from_plan(plan=plan, villages=villages, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已移出 %s 个村。") % count)
    return redirect(plan)


def _change(request: HttpRequest, plan: AnnualPlan, villages: list[Village]) -> HttpResponse:
    form = ChangeEntryForm(request.POST if "wave" in request.POST else None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            count = services.change_on_plan(plan=plan, villages=villages, actor=request.user, **values)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已调整 %s 个村。") % count)
            return redirect(plan)
    effect = _("调整下列 %s 个村的轮次或巡察方式：") % len(villages)
    return _confirm(request, plan, villages, title=_("改轮次或方式"), effect=effect, verb=_("保存"), form=form)


def _confirm(request: HttpRequest, plan: AnnualPlan, villages: list[Village], **context: Any) -> HttpResponse:
    form = context.get("form")
    context |= {
        "rows": [one.full_name for one in villages[:30]] + ([_("……")] if len(villages) > 30 else []),
        "cancel_url": plan.get_absolute_url(),
        "hidden": hidden(request, "action", "ids"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "_parts/confirm_page.html", context, status=status)


@requires("edit", PLAN)
@require_http_methods(["GET", "POST"])
def plan_suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """What this year and the years to come should hold, and which wishes stay open; then what is ticked is put on."""
    plan = get_object(request.user, read.for_page(), "edit", pk=pk)
    if plan.status != PlanStatus.DRAFT:
        raise Conflict(_("计划现在是“%s”，不能再改动其中的村。") % plan.status_label)
    if request.method == "POST":
        ids = chosen_ids(request)
        try:
            made = services.suggest_plan(plan=plan, actor=request.user, townships=ids) if ids else None
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            if made is not None:
                messages.success(request, _("已按建议列入 %s 个村，请逐项核对。") % len(made))
                return redirect(plan)
            messages.warning(request, _("请先勾选乡镇，再列入计划。"))
    found = term_suggestion(plan)
    context = {"plan": plan, "found": found, "groups": by_township(found.entries), "classes": VillageClass.labels}
    return render(request, "inspections/plan_suggest.html", context, status=422 if request.method == "POST" else 200)


def _move(name: str, service: Any, effect: Any) -> Any:
    return move_view(load=read.for_page, name=name, argument="plan", service=service, effect=effect)


plan_submit = _move(
    "submit", services.submit_plan, gettext_lazy("将把“%s”提交县委巡察工作领导小组审批。提交后不能再改动其中的村。")
)
plan_approve = _move("approve", services.approve_plan, gettext_lazy("将批准“%s”。批准后可以分轮开展巡察。"))
plan_return = _move("return", services.return_plan, gettext_lazy("将把“%s”退回县委巡察办修改。"))
plan_file = _move("file", services.file_plan, gettext_lazy("将把“%s”报市委巡察办备案。备案后市级可以查看。"))
plan_revise = _move("revise", services.revise_plan, gettext_lazy("将把“%s”改回草拟，修改后重新报批、报备。"))
