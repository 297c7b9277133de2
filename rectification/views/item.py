"""整改事项: the page of one item, and its files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common import policy
from common.downloads import as_file, hand_out
from common.files import DOCX
from common.gate import get_object, requires
from rectification import selectors, services
from rectification.enums import RESPONSIBLE_WHO, ItemStatus, ResponsibleKind
from rectification.models import RectificationItem
from rectification.selectors.receipts import replies_of
from rectification.selectors.satisfaction import told_to

from . import offers, present
from .base import load
from .ledger import ITEM, ledger_of
from .party import receipts_of, sides_of

LOG_TABS = {"": _("全部"), "report": _("进展"), "check": _("监督"), "decide": _("审核"), "urge": _("催办提醒")}


@requires("view", ITEM)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "view")
    selectors.load_checks([item])
    reports, checks = selectors.reports_of(item), selectors.checks_of(item)
    extensions = selectors.extensions_of(item)
    pending = next((one for one in extensions if one.status == "ASKED"), None)
    buttons, more = offers.acts(item, request.user, pending)
    links, told = present.chain(item, checks), present.timeline(item, reports, checks)
    decided = next((one for one in told if one["kind"] == "decide"), None)
    context = {
        "item": item,
        "moved_at": max((one["at"] for one in told if one["at"]), default=item.updated_at),
        "may_urge": item.is_open and policy.allows(request.user, "urge", item),
        "standing": present.standing(item, links, decided),
        "finding": item.finding,
        "light": selectors.light_of(item, selectors.amber_days()),
        "marks": list(present.marks(item)),
        "tone": present.TONES[ItemStatus(item.status)],
        "steps": present.steps(item, checks),
        "buttons": buttons,
        "more": more,
        "measures": list(item.measures.all()),
        "can_complete": any(one.enabled and one.label == _("报进展") for one in buttons),
        "evidence": present.evidence(reports, item.attempt),
        "people": _people(item),
        "chain": links,
        "extensions": extensions,
        "satisfaction": told_to(request.user, item),
        "replies": replies_of(item) if item.finding.checklist_item.party_building else [],
        "receipts": receipts_of(item) if item.finding.checklist_item.party_building else [],
        "unanswered": [one["side"] for one in sides_of(item) if one["reply"] is None] if item.is_open else [],
        **_log(request, told),
        **_neighbours(request, item),
    }
    return render(request, "rectification/item.html", context)


def _people(item: RectificationItem) -> list[dict[str, Any]]:
    named = {one.kind: one for one in item.responsibles.all()}
    return [
        {
            "role": kind.label,
            "body": RESPONSIBLE_WHO[kind],
            "name": named[kind].name if kind in named else "",
            "note": named[kind].post if kind in named else "",
            "phone": named[kind].phone if kind in named else "",
            "lead": kind == ResponsibleKind.OVERALL,
        }
        for kind in ResponsibleKind
    ]


def _log(request: HttpRequest, told: list[dict[str, Any]]) -> dict[str, Any]:
    chosen = request.GET.get("log", "")
    chosen = chosen if chosen in LOG_TABS else ""
    counts = {key: sum(not key or one["kind"] == key for one in told) for key in LOG_TABS}
    return {
        "log": [one for one in told if not chosen or one["kind"] == chosen],
        "log_tabs": [{"key": key, "label": label, "count": counts[key]} for key, label in LOG_TABS.items()],
        "log_tab": chosen,
    }


def _neighbours(request: HttpRequest, item: RectificationItem) -> dict[str, Any]:
    """上一条, 下一条 in the ledger from which the person came; nothing when the page was opened by itself."""
    query = request.GET.copy()
    query.pop("log", None)
    if not query:
        return {}
    ledger, _form = ledger_of(request, query)
    before, after = ledger.neighbours(item)
    return {"before": before, "after": after, "query": f"?{query.urlencode()}"}


@requires("view", ITEM)
@require_safe
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """交办单."""
    name, content = services.assignment_slip(item=load(request, pk, "view"), actor=request.user)
    return as_file(name, content, DOCX)


@requires("view", ITEM)
@require_safe
def attachment(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """A file for whoever may see its item: to be saved, or, a photograph with `?show=1`, to be looked at."""
    found = selectors.attachment(pk)
    if found is None:
        raise Http404
    item = get_object(request.user, RectificationItem.objects.all(), "view", pk=found.item_id)
    return hand_out(found, owner=item, actor=request.user, show=request.GET.get("show") == "1")
