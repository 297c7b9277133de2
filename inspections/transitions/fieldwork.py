"""Legal moves of duties and of what is written down in the field (A5, D3–D7)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.workflow import Moves, move
from inspections.enums import (
    OPEN_STAGES,
    WORK_STAGES,
    DutyStatus,
    FeedbackStatus,
    PaperKind,
    PaperStatus,
    RecordStatus,
    Stage,
    paper_for,
)

D, R = DutyStatus, RecordStatus


def duty_has_come(duty: Any, changes: Mapping[str, Any]) -> str | None:
    """Duties of a later stage wait for it; those of a stage gone by may still be caught up with."""
    now = duty.inspection.status
    if now not in OPEN_STAGES:
        return _("巡察%s，责任清单不能再改。") % duty.inspection.status_label
    if WORK_STAGES.index(duty.template.stage) > WORK_STAGES.index(now):
        return _("还没有到“%s”阶段。") % Stage(duty.template.stage).label
    return None


def paper_awaited(duty: Any) -> PaperKind | None:
    """The paper that the duty speaks of, as long as none such is issued."""
    if not duty.template.paper:
        return None
    kind = paper_for(duty.template.paper, duty.inspection.mode)
    return None if duty.inspection.papers.filter(kind=kind, status=PaperStatus.ISSUED).exists() else kind


def its_paper_is_issued(duty: Any, changes: Mapping[str, Any]) -> str | None:
    """A duty that speaks of a paper is done when the paper is issued, and not when somebody says so."""
    if (kind := paper_awaited(duty)) is None:
        return None
    told = {"duty": duty.template, "paper": kind.label}
    return _("“%(duty)s”：%(paper)s还没有签发。请先在巡察页面起草并签发，再办结。") % told


def duty_stage_is_now(duty: Any, changes: Mapping[str, Any]) -> str | None:
    """What a stage was left on the strength of is not taken back."""
    if duty.template.stage != duty.inspection.status:
        return _("“%s”阶段已经结束，不能再改为待办。") % Stage(duty.template.stage).label
    return None


def record_is_open(record: Any, changes: Mapping[str, Any]) -> str | None:
    return inspection_takes_records(record.inspection, type(record).__name__)


def inspection_takes_records(inspection: Any, kind: str) -> str | None:
    """People are told and papers are read from the start; talks and visits take place in the village.

    What was written down there may arrive after the team has left, until the feedback is issued.
    """
    if inspection.status not in OPEN_STAGES:
        return _("巡察%s，不能再登记。") % inspection.status_label
    if kind in ("Conversation", "Visit") and inspection.status == Stage.BEFORE:
        return _("巡察组进驻之后才能登记谈话和走访。")
    if inspection.feedbacks.filter(status=FeedbackStatus.ISSUED).exists():
        return _("反馈意见已经签发，不能再登记或更正。")
    return None


def record_is_not_cited(record: Any, changes: Mapping[str, Any]) -> str | None:
    """What a finding rests on is not taken away from under it."""
    if hasattr(record, "citations") and record.citations.exists():
        return _("有问题引用了%s作印证。请先在问题页面取消引用，再作废。") % record.number
    return None


DUTY_MOVES = Moves(
    D.OPEN,
    [
        move("do", "办结事项", [D.OPEN], D.DONE, duty_has_come, its_paper_is_issued),
        move("waive", "不适用", [D.OPEN], D.NOT_APPLICABLE, duty_has_come, note=True, tone="warn"),
        move("undo", "改为待办", [D.DONE, D.NOT_APPLICABLE], D.OPEN, duty_stage_is_now, action="do", tone="warn"),
    ],
)


RECORD_MOVES = Moves(
    R.RECORDED,
    [
        move("edit", "更正", [R.RECORDED], "", record_is_open),
        move("void", "作废", [R.RECORDED], R.VOID, record_is_open, record_is_not_cited, tone="warn"),
    ],
)
