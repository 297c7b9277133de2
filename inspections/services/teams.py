"""巡察组: who inspects, from which day to which, and never where they serve or come from (回避)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organ, User
from common import audit, policy, workflow
from common.calendar import today
from inspections.enums import OPEN_STAGES, Stage, TeamPost
from inspections.models import Inspection, Round, Team, TeamMember
from inspections.selectors.load import setting_of
from inspections.selectors.recusals import recused_of
from inspections.selectors.teams import candidates, sending_organs

from .rounds import planned_days
from .telling import tell_member, tell_team


@transaction.atomic
def create_team(*, round: Round, organ: Organ, name: str, actor: Any) -> Team:
    """Set up a team of `organ` in a round: the county's own, another county's (交叉) or the city's (提级) (D1, D2)."""
    round = Round.objects.select_for_update(of=("self",)).select_related("county", "plan").get(pk=round.pk)
    policy.allows(actor, "edit", round).demand()
    name = name.strip()
    if not name:
        raise ValidationError({"name": _("请填写组名，例如“第一巡察组”。")})
    if round.teams.filter(name=name).exists():
        raise ValidationError({"name": _("本轮已有“%s”，请换一个组名。") % name})
    if not sending_organs(round).filter(pk=organ.pk).exists():
        raise ValidationError({"organ": _("%s 不能派出巡察组。请选本市、各县（市、区）的巡察机构。") % organ})
    team = Team.objects.create(round=round, organ=organ, name=name)
    audit.record("create_team", round, actor=actor, note=f"{name}（{organ}）")
    return team


@transaction.atomic
def add_member(
    *, team: Team, user: User, post: str, actor: Any, starts_on: date | None = None, ends_on: date | None = None
) -> TeamMember:
    """Put a person on a team from the first to the last day; without dates, for the days of the round.

    Raises ValidationError when the person must be recused from a township that the team inspects, is already on
    the team, is not of the place that sends the team, or when there is a leader already.
    """
    team = _locked(team, actor)
    member = TeamMember(
        team=team,
        user=user,
        post=post,
        starts_on=starts_on or team.round.starts_on,
        ends_on=ends_on or team.round.ends_on,
    )
    _check_member(member)
    if team.members.filter(user=user).exists():
        raise ValidationError({"user": _("%s 已在本组。如已结束授权，请修改其授权日期。") % user})
    if not candidates(team).filter(pk=user.pk).exists():
        raise ValidationError(
            {"user": _("%(user)s 不是派出单位所在地的在岗人员，不能进入“%(team)s”。") % {"user": user, "team": team}}
        )
    _refuse_recused([user], _open(team))
    member.save()
    audit.record("add_member", team.round, actor=actor, note=_said(member))
    tell_member(member)
    return member


@transaction.atomic
def change_member(*, member: TeamMember, actor: Any, post: str, starts_on: date, ends_on: date) -> TeamMember:
    """Give a member another post or other dates; access follows the dates at once."""
    team = _locked(member.team, actor)
    member = TeamMember.objects.select_related("user__organ__division", "team").get(pk=member.pk)
    before = {"post": member.post, "starts_on": member.starts_on, "ends_on": member.ends_on}
    member.post, member.starts_on, member.ends_on = post, starts_on, ends_on
    _check_member(member)
    if ends_on >= today():
        _refuse_recused([member.user], _open(team))
    member.save()
    after = {"post": post, "starts_on": starts_on, "ends_on": ends_on}
    audit.record("change_member", team.round, actor=actor, note=_said(member), changes=audit.diff(before, after))
    return member


@transaction.atomic
def end_membership(*, member: TeamMember, actor: Any, note: str = "") -> None:
    """End a member's grant at once: from this moment on the person sees nothing of it."""
    team = _locked(member.team, actor)
    yesterday = today() - timedelta(days=1)
    said = _said(member)
    if member.starts_on > yesterday:
        member.delete()
    elif member.ends_on > yesterday:
        member.ends_on = yesterday
        member.save(update_fields=["ends_on"])
    audit.record("end_membership", team.round, actor=actor, note="\n".join(filter(None, [said, note.strip()])))


