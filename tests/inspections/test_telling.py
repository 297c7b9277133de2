"""Who finds a message about plans and teams, and who does not."""

from common.calendar import today
from common.models import Message
from inspections import services
from tests.factories import inspections as build


def told(key):
    return set(Message.objects.filter(key__startswith=key).values_list("recipient__username", flat=True))


def test_the_approver_is_told_of_a_plan_and_the_office_of_the_decision(world):
    plan = services.submit_plan(plan=build.draft_plan(world), actor=world.county_officer)
    assert told("plan:submit:") == {"leading_group"}
    services.return_plan(plan=plan, actor=world.leading_group, note="再议")
    assert told("plan:decided:") == {"county_officer", "county_head"}


def test_a_member_is_told_of_the_team_and_the_team_of_its_inspection(world):
    inspection = build.arranged_inspection(world)
    team = {"team_leader", "spare_member", "team_member"}
    assert told("team:") == told("inspection:team:") == team
    assert set(Message.objects.filter(key__startswith="inspection:team:").values_list("path", flat=True)) == {
        inspection.get_absolute_url()
    }


def test_whoever_joins_later_finds_no_link_that_does_not_open_yet(world):
    round = build.opened_round(world)
    team = services.create_team(
        round=round, organ=world.team_leader.organ, name="第一巡察组", actor=world.county_officer
    )
    services.add_member(
        team=team, user=world.team_member, post="MEMBER", actor=world.county_officer, starts_on=round.ends_on
    )
    message = Message.objects.get(key__startswith="team:")
    assert message.path == ""
    assert str(round.ends_on) in message.title
    assert round.ends_on > today()
