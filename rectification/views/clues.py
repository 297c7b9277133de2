"""问题线索: proposed by a team's leader, approved by the office's head, handed to one named person (E4)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import policy
from common.asked import number
from common.audit_words import action_word
from common.calendar import today
from common.downloads import as_file
from common.encryption import Undecipherable
from common.errors import Conflict
from common.files import DOCX
from common.gate import View, get_object, requires
from common.paging import page_of
from common.workflow import buttons
from inspections.models import Inspection
from inspections.selectors.findings import for_page as findings
from inspections.selectors.inspections import for_page as inspections
from inspections.views.moves import move_view
from rectification import services
from rectification.enums import CLUES_IN_HAND
from rectification.forms.clues import AnswerForm, ClueForm, ReceiverForm, ReferForm, RefusalForm
from rectification.models import Clue
from rectification.selectors import clues as read
from rectification.selectors.cases import cases_of_clue

from .base import attempt, show

CLUE = "rectification.Clue"
GET_POST = ["GET", "HEAD", "POST"]
TONES = {
    "PROPOSED": "amber",
    "APPROVED": "amber",
    "HANDED_OVER": "blue",
    "RECEIVED": "blue",
    "ANSWERED": "amber",
    "CLOSED": "green",
    "REJECTED": "",
}
PAGES = {
    "approve": "clue_approve",
    "reject": "clue_reject",
    "hand_over": "clue_hand_over",
    "reassign": "clue_reassign",
    "receive": "clue_receive",
    "answer": "clue_answer",
    "close": "clue_close",
}


@requires("view", CLUE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The envelopes that this person may see; that the list was looked at is on record."""
    tab = request.GET.get("t", "open")
    tab = tab if tab in read.TABS else "open"
    services.look_at(CLUE, actor=request.user)
    page, counts = page_of(read.clues(request.user, tab), request.GET), read.counts(request.user)
    tabs = [
        {"key": key, "label": label, "count": counts[key], "current": key == tab}
        for key, (label, _s) in read.TABS.items()
    ]
    rows = [{"clue": one, "tone": TONES[one.status]} for one in page.rows]
    return _private(request, "clues", {"page": page, "rows": rows, "tabs": tabs})


