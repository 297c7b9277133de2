"""Findings: recorded in the village on a phone, decided by the leader, listed for whoever may see them (C1, E1)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common import audit, policy, workflow
from common.asked import number
from common.errors import Conflict
from common.gate import get_object, requires
from inspections import services
from inspections.enums import LIVING, FindingStatus
from inspections.forms.findings import FindingForm, MergeForm, NewFindingForm
from inspections.models import ChecklistItem, Finding, Inspection
from inspections.selectors import findings as read
from inspections.selectors.checklist import as_tree, items_for, search_items
from inspections.selectors.fieldwork import cited
from inspections.selectors.focus import focused
from inspections.selectors.inspections import for_page as inspections_for_page
from inspections.transitions import inspection_takes_findings
from villages.services import scope_of

from .moves import move_view, same_version
from .parts import sees_sources
from .timeline import events

FINDING = "inspections.Finding"
NEXT = {"again": "inspections:finding_new", "done": "inspections:detail"}


@requires("add", FINDING)
@require_http_methods(["GET", "POST"])
def finding_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First choose the checklist item, then write; both steps work by plain links and forms."""
    inspection = get_object(request.user, inspections_for_page(), pk=pk)
    policy.allows(request.user, "add", Finding(inspection=inspection, **scope_of(inspection.village))).demand()
    if refusal := inspection_takes_findings(inspection):
        messages.warning(request, refusal)
        return redirect(inspection)
    item = _item(request, inspection)
    if item is None:
        return _choose(request, inspection)
    form = NewFindingForm(request.POST or None, inspection=inspection, author=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            finding = services.record_finding(
                inspection=inspection, actor=request.user, checklist_item=item, **form.cleaned_data
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记底稿：%s。") % finding.title)
            return redirect(NEXT["again" if request.POST.get("then") == "again" else "done"], inspection.pk)
    context = {
        "inspection": inspection,
        "item": item,
        "form": form,
        "similar": read.similar(inspection, item.pk),
    }
    return render(request, "inspections/finding_new.html", context, status=422 if form.errors else 200)


def _item(request: HttpRequest, inspection: Inspection) -> ChecklistItem | None:
    pk = number(request.POST.get("item") or request.GET.get("item") or "")
    return items_for(inspection).filter(pk=pk).first() if pk is not None else None


def _choose(request: HttpRequest, inspection: Inspection, finding: Finding | None = None) -> HttpResponse:
    text, aspect = request.GET.get("q", "")[:40], request.GET.get("aspect", "")[:4]
    narrow = bool(inspection.focus) and not text and "all" not in request.GET
    rows = search_items(items_for(inspection), text, aspect=aspect)
    items = list(focused(inspection, rows) if narrow else rows)
    context = {
        "inspection": inspection,
        "finding": finding,
        "tree": as_tree(items),
        "count": len(items),
        "narrow": narrow,
        "q": text,
        "aspect": aspect,
        "aspects": as_tree(items_for(inspection)),
    }
    return render(request, "inspections/finding_choose.html", context)


@requires("view", FINDING)
@require_GET
def finding_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    finding = get_object(user, read.for_page(), pk=pk)
    inside = bool(policy.allows(user, "view", finding.inspection))
    buttons = [one for one in workflow.buttons(finding, user) if one.move.name not in ELSEWHERE]
    sources = list(read.sources(finding)) if inside else []
    context = {
        "finding": finding,
        "inside": inside,
        "buttons": buttons,
        "similar": read.similar(finding.inspection, finding.checklist_item_id, finding.pk) if inside else [],
        "events": events(audit.history(finding)[:40]) if inside else [],
        "steps": signatures(finding) if inside else [],
        "sources": sources,
        "cited": cited(finding, *sources) if inside and sees_sources(user, finding.inspection) else None,
        "may_cite": _may_cite(user, finding),
        "may_hand_over": _may_hand_over(user, finding),
        "may_refer": finding.status in LIVING and policy.allows(user, "refer", finding),
    }
    return render(request, "inspections/finding_detail.html", context)


ELSEWHERE = ("feed_back", "hand_over", "refer", "restore")  # pages of rectification


def _may_hand_over(user: Any, finding: Finding) -> bool:
    wanted = finding.is_immediate and finding.status == FindingStatus.CONFIRMED
    return (
        wanted and bool(policy.allows(user, "hand_over", finding)) and not inspection_takes_findings(finding.inspection)
    )


def _may_cite(user: Any, finding: Finding) -> bool:
    return finding.status in LIVING and bool(policy.allows(user, "edit", finding))


def signatures(finding: Finding) -> list[dict[str, Any]]:
    """登记、签名、初审、审定、反馈, each with whose name stands for it; none for what is not accepted or was merged."""
    if finding.status not in (*LIVING, FindingStatus.FED_BACK):
        return []
    done = len(LIVING) + 1 if finding.status == FindingStatus.FED_BACK else LIVING.index(finding.status) + 1
    lines = (
        (_("登记"), finding.inspector),
        (_("第二人签名"), finding.second_inspector or _("待补填")),
        (_("副组长初审"), finding.reviewed_by),
        (_("组长审定"), finding.approved_by),
        (_("反馈交办"), finding.number if finding.status == FindingStatus.FED_BACK else None),
    )
    return [
        {"label": label, "note": note or "", "state": "done" if at < done else "now" if at == done else ""}
        for at, (label, note) in enumerate(lines)
    ]


FIELDS = (
    "title",
    "facts",
    "second_inspector",
    "severity",
    "is_immediate",
    "is_common",
    "period",
    "amount",
    "people_affected",
    "post_concerned",
    "evidence",
)


@requires("edit", FINDING)
@require_http_methods(["GET", "POST"])
def finding_edit(request: HttpRequest, pk: int) -> HttpResponse:
    finding = get_object(request.user, read.for_page(), "edit", pk=pk)
    inspection = finding.inspection
    if refusal := _not_editable(finding):
        messages.warning(request, refusal)
        return redirect(finding)
    if "choose" in request.GET:
        return _choose(request, inspection, finding)
    item = _item(request, inspection) or finding.checklist_item
    initial = {name: getattr(finding, name) for name in FIELDS}
    form = FindingForm(request.POST or None, inspection=inspection, author=finding.inspector, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_finding(
                finding=finding,
                actor=request.user,
                version=number(request.POST.get("version", "")),
                checklist_item=item,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("底稿已保存。"))
            return redirect(finding)
    context = {"inspection": inspection, "finding": finding, "item": item, "form": form}
    return render(request, "inspections/finding_new.html", context, status=422 if form.errors else 200)


def _not_editable(finding: Finding) -> str | None:
    if finding.status != FindingStatus.DRAFT:
        return _("问题现在是“%s”，不能修改。需要改动时，请组长、副组长先退回底稿。") % finding.status_label
    return inspection_takes_findings(finding.inspection)


def _move(name: str, service: Any, effect: Any) -> Any:
    return move_view(load=read.for_page, name=name, argument="finding", service=service, effect=effect)


finding_cosign = _move("cosign", services.cosign_finding, gettext_lazy("将签名：%s。签名后内容不能再改。"))
finding_review = _move("review", services.review_finding, gettext_lazy("将初审通过：%s。随后由组长审定。"))
finding_confirm = _move("confirm", services.confirm_finding, gettext_lazy("将审定：%s。审定后编号，写入反馈意见。"))
finding_reject = _move("reject", services.reject_finding, gettext_lazy("将不予认定：%s。不写入反馈意见。"))
finding_reopen = _move("reopen", services.reopen_finding, gettext_lazy("将退回底稿：%s。改后重新签名、初审、审定。"))


@requires("settle", FINDING)
@require_http_methods(["GET", "POST"])
def finding_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the finding that stays; this one goes into it."""
    finding = get_object(request.user, read.for_page(), "settle", pk=pk)
    if refusal := _not_mergeable(finding, request.user):
        raise Conflict(refusal)
    form = MergeForm(request.POST or None, targets=read.targets(finding), initial={"version": finding.version})
    if request.method == "POST" and form.is_valid():
        same_version(form.cleaned_data["version"], finding)
        try:
            services.merge_finding(
                finding=finding, into=form.cleaned_data["into"], actor=request.user, note=form.cleaned_data["note"]
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已并入“%s”，两份底稿都保留作来源。") % form.cleaned_data["into"].title)
            return redirect(form.cleaned_data["into"])
    context = {"finding": finding, "inspection": finding.inspection, "form": form}
    return render(request, "inspections/finding_merge.html", context, status=422 if form.errors else 200)


def _not_mergeable(finding: Finding, user: Any) -> str | None:
    button = next((one for one in workflow.buttons(finding, user) if one.move.name == "merge"), None)
    if button is None:
        return _("问题现在是“%s”，不能合并。需要合并时，请先退回底稿。") % finding.status_label
    return button.reason or None
