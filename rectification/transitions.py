"""Legal moves of a rectification item and of a request for more time (E6, E8)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common import audit
from common.workflow import Moves, move

from .enums import (
    OPEN,
    REPLIERS,
    CheckResult,
    ClueStatus,
    DissentStatus,
    ExtensionStatus,
    ItemStatus,
    LessonStatus,
    Link,
    ResponsibleKind,
)

PUT_RIGHT = ("accept", "set_measures", "report", "complete_measure", "reply", "ask_extension", "submit")
JUDGED = ("verify", "return", "uphold", "recheck")
WATCHED = ("sign", "poll", *JUDGED)


def has_measures(item: Any, changes: Mapping[str, Any]) -> str | None:
    return None if item.measures.exists() else _("请先填写整改措施（至少一条），再签收。")


def has_four_responsible(item: Any, changes: Mapping[str, Any]) -> str | None:
    missing = set(ResponsibleKind.values) - {one.kind for one in item.responsibles.all()}
    if not missing:
        return None
    names = "、".join(str(ResponsibleKind(kind).label) for kind in ResponsibleKind.values if kind in missing)
    return _("“四抓”责任人还缺：%s。请补全后再签收。") % names


def has_evidence(item: Any, changes: Mapping[str, Any]) -> str | None:
    """Evidence of this attempt: a returned item needs a new report, not the old photographs."""
    if item.reports.filter(attempt=item.attempt, attachments__isnull=False).exists():
        return None
    return _("请先报一次整改进展并附佐证材料（照片、单据、会议记录等），再提交验收。")


def both_have_replied(item: Any, changes: Mapping[str, Any]) -> str | None:
    """A Party-building item is answered by the township and by the organisation department, in whatever attempt."""
    if not type(item).objects.filter(pk=item.pk, finding__checklist_item__party_building=True).exists():
        return None
    replied = {one.side for one in item.replies.all()}
    missing = [str(side.label) for side in REPLIERS if side not in replied]
    return _("党建类问题须由两家都答复后提交，还缺：%s。") % "、".join(missing) if missing else None


def all_three_passed(item: Any, changes: Mapping[str, Any]) -> str | None:
    own = [one for one in item.checks.all() if one.attempt == item.attempt]
    passed = {one.link for one in own if one.result == CheckResult.PASS}
    missing = [str(Link(link).label) for link in Link.values if link not in passed]
    return _("监督链条还缺签署：%s。") % "、".join(missing) if missing else None


def took_part(item: Any, person: Any, *actions: str) -> bool:
    """By the events: in whatever attempt, from whatever seat."""
    return person is not None and audit.history(item).filter(actor=person, action__in=actions).exists()


def submitter_did_not_watch(item: Any, changes: Mapping[str, Any]) -> str | None:
    """Whoever once signed or judged an item does not put it right later, from another seat."""
    if not took_part(item, changes.get("submitted_by"), *WATCHED):
        return None
    return _("您监督或验收过此事项，须由其他人提交。")


def closer_took_no_part(item: Any, changes: Mapping[str, Any]) -> str | None:
    """By the events, as a person may have done so in another attempt and in another unit."""
    if not took_part(item, changes.get("closed_by"), *PUT_RIGHT, "sign"):
        return None
    return _("您办理过此事项的整改，须由其他人验收。")


def deadline_is_later(item: Any, changes: Mapping[str, Any]) -> str | None:
    new = changes.get("deadline")
    if new is None or item.deadline is None or new > item.deadline:
        return None
    return _("新的时限须晚于现在的时限 %s。") % f"{item.deadline:%Y-%m-%d}"


def receiver_is_named(clue: Any, changes: Mapping[str, Any]) -> str | None:
    """Asked when it is decided; before, the person is still to be chosen."""
    if "receiver" not in changes or changes["receiver"] is not None:
        return None
    return _("请选择县纪委监委的接收人。")


S, X = ItemStatus, ExtensionStatus

ITEM_MOVES = Moves(
    S.ASSIGNED,
    [
        move(
            "accept",
            "签收",
            [S.ASSIGNED],
            S.IN_PROGRESS,
            has_measures,
            has_four_responsible,
            tone="primary",
        ),
        move(
            "submit",
            "提交验收",
            [S.IN_PROGRESS],
            S.UNDER_SUPERVISION,
            has_evidence,
            both_have_replied,
            submitter_did_not_watch,
            tone="primary",
        ),
        move(
            "supervised",
            "监督核查完成",
            [S.UNDER_SUPERVISION],
            S.UNDER_VERIFICATION,
            all_three_passed,
            action="sign",
            tone="primary",
        ),
        move(
            "send_back",
            "监督退回",
            [S.UNDER_SUPERVISION],
            S.IN_PROGRESS,
            action="sign",
            note=True,
            tone="warn",
        ),
        move(
            "uphold",
            "采纳不同意见退回",
            [S.UNDER_SUPERVISION],
            S.IN_PROGRESS,
            action="verify",
            note=True,
            tone="warn",
        ),
        move(
            "verify",
            "验收销号",
            [S.UNDER_VERIFICATION],
            S.CLOSED,
            all_three_passed,
            closer_took_no_part,
            tone="primary",
        ),
        move(
            "return",
            "退回补充",
            [S.UNDER_VERIFICATION],
            S.IN_PROGRESS,
            action="verify",
            note=True,
            tone="warn",
        ),
        move("reopen", "重新整改", [S.CLOSED], S.IN_PROGRESS, note=True, tone="warn"),
        move("extend", "延期", OPEN, "", deadline_is_later, note=True),
        move("recompute", "重算时限", OPEN, "", note=True),
        move("mark_long_term", "列为长期坚持", OPEN, "", note=True),
    ],
)

L = ClueStatus

CLUE_MOVES = Moves(
    L.PROPOSED,
    [
        move("approve", "同意移交", [L.PROPOSED], L.APPROVED, receiver_is_named, tone="primary"),
        move("reject", "不予移交", [L.PROPOSED], L.REJECTED, action="approve", tone="warn"),
        move("hand_over", "移交", [L.APPROVED], L.HANDED_OVER, tone="primary"),
        move("reassign", "改派接收人", [L.HANDED_OVER, L.RECEIVED], L.HANDED_OVER, receiver_is_named, action="approve"),
        move("receive", "签收", [L.HANDED_OVER], L.RECEIVED, tone="primary"),
        move("answer", "答复结果", [L.RECEIVED], L.ANSWERED, tone="primary"),
        move("close", "办结", [L.ANSWERED], L.CLOSED, action="hand_over", tone="primary"),
    ],
)

EXTENSION_MOVES = Moves(
    X.ASKED,
    [
        move("grant", "同意延期", [X.ASKED], X.GRANTED, action="decide", tone="primary"),
        move(
            "refuse",
            "不同意延期",
            [X.ASKED],
            X.REFUSED,
            action="decide",
            note=True,
            tone="warn",
        ),
    ],
)

D = DissentStatus

DISSENT_MOVES = Moves(
    D.RAISED,
    [
        move("uphold", "采纳，退回整改", [D.RAISED], D.UPHELD, action="decide", note=True, tone="warn"),
        move("recheck", "要求重新核查", [D.RAISED], D.RECHECK, action="decide", note=True, tone="primary"),
    ],
)

LESSON_MOVES = Moves(
    LessonStatus.DRAFT,
    [move("issue", "签发", [LessonStatus.DRAFT], LessonStatus.ISSUED, tone="primary")],
)
