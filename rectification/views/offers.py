"""The acts on an item that are open to a person, with the reason where not: buttons, menu, the one act of a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common import policy
from rectification import selectors
from rectification.enums import ANSWERABLE, DissentStatus
from rectification.enums import ItemStatus as S
from rectification.models import CaseResult, Dissent, RectificationItem
from rectification.rules import in_dispute
from rectification.selectors.receipts import has_replied, party_receipt_of

from .base import missing


@dataclass(frozen=True)
class Act:
    """One thing to do on the item: its page, or why not."""

    label: str
    url: str = ""
    reason: str = ""
    tone: str = ""

    @property
    def enabled(self) -> bool:
        return not self.reason


def acts(item: RectificationItem, user: User, pending: Any) -> tuple[list[Act], list[Act]]:
    """(buttons of the next step with at most one primary, further acts for the menu)."""
    first = list(_steps_open_to(item, user))
    if pending is not None and policy.may(user, "decide", "rectification.Extension"):
        lonely = not any(one.tone == "primary" for one in first)
        first.append(_act(item, user, "extend", _("审批延期"), "extension", "primary" if lonely else "", pk=pending.pk))
    return first, [one for one in _more(item, user, pending) if one.enabled]


def _steps_open_to(item: RectificationItem, user: User) -> Iterator[Act]:
    status = item.status
    if status == S.ASSIGNED and _knows(user, "accept"):
        yield _act(item, user, "accept", _("签收"), "accept", tone="primary")
    if item.is_open and _knows(user, "receive") and not party_receipt_of(item):
        yield _act(item, user, "receive", _("签收"), "receive_item", tone="primary")
    elif status in ANSWERABLE and _knows(user, "reply") and item.finding.checklist_item.party_building:
        said = _("您方本次已经答复。") if has_replied(user, item) else ""
        yield _act(
            item, user, "reply", _("答复"), "reply", tone="" if _knows(user, "report") else "primary", reason=said
        )
    if status == S.IN_PROGRESS and _knows(user, "report"):
        yield from _progress(item, user)
    if status == S.UNDER_SUPERVISION and _knows(user, "sign"):
        yield _act(item, user, "sign", _("签署监督意见"), "sign", tone="primary", reason=_link_signed(item, user))
    if status == S.UNDER_SUPERVISION and policy.may(user, "decide", Dissent) and in_dispute(item):
        open_one = next(one for one in item.dissents.all() if one.status == DissentStatus.RAISED)
        yield _act(item, user, "verify", _("裁定不同意见"), "dissent", tone="primary", pk=open_one.pk)
    if status == S.UNDER_VERIFICATION and _knows(user, "verify"):
        yield _act(item, user, "verify", _("退回补充"), "return", tone="warn")
        yield _act(item, user, "verify", _("验收销号"), "verify", tone="primary")
    if status == S.CLOSED and _knows(user, "reopen"):
        yield _act(item, user, "reopen", _("重新整改"), "reopen", tone="warn")


NEXT = {
    S.ASSIGNED: ("accept", gettext_lazy("签收")),
    S.IN_PROGRESS: ("report", gettext_lazy("报进展")),
    S.UNDER_SUPERVISION: ("sign", gettext_lazy("签署")),
    S.UNDER_VERIFICATION: ("verify", gettext_lazy("验收")),
}


def next_act(item: RectificationItem, user: User) -> Act | None:
    """The one act that a list offers on an item, greyed for the same reason as on its page; None for a looker-on."""
    action, label = NEXT.get(S(item.status), ("", ""))
    if not action or not _knows(user, action):
        return None
    return _act(item, user, action, str(label), action, reason=_link_signed(item, user) if action == "sign" else "")


def _link_signed(item: RectificationItem, user: User) -> str:
    if in_dispute(item):
        return _("监督意见不一致，等县委巡察办裁定后再签署。")
    return _("您这个环节本次已经签署。") if selectors.has_signed(user, item) else ""


def _progress(item: RectificationItem, user: User) -> Iterator[Act]:
    """Evidence first, then submission: the next of the two is the primary one."""
    lacking = missing(item, "submit")
    submits = _knows(user, "submit")
    ready = submits and not lacking
    yield _act(item, user, "report", _("报进展"), "report", tone="" if ready else "primary")
    if submits:
        yield _act(item, user, "submit", _("提交验收"), "submit", tone="primary" if ready else "", reason=lacking)


def _more(item: RectificationItem, user: User, pending: Any) -> Iterator[Act]:
    if item.status in (S.UNDER_SUPERVISION, S.UNDER_VERIFICATION, S.CLOSED) and _knows(user, "poll"):
        yield _act(item, user, "poll", _("登记群众满意度"), "poll")
    if item.feedback_id is None:
        yield _act(item, user, "view", _("交办单（Word）"), "slip")
    if policy.may(user, "add", CaseResult):
        yield Act(_("登记案件处理结果"), reverse("rectification:case_of_finding", args=[item.finding_id]))
    if not item.is_open:
        return
    if item.status in (S.ASSIGNED, S.IN_PROGRESS) and _knows(user, "assign"):
        yield _act(item, user, "assign", _("填写、调整整改措施"), "measures")
    if _knows(user, "assign"):
        yield _act(item, user, "assign", _("调整“四抓”责任人"), "people")
    if item.deadline and pending is None and _knows(user, "ask_extension"):
        yield _act(item, user, "ask_extension", _("申请延期"), "ask_extension")
    if _knows(user, "mark_long_term"):
        label = _("记录长期坚持复核") if item.is_long_term else _("列为长期坚持")
        yield _act(item, user, "mark_long_term", label, "long_term")


def _knows(user: User, action: str) -> bool:
    return bool(policy.may(user, action, RectificationItem))


def _act(
    item: RectificationItem,
    user: User,
    action: str,
    label: str,
    page: str,
    tone: str = "",
    reason: str = "",
    pk: int | None = None,
) -> Act:
    decision = policy.allows(user, action, item)
    why = decision.reason if not decision else reason
    return Act(label, "" if why else reverse(f"rectification:{page}", args=[pk or item.pk]), why, "" if why else tone)
