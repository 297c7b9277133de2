"""党建类问题: the list of whoever answers for them, and the reply (E5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common import policy
from common.errors import Conflict
from common.gate import requires
from common.paging import page_of
from common.templatetags.ui import cndate_long, cnwhen
from rectification import selectors, services
from rectification.enums import ANSWERABLE, OPEN, REPLIERS, Side
from rectification.forms import ReplyForm
from rectification.models import RectificationItem
from rectification.selectors import receipts as read

from .base import attempt, done, load, show
from .ledger import ITEM

TABS = {
    "unsigned": gettext_lazy("待我方签收"),
    "open": gettext_lazy("待我方答复"),
    "replied": gettext_lazy("我方已答复"),
    "all": gettext_lazy("全部"),
}


@requires("reply", ITEM)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("t", "open")
    tab = tab if tab in TABS else "open"
    page, amber = page_of(read.party_items(request.user, tab), request.GET), selectors.amber_days()
    rows = [
        {
            "item": one,
            "light": selectors.light_of(one, amber),
            "sides": sides_of(one),
            "may_receive": policy.allows(request.user, "receive", one) and not read.party_receipt_of(one),
            "may_reply": one.status in ANSWERABLE and not read.has_replied(request.user, one),
        }
        for one in page.rows
    ]
    return render(request, "rectification/party.html", {"page": page, "rows": rows, "tab": tab, "tabs": TABS.items()})


def sides_of(item: RectificationItem) -> list[dict[str, Any]]:
    """The two who answer, each with who signed for it when, and its last reply; or none."""
    replied = {one.side: one for one in sorted(item.replies.all(), key=lambda one: one.pk)}
    receipt = read.party_receipt_of(item)
    signed = {
        Side.TOWNSHIP: (item.accepted_by, item.accepted_at),
        Side.ORGANISATION: (receipt.signer, receipt.created_at) if receipt else (None, None),
    }
    return [
        {"side": side.label, "signer": signed[side][0], "signed_at": signed[side][1], "reply": replied.get(side)}
        for side in REPLIERS
    ]


def receipts_of(item: RectificationItem) -> list[dict[str, Any]]:
    """The two signatures as links of a chain."""
    return [
        {
            "label": one["side"],
            "name": one["signer"].full_name if one["signer"] else "",
            "note": cnwhen(one["signed_at"]) if one["signer"] else "",
            "state": "done" if one["signer"] else "wait",
            "word": _("已签收") if one["signer"] else _("待签收"),
        }
        for one in sides_of(item)
    ]


@requires("receive", ITEM)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """组织部签收."""
    item = load(request, pk, "receive", OPEN)
    if request.method == "POST":
        services.receive_item(item=item, actor=request.user)
        return done(request, item, _("已签收，签收人：%s。") % request.user.full_name)
    context = {
        "title": _("签收党建类问题 %s") % item.number,
        "effect": _("签收后记入办理记录，乡镇党委和县委巡察办看得到签收人和时间。整改时限 %s，请在时限之前答复。")
        % (cndate_long(item.deadline) if item.deadline else _("长期坚持")),
        "rows": [f"{item.finding.title}　{item.finding.facts}"],
        "verb": _("签收"),
        "cancel_url": item.get_absolute_url(),
    }
    return render(request, "_parts/confirm_page.html", context)


@requires("reply", ITEM)
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "reply", ANSWERABLE)
    if read.has_replied(request.user, item):
        raise Conflict(_("“%s”本次您方已经答复，不能再答。") % item)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, lambda: services.reply_to_item(item=item, actor=request.user, text=text)):
            return done(request, item, _("已答复。") + _after(item))
    context = {"item": item, "form": form, "replies": read.replies_of(item), "receipts": receipts_of(item)}
    return show(request, "reply", context)


def _after(item: RectificationItem) -> str:
    missing = [str(one["side"]) for one in sides_of(item) if one["reply"] is None]
    return _("还待%s答复。") % "、".join(missing) if missing else _("两家都已答复，佐证齐全后乡镇可以提交验收。")
