"""报进展, 提交, 签署, 验收, 退回, 重新整改, 长期坚持: one page for each act."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.calendar import today
from common.errors import Conflict
from common.files import MAX_FILES
from common.gate import get_object, requires
from rectification import selectors, services
from rectification.enums import OPEN, CheckResult, DeadlineKind, DissentStatus, ItemStatus
from rectification.forms import (
    DissentForm,
    LongTermForm,
    ReopenForm,
    ReportForm,
    ReturnForm,
    SignForm,
    SubmitForm,
    VerifyForm,
)
from rectification.models import Dissent, RectificationItem
from rectification.rules import checks_now, in_dispute
from rectification.selectors.satisfaction import told_to

from . import offers, present
from .base import attempt, done, is_township, load, show
from .ledger import ITEM

DISSENT = "rectification.Dissent"
GET_POST = ["GET", "HEAD", "POST"]
S = ItemStatus
LIMITS = {"max_files": MAX_FILES, "max_size": f"{settings.MAX_UPLOAD_MB} MB"}


@requires("report", ITEM)
@require_http_methods(GET_POST)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "report", [S.IN_PROGRESS])
    undone = [one for one in item.measures.all() if one.done_on is None]
    form = ReportForm(request.POST or None, request.FILES or None, measures=undone, proxy=is_township(request.user))
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _report(request, item, form, undone)):
        return done(request, item, _("进展已报。") + _after_report(request, item))
    return show(request, "report", _about(item) | {"form": form} | LIMITS)


def _report(request: HttpRequest, item: RectificationItem, form: Any, undone: list[Any]) -> None:
    data = form.cleaned_data
    finished = [one for one in undone if str(one.pk) in data.get("done", ())]
    services.report_progress(
        item=item,
        actor=request.user,
        text=data["text"],
        files=data["evidence"],
        key=data["key"],
        finished=finished,
        proxy_reason=data.get("proxy_reason", ""),
    )


def _after_report(request: HttpRequest, item: RectificationItem) -> str:
    button = next((one for one in offers.acts(item, request.user, None)[0] if one.label == _("提交验收")), None)
    if button is None:
        return _("是否提交验收由乡镇党委决定。")
    return _("佐证齐全后可以提交验收。") if button.enabled else button.reason


@requires("submit", ITEM)
@require_http_methods(GET_POST)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """提交验收: a check page with what the supervisors and the county will see."""
    item = load(request, pk, "submit", [S.IN_PROGRESS])
    form = SubmitForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = attempt(form, lambda: services.submit_item(item=item, actor=request.user, **data))
        if sent:
            return done(request, item, _("已提交，现在由监督链条的三个环节核查签署。"))
    about = _about(item)
    undone = sum(one.done_on is None for one in about["measures"])
    return show(request, "submit", about | {"form": form, "signers": _signers(item), "undone": undone})


def _signers(item: RectificationItem) -> list[dict[str, Any]]:
    people = selectors.signers_of(item)
    return [{"label": link.label, "names": "、".join(map(str, people[link]))} for link in selectors.chain_of(item, [])]


@requires("sign", ITEM)
@require_http_methods(GET_POST)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """签署监督意见: the link is the person's own."""
    item = load(request, pk, "sign", [S.UNDER_SUPERVISION])
    if selectors.has_signed(request.user, item):
        raise Conflict(_("“%s”您这个环节本次已经签署，不能再签。") % item)
    if in_dispute(item):
        raise Conflict(_("“%s”的监督意见不一致，正在等县委巡察办裁定，裁定之后再签署。") % item)
    others = [one for one in checks_now(item) if one.result == CheckResult.PASS]
    form = SignForm(request.POST or None, request.FILES or None, may_object=bool(others))
    if request.method == "POST" and form.is_valid():
        signed = attempt(form, lambda: services.sign_check(item=item, actor=request.user, **form.cleaned_data))
        if signed:
            return done(request, item, _after_sign(item))
    told = {"form": form, "link": present.link_label(request.user), "checks": _checks(item) if others else []}
    return show(request, "sign", _about(item) | told | LIMITS)


def _after_sign(item: RectificationItem) -> str:
    item.refresh_from_db(fields=["status", "attempt"])
    if in_dispute(item):
        return _("不同意见已报县委巡察办裁定，裁定之前其他环节也不能签署。")
    return {
        S.IN_PROGRESS: _("已签署不符合，事项已退回整改。"),
        S.UNDER_VERIFICATION: _("已签署。三个环节都已签齐，事项转县委巡察办验收。"),
    }.get(S(item.status), _("已签署，等待其他环节签署。"))


