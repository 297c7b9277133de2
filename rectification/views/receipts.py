"""反馈移交: who has received what when, 签收, and 立巡立改 from the field (E2, E3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import policy
from common.calendar import today
from common.gate import get_object, requires
from common.paging import page_of
from common.templatetags.ui import cndate_long, cnwhen
from inspections.models import Feedback, Finding
from inspections.selectors.findings import for_page as findings
from inspections.views.moves import same_version
from rectification import services
from rectification.enums import RECEIVERS, REPLIERS, DeadlineKind, Side
from rectification.models import RectificationItem
from rectification.selectors import handover as addressees
from rectification.selectors import receipts as read

from .present import marks

FEEDBACK = "inspections.Feedback"
FINDING = "inspections.Finding"


@requires("view", FEEDBACK)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    unsigned = request.GET.get("t") == "unsigned"
    page = page_of(read.handovers(request.user, unsigned=unsigned), request.GET)
    counts = read.counts_of(page.rows)
    rows = [{"feedback": one, "counts": counts.get(one.inspection_id), "receipts": _receipts(one)} for one in page.rows]
    tabs = [("", _("全部"), not unsigned), ("unsigned", _("未签齐"), unsigned)]
    return render(request, "rectification/handovers.html", {"page": page, "rows": rows, "tabs": tabs})


def _receipts(feedback: Feedback) -> list[dict[str, Any]]:
    """For each receiver who signed when, or since how many days it is outstanding."""
    signed = {one.side: one for one in feedback.receipts.all()}
    waited = (today() - feedback.issued_on).days if feedback.issued_on else 0
    turn = {Side.TOWNSHIP: True, Side.VILLAGE: Side.TOWNSHIP in signed}
    return [{"side": side, "receipt": signed.get(side), "days": waited, "is_turn": turn[side]} for side in RECEIVERS]


@requires("view", FEEDBACK)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    feedback = get_object(request.user, read.handovers(request.user), pk=pk)
    items = read.items_of(request.user, feedback)
    may = policy.allows(request.user, "receive", feedback)
    mine = read.to_receive(request.user).filter(pk=feedback.pk).exists() if may else False
    told = [{"item": one, "marks": list(marks(one))} for one in items]
    context = {
        "feedback": feedback,
        "groups": [
            (_("共性问题"), [one for one in told if one["item"].is_common]),
            (_("个性问题"), [one for one in told if not one["item"].is_common]),
        ],
        "count": len(items),
        "ahead": sum(one.finding.went_ahead for one in items),
        "chain": [*_chain(feedback), *_department(items)],
        "may_receive": mine,
        "waits_for_township": bool(may)
        and not mine
        and not any(one.side == Side.TOWNSHIP for one in _signed(feedback)),
    }
    return render(request, "rectification/handover.html", context)


def _signed(feedback: Feedback) -> list[Any]:
    return list(feedback.receipts.all())


def _chain(feedback: Feedback) -> list[dict[str, Any]]:
    """Who issued, who has signed and who has not, in the order of the handover."""
    told = [
        {
            "label": _("县委巡察办签发"),
            "name": feedback.issued_by.full_name if feedback.issued_by else "",
            "note": cndate_long(feedback.issued_on),
            "state": "done",
            "word": _("已签发"),
        }
    ]
    people = {one.organ.kind: one for one in addressees.receivers(feedback)}
    kinds = {Side.TOWNSHIP: "PARTY_COMMITTEE", Side.VILLAGE: "VILLAGE_PARTY"}
    for row in _receipts(feedback):
        side, receipt = Side(row["side"]), row["receipt"]
        seat = people.get(kinds[side])
        organ = seat.organ.name if seat else str(side.label)
        if receipt:
            how = _("，随整改事项一并签收") if receipt.with_items else ""
            told.append(
                {
                    "label": organ,
                    "name": receipt.signer.full_name,
                    "note": _("%(at)s签收%(how)s") % {"at": cnwhen(receipt.created_at), "how": how},
                    "state": "done",
                    "word": _("已签收"),
                }
            )
            continue
        nobody = not (seat and seat.people)
        names = "" if nobody or seat is None else "、".join(seat.people)
        note = _("还没有人员账号，请县委巡察办协调配备。") if nobody else _("签发后已过 %s 天") % row["days"]
        if not row["is_turn"]:
            note = _("等乡镇党委签收后签收。") if not nobody else note
        told.append({"label": organ, "name": names, "note": note, "state": "wait", "word": _("未签收")})
    return told


def _department(items: list[RectificationItem]) -> list[dict[str, Any]]:
    """The organisation department, where Party-building items are among them: told at once, and how far it replied."""
    party = [one for one in items if one.finding.checklist_item.party_building]
    if not party:
        return []
    signed = sum(read.party_receipt_of(one) is not None for one in party)
    replied = sum(any(reply.side == Side.ORGANISATION for reply in one.replies.all()) for one in party)
    both = sum({reply.side for reply in one.replies.all()} >= set(REPLIERS) for one in party)
    done = replied == len(party)
    note = _("党建类 %(n)s 件同时移交，组织部已签收 %(signed)s 件、已答复 %(replied)s 件，两家都已答复 %(both)s 件") % {
        "n": len(party),
        "signed": signed,
        "replied": replied,
        "both": both,
    }
    return [
        {
            "label": Side.ORGANISATION.label,
            "name": "",
            "note": note,
            "state": "done" if done else "wait",
            "word": _("已答复") if done else _("待答复") if signed == len(party) else _("待签收"),
        }
    ]


@requires("receive", FEEDBACK)
@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    feedback = get_object(request.user, Feedback.objects.all(), "receive", pk=pk)
    services.receive_feedback(feedback=feedback, actor=request.user)
    messages.success(request, _("已签收反馈，签收人：%s。") % request.user.full_name)
    return redirect("rectification:handover", pk=feedback.pk)


@requires("hand_over", FINDING)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_now(request: HttpRequest, pk: int) -> HttpResponse:
    """立巡立改交办: what will happen is said before it does."""
    finding: Finding = get_object(request.user, findings(), "hand_over", pk=pk)
    if request.method == "POST" and request.POST.get("confirmed") == "1":
        same_version(request.POST.get("version", ""), finding)
        item = services.hand_over_now(finding=finding, actor=request.user)
        messages.success(
            request,
            _("已交办 %(number)s，整改时限 %(day)s，并已通知乡镇和村。")
            % {"number": item.number, "day": cndate_long(item.deadline)},
        )
        return redirect(item)
    due = services.deadline_for(
        county=finding.county, kind=DeadlineKind.IMMEDIATE, start=today(), round=finding.inspection.round
    )
    context = {
        "title": _("立巡立改交办"),
        "effect": _(
            "交办后问题不能再改，立即生成整改事项并通知%(place)s，整改时限 %(day)s。"
            "签发反馈意见时列为已先行交办，不再重复交办。"
        )
        % {"place": finding.place, "day": cndate_long(due)},
        "rows": [f"{finding.title}　{finding.facts}"],
        "verb": _("交办"),
        "cancel_url": finding.get_absolute_url(),
        "hidden": [("version", finding.version)],
    }
    return render(request, "_parts/confirm_page.html", context)
