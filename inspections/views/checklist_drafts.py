"""The draft of the next version: begun, changed item by item, enabled or given up (C1)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import policy
from common.asked import number
from common.gate import get_object, requires
from inspections import services
from inspections.forms.checklists import EnableForm, ItemForm, NewItemForm
from inspections.models import Checklist, ChecklistItem
from inspections.selectors import checklist as read

from .checklist import CHECKLIST, county_of

FIELDS = ("text", "theme", "basis", "evidence", "lead_department", "party_building")


@requires("edit", CHECKLIST)
@require_POST
def checklist_begin(request: HttpRequest) -> HttpResponse:
    draft = services.draft_checklist(county=county_of(request.user), actor=request.user)
    messages.success(request, _("已起草“%s”，启用之前可以修改。") % draft)
    return redirect("inspections:checklist_draft", draft.pk)


@requires("edit", CHECKLIST)
@require_GET
def checklist_draft(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object(request.user, read.for_page(), "edit", pk=pk)
    if not draft.is_draft:
        return redirect(draft)
    context = {
        "draft": draft,
        "tree": read.as_tree(draft.items.order_by("code")),
        "retired": read.retired(draft),
        "may_enable": policy.allows(request.user, "enable", draft),
    }
    return render(request, "inspections/checklist_draft.html", context)


def _draft_of(request: HttpRequest, pk: int) -> tuple[Checklist, ChecklistItem]:
    draft = get_object(request.user, read.for_page(), "edit", items=pk)
    return draft, get_object_or_404(draft.items, pk=pk)


@requires("edit", CHECKLIST)
@require_http_methods(["GET", "POST"])
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object(request.user, read.for_page(), "edit", pk=pk)
    tree = read.as_tree(draft.items.order_by("code"))
    points = [(one.code, f"{one.code} {one.name}") for part in tree for one in part.points]
    initial = {"revision": draft.revision, "point_code": request.GET.get("point", "")}
    form = NewItemForm(request.POST or None, points=points, initial=initial)
    if _done(request, form, lambda values: services.add_item(checklist=draft, actor=request.user, **values)):
        messages.success(request, _("已增加“%s”。") % form.cleaned_data["text"])
        return redirect("inspections:checklist_draft", draft.pk)
    return _form(request, draft, form)


@requires("edit", CHECKLIST)
@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    draft, item = _draft_of(request, pk)
    initial = {name: getattr(item, name) for name in FIELDS} | {"revision": draft.revision}
    form = ItemForm(request.POST or None, initial=initial)
    if _done(request, form, lambda values: services.edit_item(item=item, actor=request.user, **values)):
        messages.success(request, _("已修改“%s”。") % item.code)
        return redirect("inspections:checklist_draft", draft.pk)
    return _form(request, draft, form, item)


@requires("edit", CHECKLIST)
@require_POST
def item_retire(request: HttpRequest, pk: int) -> HttpResponse:
    draft, item = _draft_of(request, pk)
    if request.POST.get("confirmed") != "1":
        effect = _("将在这一版停用“%s”。以前的版本和已发现的问题不受影响。") % item
        return _ask(request, draft, _("停用条目"), effect, _("停用"))
    services.retire_item(item=item, actor=request.user, revision=_revision(request))
    messages.success(request, _("已停用“%s”。") % item)
    return redirect("inspections:checklist_draft", draft.pk)


@requires("edit", CHECKLIST)
@require_POST
def item_restore(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object(request.user, read.for_page(), "edit", pk=pk)
    code = request.POST.get("code", "")[:10]
    item = services.restore_item(checklist=draft, code=code, actor=request.user, revision=_revision(request))
    messages.success(request, _("已恢复“%s”。") % item)
    return redirect("inspections:checklist_draft", draft.pk)


@requires("enable", CHECKLIST)
@require_http_methods(["GET", "POST"])
def checklist_enable(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes is shown beside the day from which it does."""
    draft = get_object(request.user, read.for_page(), "enable", pk=pk)
    form = EnableForm(request.POST or None, initial={"revision": draft.revision})
    if _done(request, form, lambda values: services.enable_checklist(checklist=draft, actor=request.user, **values)):
        messages.success(request, _("“%s”已定稿，到启用日期起用。") % draft)
        return redirect(draft)
    before = read.latest(draft.county) or draft.base
    found = read.compared(before, draft) if before else None
    context = {"draft": draft, "form": form, "before": before, "found": found}
    return render(request, "inspections/checklist_enable.html", context, status=422 if form.errors else 200)


@requires("edit", CHECKLIST)
@require_POST
def checklist_discard(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object(request.user, read.for_page(), "edit", pk=pk)
    if request.POST.get("confirmed") != "1":
        return _ask(request, draft, _("放弃草稿"), _("将放弃“%s”，其中的修改不保留。") % draft, _("放弃"))
    services.discard_checklist(checklist=draft, actor=request.user, revision=_revision(request))
    messages.success(request, _("已放弃“%s”。") % draft)
    return redirect("inspections:checklist")


def _revision(request: HttpRequest) -> int:
    return number(request.POST.get("revision", "")) or 0


def _done(request: HttpRequest, form: Any, call: Callable[[dict[str, Any]], Any]) -> bool:
    """Was the form sent, sound, and accepted by the service?"""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        call(form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _form(request: HttpRequest, draft: Checklist, form: Any, item: ChecklistItem | None = None) -> HttpResponse:
    context = {"draft": draft, "form": form, "item": item}
    return render(request, "inspections/checklist_item.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, draft: Checklist, title: str, effect: str, verb: str) -> HttpResponse:
    context = {
        "title": title,
        "effect": effect,
        "verb": verb,
        "cancel_url": reverse("inspections:checklist_draft", args=[draft.pk]),
        "hidden": [("revision", draft.revision)],
        "warn": True,
    }
    return render(request, "_parts/confirm_page.html", context)