@requires("decide", DISSENT)
@require_http_methods(GET_POST)
def dissent(request: HttpRequest, pk: int) -> HttpResponse:
    """裁定: the links do not agree, the county says who is followed."""
    found = get_object(request.user, selectors.dissents(), "decide", pk=pk)
    item = load(request, found.item_id, "verify")
    if found.status != DissentStatus.RAISED:
        raise Conflict(_("这份不同意见已经裁定：%s。") % found.status_label)
    form = DissentForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _decide(request, found, form)):
        upheld = form.cleaned_data["decision"] == DissentForm.YES
        return done(request, item, _("已裁定退回整改。") if upheld else _("已裁定，请该环节重新核查。"))
    told = {"form": form, "dissent": found, "checks": _bare(_checks(item)), **present.before_after(item, request.user)}
    return show(request, "dissent", {"item": item} | told)


def _decide(request: HttpRequest, found: Dissent, form: Any) -> None:
    data = form.cleaned_data
    uphold = data["decision"] == DissentForm.YES
    services.decide_dissent(
        dissent=found, actor=request.user, uphold=uphold, note=data["note"], version=data["version"]
    )


@requires("verify", ITEM)
@require_http_methods(GET_POST)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "verify", [S.UNDER_VERIFICATION])
    form = VerifyForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and form.is_valid():
        closed = attempt(form, lambda: services.verify_item(item=item, actor=request.user, **form.cleaned_data))
        if closed:
            return done(request, item, _("%s 已验收销号。") % item.number)
    told = {"form": form, "checks": _bare(_checks(item)), **present.before_after(item, request.user)}
    told["satisfaction"] = told_to(request.user, item)
    return show(request, "verify", {"item": item, "measures": list(item.measures.all())} | told)


def _checks(item: RectificationItem) -> list[dict[str, Any]]:
    return present.chain(item, selectors.checks_of(item))


def _bare(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the photographs, where they stand on the page already."""
    return [link | {"photos": []} for link in links]


@requires("verify", ITEM)
@require_http_methods(GET_POST)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回补充 with the reason."""
    item = load(request, pk, "verify", [S.UNDER_VERIFICATION])
    form = ReturnForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and form.is_valid():
        sent = attempt(form, lambda: services.return_item(item=item, actor=request.user, **form.cleaned_data))
        if sent:
            return done(request, item, _("%s 已退回补充，乡镇须重新整改、提交和签署。") % item.number)
    return show(request, "return", _about(item) | {"form": form})


@requires("reopen", ITEM)
@require_http_methods(GET_POST)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "reopen", [S.CLOSED])
    usual = services.deadline_for(county=item.county, kind=DeadlineKind.ORDINARY, start=today())
    form = ReopenForm(request.POST or None, initial={"version": item.version, "deadline": usual})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        reopened = attempt(
            form,
            lambda: services.reopen_item(
                item=item, actor=request.user, note=form.reason(), deadline=data["deadline"], version=data["version"]
            ),
        )
        if reopened:
            return done(request, item, _("%s 已重新进入整改。") % item.number)
    return show(request, "reopen", _about(item) | {"form": form})


@requires("mark_long_term", ITEM)
@require_http_methods(GET_POST)
def long_term(request: HttpRequest, pk: int) -> HttpResponse:
    """列为长期坚持, or the review of one that is."""
    item = load(request, pk, "mark_long_term", OPEN)
    usual = services.deadline_for(county=item.county, kind=DeadlineKind.LONG_TERM_REVIEW, start=today())
    form = LongTermForm(request.POST or None, initial={"version": item.version, "review_on": usual})
    if request.method == "POST" and form.is_valid():
        marked = attempt(form, lambda: services.mark_long_term(item=item, actor=request.user, **form.cleaned_data))
        if marked:
            return done(request, item, _("%s 已列为长期坚持。") % item.number)
    return show(request, "long_term", _about(item) | {"form": form})


def _about(item: RectificationItem) -> dict[str, Any]:
    """What a person must see of an item while acting on it."""
    reports = selectors.reports_of(item)
    return {
        "item": item,
        "finding": item.finding,
        "measures": list(item.measures.all()),
        "reports": [one for one in reports if one.attempt == item.attempt],
        "evidence": present.evidence([one for one in reports if one.attempt == item.attempt], item.attempt),
    }
