"""Legal moves of yearly plans, of what is filed with the city, and of declared recusals (A1, D1, G1)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.workflow import Moves, move
from inspections.enums import FilingStatus, PlanStatus, RecusalStatus

P = PlanStatus


def plan_has_villages(plan: Any, changes: Mapping[str, Any]) -> str | None:
    return None if plan.entries.exists() else _("计划里还没有村。请先选村，再提交审批。")


def city_returned_it(plan: Any, changes: Mapping[str, Any]) -> str | None:
    last = plan.filings.order_by("-id").first()
    if last is not None and last.status == FilingStatus.RETURNED:
        return None
    return _("市委巡察办没有退回这份计划，不能重新修改。")


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
        move("revise", "按市级意见修改", [P.FILED], P.DRAFT, city_returned_it, action="submit"),
    ],
)


FILING_MOVES = Moves(
    FilingStatus.SUBMITTED,
    [
        move("accept", "同意备案", [FilingStatus.SUBMITTED], FilingStatus.ACCEPTED, action="answer", tone="primary"),
        move(
            "return",
            "退回",
            [FilingStatus.SUBMITTED],
            FilingStatus.RETURNED,
            action="answer",
            note=True,
            tone="warn",
        ),
    ],
)


RECUSAL_MOVES = Moves(
    RecusalStatus.IN_FORCE,
    [move("lift", "解除回避", [RecusalStatus.IN_FORCE], RecusalStatus.LIFTED, note=True, tone="warn")],
)
