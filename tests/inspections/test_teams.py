"""巡察组: members with dates, recusal, assignment (D1, D2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.enums import OrganKind
from accounts.models import User
from common import policy
from common.calendar import today
from inspections import services
from inspections.enums import TeamPost
from inspections.models import Finding, Inspection, InspectionFile
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories import world as place

P = TeamPost


@pytest.fixture
def round_(world):
    return build.opened_round(world)


@pytest.fixture
def team(world, round_):
    return services.create_team(
        round=round_, organ=world.team_leader.organ, name="第一巡察组", actor=world.county_officer
    )


def join(world, team, name, post=P.MEMBER, **dates):
    user = build.fresh(getattr(world, name))
    return services.add_member(team=team, user=user, post=post, actor=world.county_officer, **dates)


def native_of(world, name, township):
    User.objects.filter(pk=getattr(world, name).pk).update(native_township=township)


def test_member_gets_the_days_of_the_round(world, team, round_):
    member = join(world, team, "team_leader", P.LEADER)
    assert (member.starts_on, member.ends_on) == (round_.starts_on, round_.ends_on)


def test_a_team_has_one_leader(world, team):
    join(world, team, "team_leader", P.LEADER)
    with pytest.raises(ValidationError, match="已有组长"):
        join(world, team, "spare_member", P.LEADER)


def test_nobody_joins_twice(world, team):
    join(world, team, "team_leader", P.LEADER)
    with pytest.raises(ValidationError, match="已在本组"):
        join(world, team, "team_leader")


@pytest.mark.parametrize("name", ["sysadmin", "other_county_officer", "village_secretary"])
def test_people_from_elsewhere_do_not_join(world, team, name):
    with pytest.raises(ValidationError):
        join(world, team, name)


@pytest.mark.parametrize("name", ["other_county_officer", "leading_group", "team_leader"])
def test_only_the_county_office_fills_teams(world, team, name):
    with pytest.raises(PermissionDenied):
        services.add_member(team=team, user=world.team_member, post=P.MEMBER, actor=getattr(world, name))


def test_native_of_the_township_cannot_join_a_team_that_inspects_it(world, team, round_):
    services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    native_of(world, "team_member", world.township)
    with pytest.raises(ValidationError, match="巡察组组员的籍贯或任职在青义镇"):
        join(world, team, "team_member")


def test_officer_of_the_township_cannot_join_a_team_that_inspects_it(world, team, round_):
    services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    with pytest.raises(ValidationError, match="镇党委干部"):
        join(world, team, "township_officer")


def test_officer_of_another_township_may_join(world, team, round_):
    services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    assert join(world, team, "sibling_township_secretary").pk


def test_team_with_a_native_cannot_be_assigned(world, team, round_):
    native_of(world, "team_member", world.township)
    join(world, team, "team_member")
    with pytest.raises(ValidationError, match=r"巡察组组员.*青义镇"):
        services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)


def test_native_whose_grant_has_ended_does_not_stop_the_team(world, team, round_):
    native_of(world, "team_member", world.township)
    join(world, team, "team_member", ends_on=today() - timedelta(days=1))
    inspection = services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    assert inspection.team == team


def test_grant_of_a_native_cannot_be_prolonged(world, team, round_):
    native_of(world, "team_member", world.township)
    member = join(world, team, "team_member", ends_on=today() - timedelta(days=1))
    services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    with pytest.raises(ValidationError, match="回避"):
        services.change_member(
            member=member, actor=world.county_officer, post=P.MEMBER, starts_on=member.starts_on, ends_on=today()
        )


def seen(world, name):
    return policy.visible(build.fresh(getattr(world, name)), Inspection.objects.all()).count()


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [(0, 0, 1), (-9, -1, 0), (1, 9, 0), (-9, 0, 1)],
    ids=["today", "ended", "to come", "last"],
)
def test_a_grant_counts_from_its_first_to_its_last_day(world, team, round_, first, last, count):
    services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    day = today()
    join(world, team, "team_member", starts_on=day + timedelta(days=first), ends_on=day + timedelta(days=last))
    assert seen(world, "team_member") == count


def test_member_whose_grant_ended_yesterday_gets_404(world, signed_in):
    finding = build.draft_finding(world)
    member = finding.inspection.team.members.get(user=world.team_member)
    services.end_membership(member=member, actor=world.county_officer)
    client = signed_in(world.team_member)
    assert client.get(finding.inspection.get_absolute_url()).status_code == 403
    assert client.get(finding.get_absolute_url()).status_code == 403
    assert not policy.visible(build.fresh(world.team_member), Finding.objects.all()).exists()


def test_ended_grant_of_one_team_leaves_only_the_other(world, signed_in):
    """Somebody who is still on another team gets 404, not 403, for what ended."""
    inspection = build.running_inspection(world)
    other = services.create_team(
        round=inspection.round, organ=world.team_leader.organ, name="第二巡察组", actor=world.county_officer
    )
    join(world, other, "team_member")
    services.end_membership(member=inspection.team.members.get(user=world.team_member), actor=world.county_officer)
    assert signed_in(world.team_member).get(inspection.get_absolute_url()).status_code == 404


def test_cross_county_member_sees_only_the_assigned_village(world, round_):
    organ = world.other_county_officer.organ
    team = services.create_team(round=round_, organ=organ, name="交叉组", actor=world.county_officer)
    join(world, team, "other_county_officer", P.LEADER)
    assert seen(world, "other_county_officer") == 0
    services.assign_team(inspection=round_.inspections.get(), team=team, actor=world.county_officer)
    assert seen(world, "other_county_officer") == 1


def test_team_of_another_round_cannot_be_assigned(world, team, round_):
    stranger = build.Team(round_id=round_.pk + 99, organ=team.organ, name="x", pk=team.pk)
    inspection = round_.inspections.get()
    inspection.round_id = stranger.round_id
    with pytest.raises(ValidationError, match="不是本轮的巡察组"):
        services.assign_team(inspection=inspection, team=team, actor=world.county_officer)


def test_a_township_body_sends_no_team(world, round_):
    with pytest.raises(ValidationError, match="不能派出"):
        services.create_team(
            round=round_, organ=world.township_secretary.organ, name="镇组", actor=world.county_officer
        )


def test_page_assigns_in_batch_or_says_who_must_be_recused(world, team, round_, signed_in):
    native_of(world, "team_member", world.township)
    member = join(world, team, "team_member")
    url, pk = reverse("inspections:round_assign", args=[round_.pk]), round_.inspections.get().pk
    client = signed_in(world.county_officer)
    page = client.post(url, {"ids": [pk], "team": team.pk}, follow=True).content.decode()
    assert "巡察组组员" in page
    assert "回避" in page
    assert Inspection.objects.get(pk=pk).team is None
    services.end_membership(member=member, actor=world.county_officer)
    client.post(url, {"ids": [pk], "team": team.pk})
    assert Inspection.objects.get(pk=pk).team == team


def test_page_adds_a_member(world, team, round_, signed_in):
    values = {"user": world.team_leader.pk, "post": P.LEADER, "starts_on": today(), "ends_on": today()}
    url = reverse("inspections:member_new", args=[team.pk])
    assert signed_in(world.county_officer).post(url, values).status_code == 302
    assert team.members.get().user == world.team_leader


def test_page_ends_a_grant_after_confirmation(world, team, signed_in):
    member = join(world, team, "team_leader", P.LEADER)
    url, client = reverse("inspections:member_end", args=[member.pk]), signed_in(world.county_officer)
    assert "立即看不到" in client.post(url).content.decode()
    client.post(url, {"confirmed": "1", "note": "抽回原单位"})
    member.refresh_from_db()
    assert member.ends_on < today()


def addresses_of(inspection):
    """Every page of an inspection, its round, papers, findings, records and files that can be opened by GET."""
    own = ("detail", "duties", "fieldwork", "feedback", "finding_new", "talk_new", "visit_new", "document_new", "gaps")
    yield from (reverse(f"inspections:{name}", args=[inspection.pk]) for name in own)
    yield inspection.round.get_absolute_url()
    yield reverse("villages:detail", args=[inspection.village.division.code])
    for rows in (inspection.findings, inspection.papers, inspection.duties):
        yield from (one.get_absolute_url() for one in rows.all())
    yield from (reverse("inspections:paper_file", args=[one.pk]) for one in inspection.papers.all())
    yield from (reverse("inspections:talk_edit", args=[one.pk]) for one in inspection.conversations.all())
    yield from (reverse("inspections:duty_do", args=[one.pk]) for one in inspection.duties.all())
    yield from (reverse("inspections:file", args=[one.pk]) for one in InspectionFile.objects.all())


@pytest.mark.parametrize("sent_by", ["other_county_officer", "city_officer"])
def test_a_member_sent_from_elsewhere_loses_every_page_the_second_the_grant_ends(
    world, signed_in, time_machine, sent_by
):
    """交叉、提级: access lasts to the last second of the last day in Asia/Shanghai, and no second longer."""
    build.duty_list()
    inspection = build.running_inspection(world)
    organ = getattr(world, sent_by).organ
    member = place.person("sent", "外派组员", organ.division, OrganKind.INSPECTION_TEAM)
    services.create_team(round=inspection.round, organ=organ, name="外派组", actor=world.county_officer)
    team = inspection.round.teams.get(name="外派组")
    last = today() + timedelta(days=3)
    services.add_member(
        team=team, user=member, post=P.LEADER, actor=world.county_officer, starts_on=today(), ends_on=last
    )
    talk, visit = build.conversation(world, inspection), build.visit(world, inspection)
    build.draft_finding(world, inspection)
    build.mobilisation(world, inspection, attachments=[make.photo("摆摊.jpg")])
    services.draft_paper(inspection=inspection, kind="NOTICE", actor=world.county_officer)
    services.assign_team(inspection=inspection, team=team, actor=world.county_officer)
    inspection = Inspection.objects.select_related("round", "village__division").get(pk=inspection.pk)
    found = list(addresses_of(inspection))
    time_machine.move_to(f"{last}T23:59:59+08:00", tick=False)
    client = signed_in(member)
    sources = [reverse("inspections:talk_reveal", args=[talk.pk]), reverse("inspections:visit_reveal", args=[visit.pk])]
    assert all("演示" in client.post(one).content.decode() for one in sources)
    ledger = f"{reverse('inspections:findings_export')}?inspection={inspection.pk}"
    assert client.get(ledger)["Content-Type"].endswith("sheet")
    open_ones = [one for one in found if client.get(one).status_code == 200]
    assert len(open_ones) >= 14
    assert sum("/file" in one for one in open_ones) == 2  # a paper as Word, a photo
    assert inspection.place in client.get(reverse("inspections:list")).content.decode()
    time_machine.move_to(f"{last + timedelta(days=1)}T00:00:00+08:00", tick=False)
    assert {client.get(one).status_code for one in found} <= {403, 404}
    assert {client.post(one).status_code for one in sources} <= {403, 404}
    assert client.get(ledger).status_code == 403
    for path in ("/", "/search/?q=龙门", reverse("inspections:coverage"), reverse("inspections:list")):
        assert "龙门村" not in client.get(path).content.decode()
    assert client.post(reverse("inspections:leave", args=[inspection.pk]), {"confirmed": "1"}).status_code == 403
