"""整改台账 and 整改任务单: the lists, and the ledger as a workbook."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.enums import Tier
from common import policy
from common.asked import number
from common.calendar import today
from common.counting import CAP
from common.downloads import as_file
from common.files import XLSX
from common.gate import requires
from common.templatetags.ui import cndate
from rectification import selectors, services
from rectification.enums import ItemStatus, LedgerKind
from rectification.forms import LedgerForm, choices_of
from rectification.models import RectificationItem

from .offers import Act, next_act
from .present import TONES, marks

ITEM = "rectification.RectificationItem"


def ledger_of(request: HttpRequest, query: QueryDict) -> tuple[selectors.Ledger, LedgerForm]:
    """The ledger that a query string asks for; also used by the item page for 上一条, 下一条."""
    township = number(query.get("township"))
    divisions = selectors.places(request.user, county=number(query.get("county")), township=township)
    form = LedgerForm(query, choices=choices_of(request.user, divisions, selectors.points(), township))
    form.is_valid()
    usual = "all" if query.keys() - {"sort", "after", "before"} else "open"  # who asks for something wants all of it
    ledger = selectors.Ledger(request.user, form.filters(), tab=query.get("tab", usual), sort=query.get("sort", ""))
    return ledger, form


@requires("view", ITEM)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    ledger, form = ledger_of(request, request.GET)
    page = ledger.page(request.GET.get("after", ""), request.GET.get("before", ""))
    counts, query, acts = ledger.counts(), _query(request.GET), acts_of(request.user, page.rows)
    context = {
        "form": form,
        "filtered": any(value for key, value in form.cleaned_data.items() if key not in ("tab", "sort")),
        "tabs": [_tab(key, label, counts[key]) for key, label in selectors.TABS.items()],
        "tab": ledger.tab,
        "rows": [_row(request, ledger, item, query, acts) for item in page.rows],
        "page": _pager(request.GET, page, counts[ledger.tab]),
        "query": query,
        "shows_county": request.user.division.tier == Tier.CITY,
        "exports": _exports(request, query),
        "batch": _batch_actions(request, ledger.tab),
    }
    return render(request, "rectification/list.html", context, status=422 if form.errors else 200)


def _exports(request: HttpRequest, query: str) -> list[dict[str, str]]:
    """Each kind of table with its address; nothing for whoever exports nothing."""
    if not policy.may(request.user, "export", ITEM):
        return []
    joint = "&" if query else "?"
    return [{"label": str(one.label), "url": f"{request.path}export/{query}{joint}kind={one}"} for one in LedgerKind]


def _tab(key: str, label: Any, count: int) -> dict[str, Any]:
    return {"key": key, "label": label, "count": f"{CAP}+" if count > CAP else count, "some": bool(count)}


def acts_of(user: Any, items: Iterable[RectificationItem]) -> dict[int, Act | None]:
    """Item → what this person does next on it, or may not and why; one query for all."""
    rows = list(items)
    selectors.load_checks(rows)
    return {one.pk: next_act(one, user) for one in rows}


def _row(
    request: HttpRequest, ledger: selectors.Ledger, item: RectificationItem, query: str, acts: Any
) -> dict[str, Any]:
    """All that a row says, as plain words: fifty rows a page are drawn without asking the item again."""
    url = f"{request.path}{item.pk}/"
    act = acts[item.pk] or Act(_("查看"), url)
    return {
        "pk": item.pk,
        "is_open": item.is_open,
        "title": item.finding.title,
        "url": f"{url}{query or '?tab=open'}",
        "act": act,
        "light": selectors.light_of(item, ledger.amber),
        "due": item.due,
        "county": item.county.name,
        "place": f"{item.township.name} {item.village.division.short_name}",
        "number": item.number,
        "status": item.status_label,
        "tone": TONES[ItemStatus(item.status)],
        "marks": list(marks(item)),
        "assigned": cndate(item.assigned_on),
        "deadline": cndate(item.deadline) if item.deadline else _("复核 %s") % cndate(item.review_on),
    }


def _pager(query: QueryDict, page: selectors.Page, count: int) -> dict[str, Any]:
    return {
        "count": count,
        "capped": count > CAP,
        "prev_url": _query(query, before=page.before) if page.before else "",
        "next_url": _query(query, after=page.after) if page.after else "",
    }


def _query(query: QueryDict, **marks: str) -> str:
    """The query string without page marks, or with another one."""
    kept = query.copy()
    for gone in ("after", "before", "page"):
        kept.pop(gone, None)
    for key in [key for key, value in kept.items() if not value]:
        del kept[key]
    kept.update(marks)
    return f"?{kept.urlencode()}" if kept else ""


def _batch_actions(request: HttpRequest, tab: str) -> list[dict[str, Any]]:
    actions = []
    if policy.may(request.user, "accept", ITEM):
        actions.append({"label": _("批量签收"), "value": "accept", "url": "/rectification/batch/accept/"})
    if policy.may(request.user, "urge", ITEM) and tab != "closed":
        actions.append({"label": _("批量催办"), "value": "urge", "url": "/rectification/batch/urge/"})
    return actions


@requires("export", ITEM)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The rows of the ledger as it is filtered, in one workbook of the asked kind; a large one is written later."""
    query = request.GET.copy()
    wanted = (query.pop("kind", None) or [""])[-1]
    kind = LedgerKind(wanted) if wanted in LedgerKind.values else LedgerKind.LEDGER
    ledger, _form = ledger_of(request, query)
    try:
        made = services.export_ledger(ledger=ledger, actor=request.user, kind=kind)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(f"{reverse('rectification:list')}{_query(query)}")
    if not isinstance(made, bytes):
        return redirect(made)
    return as_file(f"{kind.label}{today():%Y%m%d}.xlsx", made, XLSX)


MOST = 100
GROUPS = {"overdue": _("已超期"), "soon": _("临近时限"), "normal": _("时限正常"), "closed": _("已销号")}


@requires("view", ITEM)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """整改任务单: what the person's own township or village has to do, the most urgent first."""
    groups, amber = selectors.tasks(request.user, MOST), selectors.amber_days()
    acts = acts_of(request.user, [one for rows in groups.values() for one in rows])
    told = [
        {"key": key, "heading": label, "tasks": [_task(one, amber, acts) for one in groups[key]]}
        for key, label in GROUPS.items()
        if groups[key]
    ]
    open_count = sum(len(groups[key]) for key in groups if key != "closed")
    context = {
        "groups": told,
        "open_count": open_count,
        "more": open_count >= MOST,
        "can_report": policy.may(request.user, "report", ITEM),
        "can_read_letters": policy.may(request.user, "view", "rectification.UrgeLetter"),
    }
    return render(request, "rectification/tasks.html", context)


def _task(item: RectificationItem, amber: Any, acts: Any) -> dict[str, Any]:
    returned = item.attempt > 1 and item.status == ItemStatus.IN_PROGRESS
    return {
        "item": item,
        "light": selectors.light_of(item, amber),
        "word": _("退回补充") if returned else item.status_label,
        "tone": "red" if returned else TONES[ItemStatus(item.status)],
        "marks": list(marks(item)),
        "act": acts[item.pk],
    }
