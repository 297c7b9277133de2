"""Classes: villages without one, proposals to decide, the current ones; suggestions taken over in batches (B2–B4)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import policy
from common.asked import numbers
from common.counting import capped_counts
from common.errors import Conflict, OutOfScope
from common.gate import get_object, requires
from common.paging import Page, page_of
from villages import services
from villages.enums import ClassificationStatus as S
from villages.forms.queries import ClassQuery
from villages.forms.villages import ClassForm, ReasonForm, refuse
from villages.models import Classification, Village
from villages.selectors import classes as read
from villages.selectors.suggestions import rules_for, suggest, suggest_all
from villages.selectors.villages import places_for

from .present import class_badge, class_lines

CLASSIFICATION = "villages.Classification"
TABS = {
    "none": gettext_lazy("未分类"),
    "proposed": gettext_lazy("待审定"),
    "current": gettext_lazy("现行分类"),
    "rejected": gettext_lazy("未通过"),
}
STATUS = {"proposed": S.PROPOSED, "current": S.APPROVED, "rejected": S.REJECTED}
MOST = 500


@requires("view", CLASSIFICATION)
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("t", "")
    tab = tab if tab in TABS else "none"
    divisions = places_for(request.user, request.GET.get("county", ""))
    query = ClassQuery(request.GET, divisions=divisions, by_class=tab != "none")
    place = {key: value for key, value in query.asked().items() if key in ("county", "township")}
    sets: dict[str, Any] = {"none": read.unclassified(request.user, **place)}
    klass = query.cleaned_data.get("klass", "")
    sets |= {key: read.proposals(request.user, status, klass=klass, **place) for key, status in STATUS.items()}
    counts = capped_counts(sets)
    page = _page(request, tab, sets[tab])
    context = {
        "query": query,
        "tab": tab,
        "tabs": [
            {"key": key, "label": label, "count": counts[key], "current": key == tab} for key, label in TABS.items()
        ],
        "page": page,
        "filtered": bool(place or klass),
        "may_classify": policy.may(request.user, "classify", "villages.Village"),
        "may_approve": policy.may(request.user, "approve", CLASSIFICATION),
    }
    context["batch_actions"] = _actions(tab, context)
    return render(request, f"villages/classes_{'none' if tab == 'none' else 'decided'}.html", context)


def _page(request: HttpRequest, tab: str, rows: Any) -> Page:
    if tab != "none":
        page = page_of(rows, request.GET, by="id" if tab == "proposed" else "-id")
        for one in page.rows:
            one.badge = class_badge(one.klass)
            one.pickable = tab == "proposed" and one.proposer_id != request.user.pk
        return page
    page = page_of(rows, request.GET, by="division__code")
    found = suggest_all(page.rows)
    for one in page.rows:
        one.suggestion = found.get(one.pk)
        one.badge = class_badge(one.suggestion.klass) if one.suggestion else None
    return page


def _actions(tab: str, context: dict[str, Any]) -> list[dict[str, Any]]:
    if tab == "none" and context["may_classify"]:
        effect = _("将按建议为选中的 {n} 个村提出分类，报负责人审定。")
        return [{"label": _("按建议提出分类"), "value": "propose", "confirm": effect}]
    if tab == "proposed" and context["may_approve"]:
        effect = _("将审定选中的 {n} 个村的分类。审定后即为现行分类，可以列入年度计划。")
        return [
            {"label": _("审定"), "value": "approve", "confirm": effect},
            {"label": _("退回"), "value": "reject", "url": reverse("villages:classes_reject"), "warn": True},
        ]
    return []


# ----------------------------------------------------------------------- batch


@requires("classify", "villages.Village")
@require_POST
def classes_propose(request: HttpRequest) -> HttpResponse:
    """Take over the suggestions for the villages that were ticked."""
    villages = _chosen(request, read.unclassified(request.user), "classify")
    found = suggest_all(villages)
    suggested = [(one, found[one.pk]) for one in villages if one.pk in found]
    if request.POST.get("confirmed") != "1":
        rows = [f"{one.full_name}：{class_badge(hint.klass)['word']}（{hint.reason}）" for one, hint in suggested]
        return _confirm(request, _("按建议提出分类"), _("将为 %d 个村提出分类，报负责人审定。") % len(rows), rows)
    if not suggested:
        messages.warning(request, _("选中的村没有可用的建议，请逐村提出分类。"))
    elif _done(request, lambda: services.propose_suggested(suggested=suggested, actor=request.user)):
        messages.success(request, _("已为 %d 个村提出分类，等待负责人审定。") % len(suggested))
    return redirect("villages:classify")


@requires("approve", CLASSIFICATION)
@require_POST
def classes_approve(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request, read.proposals(request.user), "approve")
    if request.POST.get("confirmed") != "1":
        return _confirm(request, _("审定"), _("将审定 %d 个村的分类。") % len(chosen), _named(chosen))
    if _done(request, lambda: services.approve_classes(classifications=chosen, actor=request.user)):
        messages.success(request, _("已审定 %d 个村的分类。") % len(chosen))
    return redirect(f"{reverse('villages:classify')}?t=proposed")


@requires("reject", CLASSIFICATION)
@require_POST
def classes_reject(request: HttpRequest) -> HttpResponse:
    """Turn down the proposals that were ticked, with one reason for all."""
    chosen = _chosen(request, read.proposals(request.user), "reject")
    form = ReasonForm(request.POST if request.POST.get("confirmed") == "1" else None)
    if not form.is_valid():
        effect = _("将退回 %d 个村的分类，这些村仍按原分类管理。") % len(chosen)
        return _confirm(request, _("退回"), effect, _named(chosen), form=form, warn=True)
    note = form.cleaned_data["note"]
    if _done(request, lambda: services.reject_classes(classifications=chosen, actor=request.user, note=note)):
        messages.success(request, _("已退回 %d 个村的分类。") % len(chosen))
    return redirect(f"{reverse('villages:classify')}?t=proposed")


def _chosen(request: HttpRequest, rows: Any, action: str) -> list[Any]:
    """All the rows that were ticked; one that is out of reach refuses the whole batch."""
    ids = numbers(request.POST.getlist("ids"))
    found = list(policy.visible(request.user, rows.filter(pk__in=ids), action)[: MOST + 1])
    if len(found) != len(ids) or len(ids) > MOST:
        everything = policy.visible(request.user, rows.model._default_manager.filter(pk__in=ids), action)
        if len(ids) <= MOST and everything.count() == len(ids):
            raise Conflict(_("选中的内容有的已经由他人办理，这一批都没有提交。请重新勾选。"))
        raise OutOfScope(_("选中的内容有的不在您的范围内，请刷新页面后重新勾选。"))
    for one in found:
        policy.allows(request.user, action, one).demand()
    return found


def _named(chosen: Sequence[Classification]) -> list[str]:
    return [f"{one.village.full_name}：{one.get_klass_display()}" for one in chosen]


def _done(request: HttpRequest, act: Any) -> bool:
    try:
        act()
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return False
    return True


def _confirm(
    request: HttpRequest, title: str, effect: str, rows: list[str], *, form: Any = None, warn: bool = False
) -> HttpResponse:
    context = {
        "title": title,
        "effect": effect,
        "rows": rows,
        "verb": f"{title} {len(rows)} 个村",
        "cancel_url": reverse("villages:classify"),
        "hidden": [("ids", one) for one in request.POST.getlist("ids")],
        "warn": warn,
        "form": form,
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form and form.errors else 200)


# ------------------------------------------------------------------------- one


@requires("classify", "villages.Village")
@require_http_methods(["GET", "HEAD", "POST"])
def class_propose(request: HttpRequest, code: str) -> HttpResponse:
    """Propose the class of one village by hand; the suggestion is filled in, a person decides."""
    villages = Village.objects.select_related("division", "township", "county")
    village = get_object(request.user, villages, "classify", division__code=code)
    suggestion = suggest(village, rules_for(village.county_id))
    form = ClassForm(request.POST or None, suggestion=suggestion)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.propose_class(
                village=village,
                klass=data["klass"],
                kinds=form.chosen_kinds(),
                reason=data["reason"],
                actor=request.user,
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%s”的分类已提出，等待负责人审定。") % village.full_name)
            return redirect("villages:detail", code=code)
    context = {
        "form": form,
        "village": village,
        "code": code,
        "suggestion": suggestion,
        "suggested": class_badge(suggestion.klass) if suggestion else None,
        "history": class_lines(read.classes_of(village)),
    }
    return render(request, "villages/class_form.html", context, status=422 if form.errors else 200)
