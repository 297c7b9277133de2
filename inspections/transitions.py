"""Legal moves of plans, inspections, findings and feedback (A1, C1, D1, D2, E1, E2)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.workflow import Moves, move

from .enums import (
    OPEN_STAGES,
    MODES_OF_CLASS,
    FeedbackStatus,
    FindingStatus,
    PlanStatus,
    Stage,
)


def plan_has_villages(plan: Any, changes: Mapping[str, Any]) -> str | None:
    return None if plan.entries.exists() else _("计划里还没有村。请先选村，再提交审批。")


def team_is_ready(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    team = inspection.team
    if team is None or not team.members.filter(post="LEADER").exists():
        return _("还没有确定巡察组和组长。请先组建巡察组，再进驻。")
    return None


def mode_is_explained(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    usual = MODES_OF_CLASS.get(inspection.klass, ())
    if inspection.mode not in usual and not inspection.mode_reason.strip():
        return _("巡察方式与村分类不一致，请写明理由。")
    if inspection.mode == "SPECIAL" and not inspection.theme.strip():
        return _("专项巡察请写明专项主题。")
    return None


def no_open_drafts(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    count = inspection.findings.filter(status=FindingStatus.DRAFT).count()
    return _("还有 %s 条底稿没有确认或否定，请组长先办理。") % count if count else None


def feedback_is_issued(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    if inspection.feedbacks.filter(status=FeedbackStatus.ISSUED).exists():
        return None
    return _("反馈意见还没有签发，巡察不能办结。")


def inspectors_are_two(finding: Any, changes: Mapping[str, Any]) -> str | None:
    if finding.second_inspector_id is None:
        return _("底稿须有两名巡察人员签名，请补填第二名巡察人员。")
    return None


def feedback_is_complete(feedback: Any, changes: Mapping[str, Any]) -> str | None:
    if not feedback.opinion.strip():
        return _("请填写反馈意见。")
    if not feedback.inspection.findings.filter(status=FindingStatus.CONFIRMED).exists():
        return _("没有已确认的问题可以反馈。")
    return no_open_drafts(feedback.inspection, changes)


P, S, F, B = PlanStatus, Stage, FindingStatus, FeedbackStatus

PLAN_MOVES = Moves(
    P.DRAFT,
    [
        move(
            "submit",
            "提交审批",
            [P.DRAFT],
            P.SUBMITTED,
            plan_has_villages,
            tone="primary",
        ),
        move("approve", "批准", [P.SUBMITTED], P.APPROVED, tone="primary"),
        move(
            "return",
            "退回修改",
            [P.SUBMITTED],
            P.DRAFT,
            action="approve",
            note=True,
            tone="warn",
        ),
        move("file", "报市备案", [P.APPROVED], P.FILED, action="submit", tone="primary"),
    ],
)

INSPECTION_MOVES = Moves(
    S.BEFORE,
    [
        move(
            "enter",
            "进驻",
            [S.BEFORE],
            S.DURING,
            team_is_ready,
            mode_is_explained,
            action="run",
            tone="primary",
        ),
        move(
            "leave",
            "结束驻村",
            [S.DURING],
            S.AFTER,
            no_open_drafts,
            action="run",
            tone="primary",
        ),
        move(
            "close",
            "办结",
            [S.AFTER],
            S.CLOSED,
            feedback_is_issued,
            action="close",
            tone="primary",
        ),
        move(
            "cancel",
            "取消巡察",
            [S.BEFORE, S.DURING],
            S.CANCELLED,
            action="plan",
            note=True,
            tone="warn",
        ),
        move("arrange", "调整方案", OPEN_STAGES, action="plan"),
    ],
)

FINDING_MOVES = Moves(
    F.DRAFT,
    [
        move("edit", "修改底稿", [F.DRAFT]),
        move(
            "confirm",
            "确认",
            [F.DRAFT],
            F.CONFIRMED,
            inspectors_are_two,
            tone="primary",
        ),
        move(
            "reject",
            "不予认定",
            [F.DRAFT, F.CONFIRMED],
            F.REJECTED,
            action="confirm",
            note=True,
            tone="warn",
        ),
        move(
            "reopen",
            "退回底稿",
            [F.CONFIRMED, F.REJECTED],
            F.DRAFT,
            action="confirm",
            note=True,
        ),
        move("feed_back", "反馈", [F.CONFIRMED], F.FED_BACK),
    ],
)

FEEDBACK_MOVES = Moves(
    B.DRAFT,
    [
        move("edit", "修改反馈意见", [B.DRAFT]),
        move("issue", "签发", [B.DRAFT], B.ISSUED, feedback_is_complete, tone="primary"),
    ],
)
