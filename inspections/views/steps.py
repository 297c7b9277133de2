"""Where an inspection stands and what comes next, for the page of one inspection."""

from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import date as day_text
from django.urls import reverse
from django.utils.translation import gettext as _

from common import policy, workflow
from common.calendar import today
from inspections.enums import FeedbackStatus, FindingStatus, Stage
from inspections.models import Feedback, Finding, Inspection

ORDER = (Stage.BEFORE, Stage.DURING, Stage.AFTER, Stage.CLOSED)


@dataclass(frozen=True)
class Step:
    """The one primary act of the page: a link, or a move to be posted; disabled with the reason."""

    label: str
    url: str
    post: bool = False
    reason: str = ""
    name: str = ""


def steps(inspection: Inspection, findings: list[Finding], feedback: Feedback | None) -> list[dict[str, Any]]:
    """计划 → 派组 → 进驻 → 结束驻村 → 反馈 → 办结, with the day of each."""
    issued = feedback is not None and feedback.status == FeedbackStatus.ISSUED
    done = [
        (
            _("列入计划"),
            True,
            _("%(year)s 年第 %(wave)s 轮") % {"year": inspection.round.plan.year, "wave": inspection.round.number},
        ),
        (_("组建派组"), inspection.team_id is not None, str(inspection.team or "")),
        (
            _("进驻"),
            inspection.entered_on is not None,
            _day(inspection.entered_on) or _planned(inspection.planned_from),
        ),
        (_("结束驻村"), inspection.left_on is not None, _day(inspection.left_on) or _planned(inspection.planned_to)),
        (_("反馈交办"), issued, _day(feedback.issued_on) if feedback and issued else ""),
        (_("办结"), inspection.status == Stage.CLOSED, _day(inspection.closed_on)),
    ]
    closed_without_feedback = inspection.status == Stage.CLOSED and not issued
    now = next((index for index, one in enumerate(done) if not one[1]), len(done))
    rows = []
    for index, (label, is_done, note) in enumerate(done):
        state = "done" if is_done else "now" if index == now and inspection.status != Stage.CANCELLED else ""
        if label == _("反馈交办") and closed_without_feedback:
            state, note = "done", _("没有问题可反馈")
        rows.append({"label": label, "state": state, "note": note})
    return rows


def _day(day: Any) -> str:
    return str(day_text(day, "n月j日")) if day else ""


def _day_or_plan(day: Any, planned: Any) -> str:
    return _day(day) or _("计划 %s") % _day(planned)


def next_step(user: Any, inspection: Inspection, findings: list[Finding], feedback: Feedback | None) -> Step | None:
    """What this person can do next; a move that is not possible yet comes greyed, with the reason."""
    if inspection.status == Stage.BEFORE and inspection.team_id is None:
        if policy.allows(user, "edit", inspection.round):
            return Step(_("派巡察组"), reverse("inspections:round", args=[inspection.round_id]))
        return None
    if inspection.status == Stage.DURING:
        return _during(user, inspection, findings)
    if inspection.status == Stage.AFTER and (step := _feedback(user, inspection, findings, feedback)):
        return step
    return _move(user, inspection)


def _during(user: Any, inspection: Inspection, findings: list[Finding]) -> Step | None:
    drafts = [one for one in findings if one.status == FindingStatus.DRAFT]
    leaving = _move(user, inspection)
    if leaving and findings and not drafts and not leaving.reason and inspection.planned_to <= today():
        return leaving
    if policy.allows(user, "add", Finding(inspection=inspection, **_scope(inspection))):
        return Step(_("记录问题"), reverse("inspections:finding_new", args=[inspection.pk]))
    return leaving


def _feedback(user: Any, inspection: Inspection, findings: list[Finding], feedback: Feedback | None) -> Step | None:
    url = reverse("inspections:feedback", args=[inspection.pk])
    if feedback is None:
        confirmed = any(one.status == FindingStatus.CONFIRMED for one in findings)
        new = Feedback(inspection=inspection, drafted_by=user, **_scope(inspection))
        if confirmed and policy.allows(user, "add", new):
            return Step(_("起草反馈意见"), reverse("inspections:feedback_draft", args=[inspection.pk]), post=True)
        return None
    if feedback.status == FeedbackStatus.ISSUED:
        return None
    if policy.allows(user, "issue", feedback):
        return Step(_("核对并签发反馈意见"), url)
    return Step(_("修改反馈意见"), url) if policy.allows(user, "edit", feedback) else None


def _move(user: Any, inspection: Inspection) -> Step | None:
    for button in workflow.buttons(inspection, user):
        if button.move.tone == "primary":
            return _of_button(inspection, button)
    return None


def _of_button(inspection: Inspection, button: workflow.Button) -> Step:
    url = reverse(f"inspections:{button.move.name}", args=[inspection.pk])
    return Step(str(button.move.label), url, post=True, reason=button.reason, name=button.move.name)


def other_moves(user: Any, inspection: Inspection, step: Step | None) -> list[Step]:
    """Moves beside the primary one (leaving while findings come in, cancelling)."""
    return [
        _of_button(inspection, one)
        for one in workflow.buttons(inspection, user)
        if one.move.name != "arrange" and (step is None or one.move.name != step.name)
    ]


def _scope(inspection: Inspection) -> dict[str, Any]:
    return {
        "county_id": inspection.county_id,
        "township_id": inspection.township_id,
        "village_id": inspection.village_id,
    }
