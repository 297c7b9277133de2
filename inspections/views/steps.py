"""Where an inspection stands and what comes next, for the page of one inspection."""

from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import date as day_text
from django.urls import reverse
from django.utils.translation import gettext as _

from common import policy
from common.calendar import today
from common.workflow import Button
from inspections.enums import FeedbackStatus, FindingStatus, Stage
from inspections.models import Feedback, Finding, Inspection


@dataclass(frozen=True)
class Step:
    """The one primary act of the page: a link, or a move to be posted; disabled with the reason."""

    label: str
    url: str
    post: bool = False
    reason: str = ""
    name: str = ""
    tone: str = ""
    version: int | None = None


def steps(inspection: Inspection, feedback: Feedback | None) -> list[dict[str, Any]]:
    """列入计划 → 派组 → 进驻 → 结束驻村 → 反馈 → 办结, with the day of each."""
    issued = feedback.issued_on if feedback is not None and feedback.status == FeedbackStatus.ISSUED else None
    closed = inspection.status == Stage.CLOSED
    nothing_found = _("没有问题可反馈") if closed and issued is None else ""
    wave = {"year": inspection.round.plan.year, "wave": inspection.round.number}
    lines = [
        (_("列入计划"), True, _("%(year)s 年第 %(wave)s 轮") % wave),
        (_("派组"), inspection.team_id is not None, str(inspection.team or "")),
        (_("进驻"), inspection.entered_on is not None, _day(inspection.entered_on, inspection.planned_from)),
        (_("结束驻村"), inspection.left_on is not None, _day(inspection.left_on, inspection.last_day)),
        (_("反馈交办"), issued is not None or closed, nothing_found or _day(issued)),
        (_("办结"), closed, _day(inspection.closed_on)),
    ]
    now = next((index for index, one in enumerate(lines) if not one[1]), len(lines))
    going = inspection.status != Stage.CANCELLED
    return [
        {"label": label, "note": note, "state": "done" if done else "now" if going and index == now else ""}
        for index, (label, done, note) in enumerate(lines)
    ]


def _day(day: Any, planned: Any = None) -> str:
    """The day, or the planned one marked as such."""
    if day is None and planned is None:
        return ""
    text = str(day_text(day or planned, "n月j日"))
    return text if day else _("计划 %s") % text


def facts(inspection: Inspection) -> list[dict[str, Any]]:
    """The arrangement as lines of a description list."""
    planned = dict.fromkeys(_long(day) for day in (inspection.planned_from, inspection.planned_to))
    rows: list[dict[str, Any]] = [
        {"label": _("村（社区）"), "value": inspection.place},
        {"label": _("分类"), "value": inspection.get_klass_display()},
        {"label": _("巡察方式"), "value": inspection.get_mode_display()},
        {"label": _("巡察组"), "value": inspection.team or _("未派组")},
        {"label": _("轮次"), "value": inspection.round},
        {"label": _("届期"), "value": inspection.round.plan.term},
        {"label": _("计划驻村"), "value": _(" 至 ").join(planned), "wide": True},
    ]
    points = "、".join(inspection.focus)
    for label, value in (
        (_("专项主题"), inspection.theme),
        (_("清单范围（点位）"), points),
        (_("方式理由"), inspection.mode_reason),
    ):
        if value:
            rows.append({"label": label, "value": value, "wide": True})
    return rows


def _long(day: Any) -> str:
    return str(day_text(day, "Y年n月j日"))


def hints(user: Any, inspection: Inspection, findings: list[Finding], step: Step | None) -> list[str]:
    """Drafts that wait for this person, why the next step cannot be taken yet, and what runs late."""
    found = []
    for status, action, text in (
        (FindingStatus.DRAFT, "cosign", _("有 %s 条底稿等您签名。")),
        (FindingStatus.SIGNED, "review", _("有 %s 条底稿等您初审。")),
        (FindingStatus.REVIEWED, "confirm", _("有 %s 条底稿等您审定。")),
    ):
        if not policy.may(user, action, Finding):
            continue
        waiting = [one for one in findings if one.status == status and policy.allows(user, action, one)]
        if waiting:
            found.append(text % len(waiting))
    if step is not None and step.reason:
        found.append(_("现在还不能“%(step)s”：%(reason)s") % {"step": step.label, "reason": step.reason})
    late = (today() - inspection.last_day).days
    if inspection.status == Stage.DURING and late > 0:
        found.append(_("计划 %(day)s离村，已过 %(late)s 天。") % {"day": _day(inspection.last_day), "late": late})
    return found


def may_record(user: Any, inspection: Inspection) -> bool:
    if inspection.status not in (Stage.DURING, Stage.AFTER):
        return False
    return bool(policy.allows(user, "add", Finding(inspection=inspection, **scope_columns(inspection))))


def next_step(
    user: Any, inspection: Inspection, possible: list[Button], findings: list[Finding], feedback: Feedback | None
) -> Step | None:
    """What this person can do next; a move that is not possible yet comes greyed, with the reason."""
    if inspection.status == Stage.BEFORE and inspection.team_id is None:
        if policy.allows(user, "edit", inspection.round):
            return Step(_("派巡察组"), reverse("inspections:round", args=[inspection.round_id]))
        return None
    move = next((_of(inspection, one) for one in possible if one.move.tone == "primary"), None)
    if inspection.status == Stage.DURING:
        over = inspection.last_day <= today() and findings
        if may_record(user, inspection) and not (over and move and not move.reason):
            return Step(_("记录问题"), reverse("inspections:finding_new", args=[inspection.pk]))
    if inspection.status == Stage.AFTER and (step := _feedback(user, inspection, findings, feedback)):
        return step
    return move


def _feedback(user: Any, inspection: Inspection, findings: list[Finding], feedback: Feedback | None) -> Step | None:
    url = reverse("inspections:feedback", args=[inspection.pk])
    if feedback is None:
        confirmed = any(one.status == FindingStatus.CONFIRMED for one in findings)
        if confirmed and policy.allows(user, "add", Feedback(inspection=inspection, **scope_columns(inspection))):
            return Step(_("起草反馈意见"), reverse("inspections:feedback_draft", args=[inspection.pk]), post=True)
        return None
    if feedback.status == FeedbackStatus.ISSUED:
        return None
    if policy.allows(user, "issue", feedback):
        return Step(_("核对并签发反馈意见"), url)
    return Step(_("修改反馈意见"), url) if policy.allows(user, "edit", feedback) else None


def _of(inspection: Inspection, button: Button) -> Step:
    move = button.move
    return Step(
        label=str(move.label),
        url=reverse(f"inspections:{move.name}", args=[inspection.pk]),
        post=True,
        reason=button.reason,
        name=move.name,
        tone=move.tone if move.tone == "warn" else "",
        version=inspection.version,
    )


def other_moves(inspection: Inspection, possible: list[Button], step: Step | None) -> list[Step]:
    """Moves beside the primary one (leaving while findings come in, cancelling)."""
    return [
        _of(inspection, one)
        for one in possible
        if one.move.name != "arrange" and (step is None or one.move.name != step.name)
    ]


def scope_columns(inspection: Inspection) -> dict[str, Any]:
    """The scope of a row that does not exist yet, to ask the policy about it."""
    return {name: getattr(inspection, name) for name in ("county_id", "township_id", "village_id")}
