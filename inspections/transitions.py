"""Legal moves of plans, inspections, findings and feedback (A1, C1, D1, D2, E1, E2)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Tier
from common.workflow import Moves, move

from .enums import (
    FOUR_VISITS,
    LIVING,
    MODES_OF_CLASS,
    NUMBERED_PAPERS,
    OPEN_STAGES,
    REPORT_PAPERS,
    SIX_TALKS,
    UNDECIDED,
    WORK_STAGES,
    DutyStatus,
    FeedbackStatus,
    FilingStatus,
    FindingStatus,
    Mode,
    PaperKind,
    PaperStatus,
    PlanStatus,
    RecordStatus,
    RecusalStatus,
    Stage,
    TeamPost,
)


def plan_has_villages(plan: Any, changes: Mapping[str, Any]) -> str | None:
    return None if plan.entries.exists() else _("计划里还没有村。请先选村，再提交审批。")


def city_returned_it(plan: Any, changes: Mapping[str, Any]) -> str | None:
    last = plan.filings.order_by("-id").first()
    if last is not None and last.status == FilingStatus.RETURNED:
        return None
    return _("市委巡察办没有退回这份计划，不能重新修改。")


def team_is_ready(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    team = inspection.team
    if team is None or not team.members.filter(post=TeamPost.LEADER).exists():
        return _("还没有确定巡察组和组长。请先组建巡察组，再进驻。")
    return None


def mode_is_explained(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    usual = MODES_OF_CLASS.get(inspection.klass, ())
    if inspection.mode not in usual and not inspection.mode_reason.strip():
        return _("巡察方式与村分类不一致，请写明理由。")
    if inspection.mode == Mode.SPECIAL and not inspection.theme.strip():
        return _("专项巡察请写明专项主题。")
    if inspection.mode == Mode.SPECIAL and not inspection.focus:
        return _("专项巡察请在“调整方案”里选定清单范围（点位）。")
    return None


def team_fits_mode(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    """交叉 means a team of another county, 提级 a team of the city (D2)."""
    if inspection.team is None or inspection.mode not in (Mode.CROSS, Mode.RAISED):
        return None
    place = inspection.team.organ.division
    if inspection.mode == Mode.RAISED:
        return None if place.tier == Tier.CITY else _("提级巡察须由市级派出巡察组。请换组，或调整巡察方式。")
    if place.tier == Tier.COUNTY and place.pk != inspection.county_id:
        return None
    return _("交叉巡察须由外县（市、区）派出巡察组。请换组，或调整巡察方式。")


def nobody_is_recused(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    if inspection.team is None:
        return None
    names = [one.full_name for one in inspection.team.keeping_away(inspection.township_id)]
    if not names:
        return None
    return _("%(names)s须回避%(township)s（籍贯、任职或申报的回避关系）。请先调整巡察组。") % {
        "names": "、".join(names),
        "township": inspection.township.name,
    }


def no_open_drafts(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    count = inspection.findings.filter(status__in=UNDECIDED).count()
    return _("还有 %s 条底稿没有审定，请先签名、初审、审定，或合并、否定。") % count if count else None


def feedback_is_issued(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    """Nothing found means nothing to feed back; the closing note then says so."""
    if inspection.feedbacks.filter(status=FeedbackStatus.ISSUED).exists():
        return None
    if inspection.findings.filter(status=FindingStatus.CONFIRMED).exists():
        return _("反馈意见还没有签发，巡察不能办结。")
    return no_open_drafts(inspection, changes)


NAMED = 3


def required_duties_are_done(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    """A stage is not left while a required duty of it is open (A5)."""
    rows = (
        inspection.duties.fitting()
        .filter(status=DutyStatus.OPEN, template__required=True, template__stage=inspection.status)
        .order_by("template__order")
    )
    titles = list(rows.values_list("template__title", flat=True))
    if not titles:
        return None
    return _("“%(stage)s”责任清单还有 %(count)s 项必办事项没有办：%(titles)s。") % {
        "stage": inspection.status_label,
        "count": len(titles),
        "titles": _named(titles),
    }


def talks_and_visits_are_told(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    """Each of 六必谈 and 四必访 was done, or it is written down why not (D5, D6)."""
    told = set(inspection.gaps.values_list("kind", flat=True))
    for rows in (inspection.conversations, inspection.visits):
        told |= set(rows.filter(status=RecordStatus.RECORDED).values_list("kind", flat=True))
    missing = [str(one.label) for one in (*SIX_TALKS, *FOUR_VISITS) if one not in told]
    if not missing:
        return None
    return _("六必谈、四必访还缺 %(count)s 项：%(kinds)s。请补谈补访，或逐项说明缺项原因。") % {
        "count": len(missing),
        "kinds": _named(missing),
    }


def _named(titles: list[str]) -> str:
    return "、".join(titles[:NAMED]) + (_("等") if len(titles) > NAMED else "")


def duty_has_come(duty: Any, changes: Mapping[str, Any]) -> str | None:
    """Duties of a later stage wait for it; those of a stage gone by may still be caught up with."""
    now = duty.inspection.status
    if now not in OPEN_STAGES:
        return _("巡察%s，责任清单不能再改。") % duty.inspection.status_label
    if WORK_STAGES.index(duty.template.stage) > WORK_STAGES.index(now):
        return _("还没有到“%s”阶段。") % Stage(duty.template.stage).label
    return None


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


def findings_are_open(finding: Any, changes: Mapping[str, Any]) -> str | None:
    """Findings live from entering the village until the feedback is issued."""
    return inspection_takes_findings(finding.inspection)


def inspection_takes_findings(inspection: Any) -> str | None:
    if inspection.status not in (Stage.DURING, Stage.AFTER):
        return _("巡察组进驻之后、办结之前才能办理底稿。")
    if inspection.feedbacks.filter(status=FeedbackStatus.ISSUED).exists():
        return _("反馈意见已经签发，问题不能再改动。")
    return None


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


def village_is_left(feedback: Any, changes: Mapping[str, Any]) -> str | None:
    return None if feedback.inspection.status == Stage.AFTER else _("巡察组结束驻村后才能签发反馈意见。")


def feedback_is_complete(feedback: Any, changes: Mapping[str, Any]) -> str | None:
    if not feedback.opinion.strip():
        return _("请填写反馈意见。")
    if not feedback.inspection.findings.filter(status=FindingStatus.CONFIRMED).exists():
        return _("没有已确认的问题可以反馈。")
    return no_open_drafts(feedback.inspection, changes)


def inspection_takes_paper(inspection: Any, kind: str) -> str | None:
    """Which papers an inspection has follows from its mode and stage (D2, H3)."""
    if kind in REPORT_PAPERS and (kind == PaperKind.SPECIAL_REPORT) != (inspection.mode == Mode.SPECIAL):
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

P, S, F, B = PlanStatus, Stage, FindingStatus, FeedbackStatus
D, R, W = DutyStatus, RecordStatus, PaperStatus

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
            team_fits_mode,
            nobody_is_recused,
            required_duties_are_done,
            action="run",
            tone="primary",
        ),
        move(
            "leave",
            "结束驻村",
            [S.DURING],
            S.AFTER,
            no_open_drafts,
            nobody_is_recused,
            required_duties_are_done,
            talks_and_visits_are_told,
            action="run",
            tone="primary",
        ),
        move(
            "close",
            "办结",
            [S.AFTER],
            S.CLOSED,
            feedback_is_issued,
            required_duties_are_done,
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
        move("refer", "转问题线索", LIVING, F.REFERRED, findings_are_open, is_written_nowhere),
        move("restore", "退回按问题办理", [F.REFERRED], F.DRAFT, findings_are_open),
    ],
)

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

DUTY_MOVES = Moves(
    D.OPEN,
    [
        move("do", "办结事项", [D.OPEN], D.DONE, duty_has_come),
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
