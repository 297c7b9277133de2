"""Legal moves of findings (C1, E1, E4)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.workflow import Moves, move
from inspections.enums import LIVING, UNDECIDED, FeedbackStatus, FindingStatus, PaperStatus, Stage

F = FindingStatus


def findings_are_open(finding: Any, changes: Mapping[str, Any]) -> str | None:
    """Findings live from entering the village until the feedback is issued."""
    return inspection_takes_findings(finding.inspection)


def inspection_takes_findings(inspection: Any) -> str | None:
    if inspection.status not in (Stage.DURING, Stage.AFTER):
        return _("巡察组进驻之后、办结之前才能办理底稿。")
    if inspection.feedbacks.filter(status=FeedbackStatus.ISSUED).exists():
        return _("反馈意见已经签发，问题不能再改动。")
    return None


def is_to_be_put_right_at_once(finding: Any, changes: Mapping[str, Any]) -> str | None:
    return None if finding.is_immediate else _("只有标为立巡立改的问题可以提前交办，其他问题随反馈意见交办。")


def inspectors_are_two(finding: Any, changes: Mapping[str, Any]) -> str | None:
    if finding.second_inspector_id is None:
        return _("底稿须有两名巡察人员签名，请补填第二名巡察人员。")
    return None


def target_takes_it(finding: Any, changes: Mapping[str, Any]) -> str | None:
    """What is merged goes into a living finding of the same inspection; what others went into stays itself."""
    if finding.sources.exists():
        return _("已有其他底稿并入这一条，请保留它，把另一条并入它。")
    target = changes.get("merged_into")
    if target is None:  # asked for the button: the target is chosen on the page
        return None
    if target.pk == finding.pk or target.inspection_id != finding.inspection_id or target.status not in LIVING:
        return _("只能并入同一次巡察中另一条还有效的底稿，请重新选择。")
    return None


def is_written_nowhere(finding: Any, changes: Mapping[str, Any]) -> str | None:
    """What becomes a clue must stand in no draft that others are going to read, and in no other finding (E4)."""
    if finding.sources.exists():
        return _("有其他底稿并入这一条。请先把它们退回底稿，再转问题线索。")
    inspection = finding.inspection
    drafts = inspection.papers.filter(status=PaperStatus.DRAFT)
    texts = {str(one): one.opinion for one in inspection.feedbacks.all()}
    texts |= {str(one): f"{one.sections}{one.annexes}" for one in drafts}
    found = [name for name, text in texts.items() if finding.title in text]
    if not found:
        return None
    return _("“%s”的草稿里写有这个问题。请先在草稿里删去，再转问题线索。") % "、".join(found)


FINDING_MOVES = Moves(
    F.DRAFT,
    [
        move("edit", "修改底稿", [F.DRAFT], "", findings_are_open),
        move(
            "cosign",
            "签名",
            [F.DRAFT],
            F.SIGNED,
            inspectors_are_two,
            findings_are_open,
            tone="primary",
        ),
        move("review", "初审通过", [F.SIGNED], F.REVIEWED, findings_are_open, tone="primary"),
        move("confirm", "审定", [F.REVIEWED], F.CONFIRMED, findings_are_open, tone="primary"),
        move(
            "reopen",
            "退回底稿",
            [F.SIGNED, F.REVIEWED, F.CONFIRMED, F.REJECTED, F.MERGED],
            F.DRAFT,
            findings_are_open,
            action="settle",
            note=True,
        ),
        move("merge", "合并", UNDECIDED, F.MERGED, target_takes_it, findings_are_open, action="settle"),
        move(
            "reject",
            "不予认定",
            LIVING,
            F.REJECTED,
            findings_are_open,
            action="settle",
            note=True,
            tone="warn",
        ),
        move("feed_back", "反馈", [F.CONFIRMED], F.FED_BACK),
        move("hand_over", "立巡立改交办", [F.CONFIRMED], F.FED_BACK, findings_are_open, is_to_be_put_right_at_once),
        move("refer", "转问题线索", LIVING, F.REFERRED, findings_are_open, is_written_nowhere),
        move("restore", "退回按问题办理", [F.REFERRED], F.DRAFT, findings_are_open),
    ],
)