@transaction.atomic
def assign_team(*, inspection: Inspection, team: Team, actor: Any) -> Inspection:
    """Give an inspection to a team of its round (D1). Raises ValidationError naming whoever must be recused."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if team.round_id != inspection.round_id:
        raise ValidationError({"team": _("“%s”不是本轮的巡察组。") % team})
    if inspection.status not in (Stage.BEFORE, Stage.DURING):
        raise ValidationError(_("%s 已结束驻村，不能再换组。") % inspection)
    members = list(team.members.not_ended().select_related("user__organ__division"))
    _refuse_recused([one.user for one in members], [inspection])
    arranged = workflow.apply(inspection, "arrange", actor=actor, team=team)
    tell_team(arranged, members)
    return arranged


@transaction.atomic
def line_up(*, inspections: Iterable[Inspection], actor: Any) -> list[Inspection]:
    """Give villages of one team their days one after another, behind what the team has already (D1, D2).

    Only those not begun are moved. Returns those for which the round has no days left: they keep the days they had.
    """
    chosen = [one for one in inspections if one.status == Stage.BEFORE and one.team_id is not None]
    if not chosen:
        return []
    round = Round.objects.select_related("county").get(pk=chosen[0].round_id)
    setting, left_over = setting_of(round.county), []
    others = Inspection.objects.filter(team=chosen[0].team_id, status__in=(Stage.BEFORE, Stage.DURING))
    taken = [one.last_day for one in others.exclude(pk__in=[one.pk for one in chosen])]
    first = max([round.starts_on, *(day + timedelta(days=1) for day in taken)])
    for one in sorted(chosen, key=lambda one: one.number):
        begins, ends = planned_days(setting, one.mode, first, round.ends_on)
        if first > round.starts_on and ends < first + timedelta(days=setting.days_of(one.mode) - 1):
            left_over.append(one)
            continue
        if (one.planned_from, one.planned_to) != (begins, ends):
            workflow.apply(one, "arrange", actor=actor, planned_from=begins, planned_to=ends)
        first = ends + timedelta(days=1)
    return left_over


def _locked(team: Team, actor: Any) -> Team:
    team = (
        Team.objects.select_for_update(of=("self",)).select_related("round__county", "organ__division").get(pk=team.pk)
    )
    policy.allows(actor, "edit", team.round).demand()
    return team


def _open(team: Team) -> list[Inspection]:
    return list(team.inspections.filter(status__in=OPEN_STAGES).select_related("township", "village__division"))


def _check_member(member: TeamMember) -> None:
    if member.post not in TeamPost.values:
        raise ValidationError({"post": _("没有这个组内岗位。")})
    if member.ends_on < member.starts_on:
        raise ValidationError({"ends_on": _("授权结束日期不能早于开始日期。")})
    leaders = TeamMember.objects.filter(team=member.team, post=TeamPost.LEADER).exclude(pk=member.pk)
    if member.post == TeamPost.LEADER and (leader := leaders.select_related("user").first()):
        raise ValidationError({"post": _("本组已有组长%s。请先改其岗位，再指定新的组长。") % leader.user})


def _refuse_recused(people: Iterable[User], inspections: list[Inspection]) -> None:
    """回避: nobody inspects where they serve or come from, or of which they declared that they keep away.

    Of a declaration only that there is one is said: its ground is for the office that keeps it.
    """
    people = list(people)
    away = recused_of(people)
    for user in people:
        at_home, declared = (
            sorted({one.township.name for one in inspections if one.township_id in places})
            for places in (user.home_townships, away[user.pk] - user.home_townships)
        )
        if at_home:
            raise ValidationError(
                _("%(user)s的籍贯或任职在%(places)s，按回避规定不能参与对该处的巡察。请换人或换组。")
                % {"user": user, "places": "、".join(at_home)}
            )
        if declared:
            raise ValidationError(
                _("%(user)s已申报须回避%(places)s，不能参与对该处的巡察。请换人或换组。")
                % {"user": user, "places": "、".join(declared)}
            )


def _said(member: TeamMember) -> str:
    return _("%(team)s：%(user)s任%(post)s，授权 %(start)s 至 %(end)s") % {
        "team": member.team.name,
        "user": member.user,
        "post": member.get_post_display(),
        "start": member.starts_on,
        "end": member.ends_on,
    }
