"""Legal moves of papers and of the feedback (E1, E2, H3)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.workflow import Moves, move
from inspections.enums import (
    NUMBERED,
    NUMBERED_PAPERS,
    REPORT_PAPERS,
    FeedbackStatus,
    PaperStatus,
    Stage,
    paper_for,
)

from .stages import no_open_drafts

B, W = FeedbackStatus, PaperStatus


def village_is_left(feedback: Any, changes: Mapping[str, Any]) -> str | None:
    return None if feedback.inspection.status == Stage.AFTER else _("巡察组结束驻村后才能签发反馈意见。")


def feedback_is_complete(feedback: Any, changes: Mapping[str, Any]) -> str | None:
    if not feedback.opinion.strip():
        return _("请填写反馈意见。")
    if not feedback.inspection.findings.filter(status__in=NUMBERED).exists():
        return _("没有已确认的问题可以反馈。")
    return no_open_drafts(feedback.inspection, changes)


def inspection_takes_paper(inspection: Any, kind: str) -> str | None:
    """Which papers an inspection has follows from its mode and stage (D2, H3)."""
    if kind != paper_for(kind, inspection.mode):
        return _("专项巡察用专题报告，其他方式用巡察报告。")
    if kind in REPORT_PAPERS:
        if inspection.status not in (Stage.AFTER, Stage.CLOSED):
            return _("巡察组结束驻村后才能起草报告。")
        return no_open_drafts(inspection, {})
    if inspection.status not in (Stage.BEFORE, Stage.DURING):
        return _("巡察组已经离村，不再起草这类文书。")
    return None if inspection.team_id else _("还没有派巡察组。请先派组，再起草文书。")


def paper_is_due(paper: Any, changes: Mapping[str, Any]) -> str | None:
    """A correction may come later than the stage of its paper."""
    return None if paper.replaces_id else inspection_takes_paper(paper.inspection, paper.kind)


def paper_is_complete(paper: Any, changes: Mapping[str, Any]) -> str | None:
    texts = [one["text"] for one in paper.sections]
    if not any(text.strip() for text in texts):
        return _("正文是空的，请先填写。")
    if any(BLANK in text for text in texts):
        return _("正文里还有“%s……”没有填写。") % BLANK
    return None


def paper_has_its_number(paper: Any, changes: Mapping[str, Any]) -> str | None:
    """Asked when it is issued; before, the number is still to come."""
    if "document_number" in changes and paper.kind in NUMBERED_PAPERS and not changes["document_number"]:
        return _("请填写文号。")
    return None


BLANK = "（请填写"  # how a template leaves a gap that only a person can fill


FEEDBACK_MOVES = Moves(
    B.DRAFT,
    [
        move("edit", "修改反馈意见", [B.DRAFT]),
        move("issue", "签发", [B.DRAFT], B.ISSUED, village_is_left, feedback_is_complete, tone="primary"),
    ],
)


PAPER_MOVES = Moves(
    W.DRAFT,
    [
        move("edit", "修改文书", [W.DRAFT]),
        move(
            "issue",
            "签发文书",
            [W.DRAFT],
            W.ISSUED,
            paper_is_due,
            paper_is_complete,
            paper_has_its_number,
            tone="primary",
        ),
    ],
)
