"""批量签收 and 批量催办 from the ledger; one foreign id refuses the whole batch."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.asked import numbers
from common.errors import OutOfScope
from common.gate import requires
from rectification import selectors, services
from rectification.enums import ItemStatus
from rectification.forms import BatchMeasuresForm, PeopleForm, UrgeForm
from rectification.models import RectificationItem

from .base import attempt, show
from .ledger import ITEM

MOST = 100


def chosen(request: HttpRequest, action: str) -> list[RectificationItem]:
    """The ticked items; 404 for the whole batch when one of them is out of scope or no item at all."""
    ids = numbers(request.POST.getlist("ids"))
    asked = len(set(request.POST.getlist("ids")))
    items = selectors.chosen(request.user, list(ids)[: MOST + 1], action)
    if asked != len(ids) or (len(ids) <= MOST and len(items) != len(ids)):
        raise OutOfScope
    return items


def _too_few_or_many(request: HttpRequest, items: list[RectificationItem], none: str) -> HttpResponse | None:
    text = none if not items else _("一次最多办理 %s 件，请分批办理。") % MOST if len(items) > MOST else ""
    if not text:
        return None
    messages.warning(request, text)
    return redirect("rectification:list")


@requires("accept", ITEM)
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """批量签收: the four responsible once for all, measures for each item that has none."""
    items = [one for one in chosen(request, "accept") if one.status == ItemStatus.ASSIGNED]
    if refused := _too_few_or_many(request, items, _("所选事项里没有待签收的。请先选择待签收事项。")):
        return refused
    posted = request.POST if request.POST.get("confirmed") == "1" else None
    last = selectors.last_people(items[0])
    form = PeopleForm(posted, initial=PeopleForm.initial_of(last))
    with_measures = selectors.with_measures(items)
    plans = {one.pk: _plan(one, posted) for one in items if one.pk not in with_measures}
    right = [one.is_valid() for one in plans.values()] if posted else []
    if posted and form.is_valid() and all(right):
        planned = {pk: one.measures() for pk, one in plans.items()}
        if attempt(form, lambda: _accept(request, items, form, planned)):
            messages.success(request, _("已签收 %s 件，请组织整改。") % len(items))
            return redirect("rectification:tasks")
    rows = [{"item": one, "plan": plans.get(one.pk), "measures": with_measures.get(one.pk)} for one in items]
    skipped = len(set(request.POST.getlist("ids"))) - len(items)
    context = {"form": form, "rows": rows, "skipped": skipped, "reused": bool(last), "has_errors": not all(right)}
    return show(request, "batch_accept", context)


def _plan(item: RectificationItem, posted: Any) -> BatchMeasuresForm:
    initial = {"owner": item.village.secretary or _("村党组织书记"), "due_on": item.deadline}
    return BatchMeasuresForm(posted, initial=initial, prefix=f"m{item.pk}")


def _accept(request: HttpRequest, items: list[RectificationItem], form: PeopleForm, measures: Any) -> None:
    services.accept_items(items=items, actor=request.user, people=form.people(), measures=measures)


@requires("urge", ITEM)
@require_POST
def urge(request: HttpRequest) -> HttpResponse:
    """批量催办: who and how many is said before anything is sent."""
    items = [one for one in chosen(request, "urge") if one.is_open]
    if refused := _too_few_or_many(request, items, _("所选事项都已销号，不需要催办。")):
        return refused
    posted = request.POST if request.POST.get("confirmed") == "1" else None
    form = UrgeForm(posted, initial={"text": _("请抓紧整改，按时报送进展和佐证；确有困难的请及时申请延期。")})
    if posted and form.is_valid():
        sent: list[int] = []
        if attempt(form, lambda: sent.append(_urge(request, items, form))):
            messages.success(request, _urged(len(items), sent[0]))
            return redirect("rectification:list")
    context = {
        "title": _("批量催办"),
        "effect": _("将催办 %s 件，发给所在乡镇党委和村党组织的人员。同一件一天只催一次。") % len(items),
        "rows": [
            f"{one.number}　{one.township.name} {one.village.division.short_name}　{one.finding.title}" for one in items
        ],
        "verb": _("催办 %s 件") % len(items),
        "cancel_url": "/rectification/",
        "hidden": [("ids", one.pk) for one in items],
        "form": form,
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)


def _urge(request: HttpRequest, items: list[RectificationItem], form: UrgeForm) -> int:
    return services.urge_items(items=items, actor=request.user, text=form.cleaned_data["text"])


def _urged(items: int, messages_sent: int) -> str:
    if not messages_sent:
        return _("这 %s 件今天已经催办过，没有重复发送。") % items
    return _("已催办 %(items)s 件，发出消息 %(count)s 条；催办函在“整改提醒”页下载。") % {
        "items": items,
        "count": messages_sent,
    }
