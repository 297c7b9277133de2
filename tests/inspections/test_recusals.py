"""回避: native place, former posts, relatives; declared, kept by the own office, held to everywhere (D1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common import policy
from common.calendar import today
from common.models import AuditEvent
from inspections import services
from inspections.enums import RecusalKind, TeamPost
from inspections.models import Recusal, TeamMember
from tests.factories import inspections as build

GROUND = "表兄任村主任"


def declare(world, name="team_member", township=None, **changes):
    values = {"kind": "RELATIVE", "declared_on": today(), "detail": GROUND, "actor": world.county_officer} | changes
    return services.declare_recusal(user=getattr(world, name), township=township or world.township, **values)


@pytest.fixture
def team(world):
    """A team without members that is to inspect 龙门村 in 青义镇."""
    round = build.opened_round(world)
    team = services.create_team(
        round=round, organ=world.team_leader.organ, name="第一巡察组", actor=world.county_officer
    )
    services.assign_team(inspection=round.inspections.get(), team=team, actor=world.county_officer)
    return team


GROUNDS = ("native", *RecusalKind.values)


def bind(world, ground):
    if ground == "native":
        User.objects.filter(pk=world.team_member.pk).update(native_township=world.township)
    else:
        declare(world, kind=ground)


@pytest.mark.parametrize("ground", GROUNDS)
def test_nobody_whose_township_it_is_joins_by_the_service(world, team, ground):
    bind(world, ground)
    with pytest.raises(ValidationError, match=r"巡察组组员.*青义镇"):
        services.add_member(
            team=team, user=build.fresh(world.team_member), post=TeamPost.MEMBER, actor=world.county_officer
        )


@pytest.mark.parametrize("ground", GROUNDS)
def test_nobody_whose_township_it_is_joins_by_a_direct_post(world, team, signed_in, ground):
    bind(world, ground)
    values = {"user": world.team_member.pk, "post": "MEMBER", "starts_on": today(), "ends_on": today()}
    url = reverse("inspections:member_new", args=[team.pk])
    answer = signed_in(world.county_officer).post(url, values)
    assert answer.status_code == 422
    assert "请换人或换组" in answer.content.decode()
    assert not TeamMember.objects.exists()


def test_the_picker_says_who_keeps_away_but_not_why(world, team, signed_in):
    declare(world)
    page = signed_in(world.county_officer).get(reverse("inspections:member_new", args=[team.pk])).content.decode()
    line = next(one for one in page.splitlines() if "巡察组组员（" in one)
    assert "须回避" in line
    assert GROUND not in page


def test_a_team_with_one_who_keeps_away_is_not_assigned(world, team):
    inspection = team.inspections.get()
    other = build.staffed_team(world, inspection.round, "第二巡察组")
    declare(world)
    with pytest.raises(ValidationError, match="已申报须回避青义镇"):
        services.assign_team(inspection=inspection, team=other, actor=world.county_officer)


def test_a_declaration_stops_a_team_that_has_been_assigned(world):
    inspection = build.arranged_inspection(world)
    declare(world)
    build.finish_duties(world, inspection)
    with pytest.raises(ValidationError, match="巡察组组员须回避青义镇"):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


def test_whoever_declares_in_the_midst_of_it_records_no_more(world):
    inspection = build.running_inspection(world)
    declare(world)
    with pytest.raises(PermissionDenied, match="须回避该乡镇"):
        services.record_finding(
            inspection=inspection,
            actor=build.fresh(world.team_member),
            checklist_item=inspection.checklist.items.first(),
            title="标题",
            facts="事实",
        )


def test_whoever_keeps_away_drafts_edits_and_issues_no_feedback(world):
    inspection = build.left_inspection(world)
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer)
    acts = (("county_officer", "add"), ("county_officer", "edit"), ("county_head", "issue"))
    assert all(policy.allows(build.fresh(getattr(world, name)), act, feedback) for name, act in acts)
    declare(world, "county_officer")
    declare(world, "county_head")
    for name, act in acts:
        assert "须回避该乡镇" in policy.allows(build.fresh(getattr(world, name)), act, feedback).reason
    with pytest.raises(PermissionDenied, match="须回避该乡镇"):
        services.edit_feedback(feedback=feedback, actor=build.fresh(world.county_officer), opinion="另一种说法")


def test_the_office_is_told_of_the_team_that_needs_somebody_else(world, signed_in):
    build.running_inspection(world)
    values = {"user": world.team_member.pk, "township": world.township.pk, "kind": "SERVED", "declared_on": today()}
    page = signed_in(world.county_officer).post(reverse("inspections:recusal_new"), values, follow=True)
    assert "请换人或换组" in page.content.decode()


def test_whose_recusal_was_lifted_may_join(world, team, signed_in):
    row = declare(world)
    url = reverse("inspections:recusal_lift", args=[row.pk])
    client = signed_in(world.county_officer)
    assert (
        "请写明" in client.post(url, {"confirmed": "1", "note": ""}).content.decode() or not TeamMember.objects.exists()
    )
    assert client.post(url, {"confirmed": "1", "note": "亲属已调离"}).status_code == 302
    assert services.add_member(
        team=team, user=build.fresh(world.team_member), post=TeamPost.MEMBER, actor=world.county_officer
    ).pk
    assert client.post(url, {"confirmed": "1", "note": "再解除"}).status_code == 409


def test_a_recusal_ends_after_its_last_day(world, team, time_machine):
    declare(world, until=today() + timedelta(days=1))
    values = {"user": build.fresh(world.team_member), "post": TeamPost.MEMBER, "actor": world.county_officer}
    with pytest.raises(ValidationError):
        services.add_member(team=team, **values)
    time_machine.move_to(f"{today() + timedelta(days=2)}T00:00:00+08:00")
    assert services.add_member(team=team, **values).pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"declared_on": today() + timedelta(days=1)}, "declared_on"),
        ({"until": today() - timedelta(days=1)}, "until"),
        ({"kind": "SOMETHING"}, "kind"),
    ],
)
def test_bad_declarations_are_refused_at_their_field(world, changes, field):
    with pytest.raises(ValidationError) as caught:
        declare(world, **changes)
    assert field in caught.value.error_dict
    assert not Recusal.objects.exists()


def test_the_same_is_not_declared_twice(world):
    declare(world)
    with pytest.raises(ValidationError, match="先解除再登记"):
        declare(world)


@pytest.mark.parametrize("name", ["other_county_officer", "city_officer", "roster_admin", "team_leader", "sysadmin"])
def test_only_the_own_office_declares_and_lifts(world, name):
    row = declare(world)
    with pytest.raises(PermissionDenied):
        declare(world, township=world.sibling_township, actor=getattr(world, name))
    with pytest.raises(PermissionDenied):
        services.lift_recusal(recusal=row, actor=getattr(world, name), note="理由")


def test_villagers_and_administrators_need_no_declaration(world):
    with pytest.raises(PermissionDenied):
        declare(world, name="sysadmin")
    with pytest.raises(ValidationError):
        declare(world, name="village_secretary")


@pytest.mark.parametrize("name", ["other_county_officer", "city_officer"])
def test_the_ground_is_read_in_the_own_office_only(world, signed_in, name):
    declare(world)
    url = reverse("inspections:recusals")
    assert GROUND in signed_in(world.county_officer).get(url).content.decode()
    assert GROUND not in signed_in(getattr(world, name)).get(url).content.decode()
    for member in ("team_leader", "leading_group", "roster_admin"):
        assert signed_in(getattr(world, member)).get(url).status_code == 403


def test_the_trail_does_not_hold_the_ground(world):
    services.lift_recusal(recusal=declare(world), actor=world.county_officer, note="已调离")
    events = AuditEvent.objects.filter(object_type="inspections.Recusal")
    assert [one.action for one in events.order_by("id")] == ["declare_recusal", "lift"]
    assert GROUND not in "".join(f"{one.note}{one.changes}" for one in events)


def test_the_database_keeps_what_was_lifted(world):
    row = services.lift_recusal(recusal=declare(world), actor=world.county_officer, note="已调离")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recusal.objects.filter(pk=row.pk).update(kind="NATIVE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recusal.objects.filter(pk=row.pk).delete()


def test_the_list_asks_the_same_at_one_row_and_at_three(world, signed_in):
    client, url = signed_in(world.county_officer), reverse("inspections:recusals")
    declare(world)
    assert queries(client, url) == 6
    for township in (world.sibling_township, world.other_township):
        declare(world, township=township)
    assert queries(client, url) == 6


def test_the_picker_asks_the_same_for_few_and_for_many(world, team, signed_in):
    client, url = signed_in(world.county_officer), reverse("inspections:member_new", args=[team.pk])
    before = queries(client, url)
    for name in ("team_member", "spare_member", "team_leader"):
        declare(world, name=name)
    assert queries(client, url) == before <= 16


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_rounds_page_marks_the_village_and_the_member(world, signed_in):
    inspection = build.arranged_inspection(world)
    client, url = signed_in(world.county_officer), inspection.round.get_absolute_url()
    assert "须回避" not in client.get(url).content.decode()
    declare(world)
    page = client.get(url).content.decode()
    assert page.count("有人须回避") == 1
    assert next(line.count(">须回避<") for line in page.splitlines() if world.team_member.full_name in line) == 1
    assert GROUND not in page
