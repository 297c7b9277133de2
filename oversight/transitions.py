"""Legal moves of circulars, common issues, campaigns and tasks, occasions and what follows (A8, F1, G2, G5, G6)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.calendar import today
from common.workflow import Moves, move
from inspections.transitions import paper_is_complete

from .enums import (
    AssessmentStatus,
    CampaignStatus,
    CheckStatus,
    CircularStatus,
    FollowUpStatus,
    IssueStatus,
    OccasionStatus,
    TaskStatus,
)


def has_plan(campaign: Any, changes: Mapping[str, Any]) -> str | None:
    """Asked when it is taken on; before, the plan is still to be written."""
    return None if "plan" not in changes or changes["plan"].strip() else _("请写明整治措施。")


def all_tasks_done(campaign: Any, changes: Mapping[str, Any]) -> str | None:
    left = campaign.tasks.filter(status=TaskStatus.OPEN).count()
    return _("还有 %s 个村没有整治完，请先逐村登记结果。") % left if left else None


def is_running(task: Any, changes: Mapping[str, Any]) -> str | None:
    return None if task.campaign.status == CampaignStatus.RUNNING else _("专项整治不在整治中，不能登记或改动结果。")


def all_items_answered(check: Any, changes: Mapping[str, Any]) -> str | None:
    left = check.notice.items.count() - check.answers.count()
    return _("还有 %s 个条目没有答复。") % left if left > 0 else None


A, C, T, P, F = IssueStatus, CampaignStatus, TaskStatus, OccasionStatus, FollowUpStatus

ISSUE_MOVES = Moves(
    A.PROPOSED,
    [
        move("approve", "批准", [A.PROPOSED], A.APPROVED, tone="primary"),
        move("return", "退回", [A.PROPOSED], A.RETURNED, action="approve", note=True, tone="warn"),
        move("propose", "提交审批", [A.RETURNED], A.PROPOSED, action="add", tone="primary"),
    ],
)

CAMPAIGN_MOVES = Moves(
    C.ASSIGNED,
    [
        move("take_on", "受领任务", [C.ASSIGNED], C.RUNNING, has_plan, action="lead", tone="primary"),
        move("report", "报送结果", [C.RUNNING], C.REPORTED, all_tasks_done, action="lead", tone="primary"),
        move("close", "验收结束", [C.REPORTED], C.CLOSED, action="accept", tone="primary"),
        move("return", "退回继续整治", [C.REPORTED], C.RUNNING, action="accept", note=True, tone="warn"),
    ],
)

TASK_MOVES = Moves(
    T.OPEN,
    [
        move("finish", "登记结果", [T.OPEN], T.DONE, is_running, action="work", tone="primary"),
        move("resume", "重新整治", [T.DONE], T.OPEN, is_running, action="work", note=True, tone="warn"),
    ],
)


def record_is_whole(occasion: Any, changes: Mapping[str, Any]) -> str | None:
    if not changes.get("record") or not changes.get("people"):
        return _("请写明参加人员和情况记录。")
    return _("日期不能晚于今天，还没有进行的不能记录。") if changes["day"] > today() else None


def answer_is_there(row: Any, changes: Mapping[str, Any]) -> str | None:
    return None if changes.get("answer") else _("请写明怎样落实的。")


OCCASION_MOVES = Moves(
    P.PLANNED,
    [
        move("hold", "记录情况", [P.PLANNED], P.HELD, record_is_whole, tone="primary"),
        move("drop", "不进行", [P.PLANNED], P.DROPPED, note=True, tone="warn"),
    ],
)
FOLLOW_UP_MOVES = Moves(
    F.OPEN,
    [
        move("answer", "报送落实情况", [F.OPEN], F.ANSWERED, answer_is_there, action="respond", tone="primary"),
        move("confirm", "确认办结", [F.ANSWERED], F.DONE, action="sign_off", tone="primary"),
        move(
            "send_back",
            "退回重办",
            [F.ANSWERED],
            F.OPEN,
            action="sign_off",
            note=True,
            tone="warn",
        ),
    ],
)
S = AssessmentStatus
WHOLE = 100  # what the weights of an assessment's indicators add up to


def weights_are_whole(assessment: Any, changes: Mapping[str, Any]) -> str | None:
    total = sum(one.weight for one in assessment.indicators.all())
    return None if total == WHOLE else _("各项权重合计 %s，须合计 100，请先修改方案。") % total


ASSESSMENT_MOVES = Moves(
    S.DRAFT,
    [
        move("edit", "修改方案", [S.DRAFT], ""),
        move("enforce", "开始执行", [S.DRAFT], S.IN_FORCE, weights_are_whole, tone="primary"),
        move("publish", "公布结果", [S.IN_FORCE], S.PUBLISHED, tone="primary"),
    ],
)
K = CheckStatus

CHECK_MOVES = Moves(
    K.OPEN,
    [
        move("answer", "填报自查", [K.OPEN, K.ANSWERED], K.ANSWERED, tone="primary"),
        move("confirm", "确认", [K.ANSWERED], K.CONFIRMED, all_items_answered, tone="primary"),
        move("send_back", "退回重填", [K.ANSWERED], K.OPEN, action="confirm", note=True, tone="warn"),
    ],
)

L = CircularStatus

CIRCULAR_MOVES = Moves(
    L.DRAFT,
    [
        move("edit", "修改", [L.DRAFT]),
        move("issue", "签发", [L.DRAFT], L.ISSUED, paper_is_complete, tone="primary"),
        move("drop", "作废", [L.DRAFT], L.DROPPED, action="edit", note=True, tone="warn"),
    ],
)
