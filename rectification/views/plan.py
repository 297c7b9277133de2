"""签收, 整改措施, “四抓”责任人: what the township plans for an item."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.gate import requires
from rectification import selectors, services
from rectification.enums import OPEN, ItemStatus
from rectification.forms import PeopleForm, VersionForm, measure_formset, measures_of, more_rows
from rectification.models import Measure, RectificationItem

from .base import attempt, done, load, show
from .ledger import ITEM

GET_POST = ["GET", "HEAD", "POST"]


class PlanForm(PeopleForm, VersionForm):
    """Four responsible and the version of the item."""


@requires("accept", ITEM)
@require_http_methods(GET_POST)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """签收 with measures and the four, prefilled from what the township named last time."""
    item = load(request, pk, "accept", [ItemStatus.ASSIGNED])
    named = selectors.people_by_kind(item.responsibles.all())
    last = named or selectors.last_people(item)
    initial = PeopleForm.initial_of(last) | {"version": item.version}
    form = PlanForm(request.POST or None, initial=initial)
    formset = _measures(request, item)
    if request.method == "POST" and "more" not in request.POST and _valid(form, formset):
        accepted = attempt(form, lambda: _accept(request, item, form, formset))
        if accepted:
            return done(request, item, _("已签收 %s，请组织整改。") % item.number)
    context = {"item": item, "form": form, "formset": formset, "reused": bool(last and not named)}
    return _show(request, "accept", context)


def _accept(request: HttpRequest, item: RectificationItem, form: Any, formset: Any) -> None:
    services.accept_item(
        item=item,
        actor=request.user,
        measures=measures_of(formset),
        people=form.people(),
        version=form.cleaned_data["version"],
    )


def _measures(request: HttpRequest, item: RectificationItem) -> Any:
    if "more" in request.POST:
        return more_rows(item, request.POST)
    data = request.POST if request.method == "POST" else None
    return measure_formset(item, list(item.measures.all()), data)


def _valid(form: Any, formset: Any) -> bool:
    return bool(form.is_valid()) & bool(formset.is_valid())


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """More rows asked for is no error: the page comes back as it was filled in."""
    formset = context.get("formset")
    if "more" in request.POST:
        return show(request, template, context | {"form": type(context["form"])(initial=request.POST.dict())})
    wrong = bool(formset is not None and formset.is_bound and not formset.is_valid())
    return show(request, template, context | {"has_errors": wrong})


@requires("assign", ITEM)
@require_http_methods(GET_POST)
def measures(request: HttpRequest, pk: int) -> HttpResponse:
    """整改措施 of an item, before acceptance or while it is being put right."""
    item = load(request, pk, "assign", [ItemStatus.ASSIGNED, ItemStatus.IN_PROGRESS])
    form, formset = VersionForm(request.POST or None, initial={"version": item.version}), _measures(request, item)
    if request.method == "POST" and "more" not in request.POST and _valid(form, formset):
        saved = attempt(
            form, lambda: services.set_measures(item=item, actor=request.user, measures=measures_of(formset))
        )
        if saved:
            return done(request, item, _("已保存整改措施 %s 条。") % len(measures_of(formset)))
    return _show(request, "measures", {"item": item, "form": form, "formset": formset})


@requires("assign", ITEM)
@require_http_methods(GET_POST)
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """“四抓”责任人 of an open item."""
    item = load(request, pk, "assign", OPEN)
    named = selectors.people_by_kind(item.responsibles.all())
    last = named or selectors.last_people(item)
    form = PeopleForm(request.POST or None, initial=PeopleForm.initial_of(last))
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: services.assign_responsibles(item=item, actor=request.user, people=form.people()))
        if saved:
            return done(request, item, _("已保存“四抓”责任人。"))
    return show(request, "people", {"item": item, "form": form, "reused": bool(last and not named)})


@requires("report", ITEM)
@require_POST
def measure_done(request: HttpRequest, pk: int, measure: int) -> HttpResponse:
    """One measure is done today."""
    item = load(request, pk, "report", [ItemStatus.IN_PROGRESS])
    found: Measure = get_measure(item, measure)
    services.complete_measure(measure=found, actor=request.user)
    return done(request, item, _("措施 %s 已标记完成。") % found.order)


def get_measure(item: RectificationItem, pk: int) -> Measure:
    found = selectors.measure(item, pk)
    if found is None:
        raise Http404
    return found
