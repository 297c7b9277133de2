"""Legal moves of an inspection, and what its stages need (A5, D1, D2, D5, D6)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Tier
from common.calendar import today
from common.templatetags.ui import cndate_long
from common.workflow import Moves, move
from inspections.enums import (
    FOUR_VISITS,
    MODES_OF_CLASS,
    NUMBERED,
    OPEN_STAGES,
    SIX_TALKS,
    UNDECIDED,
    DutyStatus,
    FeedbackStatus,
    Mode,
    RecordStatus,
    Stage,
    TeamPost,
)

S = Stage


def team_is_ready(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    team = inspection.team
    if team is None or not team.members.filter(post=TeamPost.LEADER).exists():
        return _("还没有确定巡察组和组长。请先组建巡察组，再进驻。")
    return None


def round_has_come(inspection: Any, changes: Mapping[str, Any]) -> str | None:
    if today() >= inspection.round.starts_on:
        return None
    return _("本轮 %s 开始，还不能进驻。确需提前的，请县委巡察办先更正轮次的日期。") % cndate_long(
        inspection.round.starts_on
    )


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
    if inspection.findings.filter(status__in=NUMBERED).exists():
        return _("反馈意见还没有签发，巡察不能办结。")
    return no_open_drafts(inspection, changes)


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


NAMED = 3


def _named(titles: list[str]) -> str:
    return "、".join(titles[:NAMED]) + (_("等") if len(titles) > NAMED else "")


INSPECTION_MOVES = Moves(
    S.BEFORE,
    [
        move(
            "enter",
            "进驻",
            [S.BEFORE],
            S.DURING,
            round_has_come,
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