@requires("view", CLUE)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One envelope with what was done; not what it says."""
    clue = get_object(request.user, read.for_page(), pk=pk)
    services.look_at(clue, actor=request.user)
    found = buttons(clue, request.user)
    context = {
        "clue": clue,
        "tone": TONES[clue.status],
        "buttons": [{"button": one, "name": f"rectification:{PAGES[one.move.name]}"} for one in found],
        "may_open": clue.body and policy.allows(request.user, "open", clue),
        "cases": cases_of_clue(request.user, clue)
        if policy.may(request.user, "view", "rectification.CaseResult")
        else [],
        "may_add_case": clue.status in CLUES_IN_HAND and policy.allows(request.user, "answer", clue),
        "may_take": clue.handed_over_at or (clue.approved_at and not clue.refusal),
        "events": [
            {"title": action_word(one.action, one.object_type), "who": one.actor_text, "at": one.at}
            for one in read.events_of(clue)
        ],
    }
    return _private(request, "clue", context)


@requires("add", CLUE)
@require_http_methods(GET_POST)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """提出线索 that is no finding."""
    inspection: Inspection = get_object(request.user, inspections(), "run", pk=pk)
    form = ClueForm(request.POST or None)
    return _propose(request, form, {"inspection": inspection})


@requires("refer", "inspections.Finding")
@require_http_methods(GET_POST)
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """转问题线索: the finding leaves the findings."""
    finding = get_object(request.user, findings(), "refer", pk=pk)
    form = ReferForm(request.POST or None, initial={"version": finding.version})
    return _propose(request, form, {"inspection": finding.inspection, "finding": finding})


def _propose(request: HttpRequest, form: Any, about: dict[str, Any]) -> HttpResponse:
    made: list[Clue] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: made.append(services.propose_clue(actor=request.user, **about, **data))):
            messages.success(request, _("线索 %s 已提出，等县委巡察办负责人审批。") % made[0].number)
            return redirect(made[0])
    return _private(request, "clue_new", about | {"form": form})


def _form_view(move: str, form_of: Callable[[HttpRequest, Clue], Any], service: Callable[..., Any], told: Any) -> View:
    """A page with one form for a move of a clue."""
    step = Clue.moves[move]

    @requires(step.action, CLUE)
    @require_http_methods(GET_POST)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        clue = get_object(request.user, read.for_page(), step.action, pk=pk)
        if clue.status not in step.sources:
            raise Conflict(_("线索 %(clue)s 现在是“%(status)s”，不能再办理这一步。") % _named(clue))
        form = form_of(request, clue)
        posted = request.method == "POST" and form.is_valid()
        if posted and attempt(form, lambda: service(clue=clue, actor=request.user, **form.cleaned_data)):
            messages.success(request, str(told) % clue.number)
            return redirect(clue)
        return _private(request, "clue_act", {"clue": clue, "form": form, "step": step})

    return view


def _named(clue: Clue) -> dict[str, str]:
    return {"clue": clue.number, "status": clue.status_label}


def _plain(form: Any) -> Callable[[HttpRequest, Clue], Any]:
    return lambda request, clue: form(request.POST or None, initial={"version": clue.version})


def _receiver(request: HttpRequest, clue: Clue) -> ReceiverForm:
    receivers = read.receivers_of(clue)
    return ReceiverForm(request.POST or None, receivers=receivers, initial={"version": clue.version})


approve = _form_view("approve", _receiver, services.approve_clue, gettext_lazy("线索 %s 已同意移交，请办理移交。"))
reject = _form_view("reject", _plain(RefusalForm), services.reject_clue, gettext_lazy("线索 %s 不予移交。"))
reassign = _form_view("reassign", _receiver, services.reassign_clue, gettext_lazy("线索 %s 已改派，等新的接收人签收。"))
answer = _form_view("answer", _plain(AnswerForm), services.answer_clue, gettext_lazy("线索 %s 已答复。"))


def _move(name: str, service: Any, effect: Any) -> View:
    return move_view(load=read.for_page, name=name, argument="clue", service=service, effect=effect)


hand_over = _move(
    "hand_over", services.hand_over_clue, gettext_lazy("将移交线索 %s。移交后巡察组不能再查看，办理结果由接收人答复。")
)
receive = _move("receive", services.receive_clue, gettext_lazy("将签收线索 %s。请先核对封签。"))
close = _move("close", services.close_clue, gettext_lazy("将办结线索 %s。办结后任何人不能再打开密封内容。"))


@requires("open", CLUE)
@require_POST
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sealed; the look is on record before it is shown."""
    clue = get_object(request.user, read.for_page(), "open", pk=pk)
    try:
        said = services.open_clue(clue=clue, actor=request.user)
    except Undecipherable:
        messages.error(request, _("现有密钥解不开这条线索。请系统管理员核对 FIELD_ENCRYPTION_KEYS。"))
        return redirect(clue)
    return _private(request, "clue_open", {"clue": clue, "said": said})


@requires("view", CLUE)
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """线索移交函 as Word: number, receiver, seal; not what it is about."""
    clue = get_object(request.user, read.for_page(), pk=pk)
    if clue.receiver is None:
        raise Conflict(_("线索 %s 还没有同意移交，不能出移交函。") % clue.number)
    return as_file(*services.clue_letter(clue=clue, actor=request.user), DOCX)


@requires("count", CLUE)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """For the city: counts by county, no clue."""
    year = number(request.GET.get("year"), digits=4) or today().year
    return render(request, "rectification/clue_figures.html", {"rows": read.figures(request.user, year), "year": year})


def _private(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = show(request, template, context)
    response["Cache-Control"] = "no-store, private"
    return response
