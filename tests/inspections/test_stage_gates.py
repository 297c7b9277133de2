"""Stage gates hold against direct POSTs of anybody, in any order, and against SQL (A5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import OrganKind
from accounts.models import User
from accounts.services import open_organ
from common import audit, workflow
from common.calendar import today
from common.models import AuditEvent
from inspections import services
from inspections.enums import Stage
from inspections.models import Inspection, Recusal, Round, TeamMember
from tests.factories import inspections as build

MOVES = {"enter": Stage.DURING, "leave": Stage.AFTER, "close": Stage.CLOSED}
OPENS = {Stage.BEFORE: "enter", Stage.DURING: "leave", Stage.AFTER: "close"}
RUNS = {Stage.BEFORE: "team_leader", Stage.DURING: "team_leader", Stage.AFTER: "county_officer"}
SENT = {"confirmed": "1", "note": "硬要办理", "status": "CLOSED", "stage": "CLOSED", "duties": "done", "force": "1"}
REFUSED = {302, 403, 404, 409, 422}  # 302: back to the page, which says what is undone


@pytest.fixture(params=OPENS, ids=str.lower)
def inspection(request, world):
    """In the stage, with nothing in the way of leaving it but its required duty."""
    build.duty_list()
    found = build.arranged_inspection(world)
    if request.param != Stage.BEFORE:
        found = build.enter(world, found)
        build.explain_gaps(world, found)
    if request.param == Stage.AFTER:
        build.finish_duties(world, found)
        found = services.leave_inspection(inspection=found, actor=world.team_leader)
    assert found.status == request.param
    return found


def post(user, name, inspection, **values):
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"inspections:{name}", args=[inspection.pk]), SENT | values)


def test_no_post_of_anybody_moves_it_while_a_duty_is_undone(world, inspection):
    moved = AuditEvent.objects.filter(object_type="inspections.Inspection", action__in=MOVES).count()
    for name, user in world.people.items():
        for move in MOVES:
            answer = post(user, move, inspection, version=inspection.version)
            assert answer.status_code in REFUSED, (name, move)
            assert Inspection.objects.get().status == inspection.status, (name, move)
    assert Inspection.objects.get().version == inspection.version
    assert AuditEvent.objects.filter(object_type="inspections.Inspection", action__in=MOVES).count() == moved


def test_the_same_post_moves_it_once_the_duty_is_done(world, inspection):
    """Else nothing above would have been refused for the duty's sake."""
    move, leader = OPENS[inspection.status], world.people[RUNS[inspection.status]]
    assert "没有办" in follow(leader, move, inspection)
    assert Inspection.objects.get().status == inspection.status
    build.finish_duties(world, inspection)
    post(leader, move, inspection)
    assert Inspection.objects.get().status == MOVES[move]


def follow(user, move, inspection):
    """What the person reads in answer: the refusal stands on the form, or on the page one is sent back to."""
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"inspections:{move}", args=[inspection.pk]), SENT, follow=True).content.decode()


def test_cancelling_is_no_way_out_of_the_last_stage(world, inspection):
    answer = post(world.county_officer, "cancel", inspection)
    status = Inspection.objects.get().status
    assert status == (Stage.AFTER if inspection.status == Stage.AFTER else Stage.CANCELLED)
    assert answer.status_code == (409 if inspection.status == Stage.AFTER else 302)


def test_the_database_lets_no_stage_go_whose_duty_is_undone(world, inspection):
    """Even with the event that a legal move leaves."""
    for target in {*MOVES.values(), Stage.BEFORE} - {inspection.status}:
        with pytest.raises(DatabaseError), transaction.atomic():
            force(world, inspection, target)
        assert Inspection.objects.get().status == inspection.status


def test_the_database_lets_it_go_when_it_is_done(world, inspection):
    build.finish_duties(world, inspection)
    target = MOVES[OPENS[inspection.status]]
    force(world, inspection, target)
    assert Inspection.objects.get().status == target


def force(world, inspection, target):
    audit.record(
        "enter", inspection, actor=world.team_leader, source=inspection.status, target=target, note="伪造的记录"
    )
    with connection.cursor() as cursor:
        closed = f", closed_on = '{today()}'" if target == Stage.CLOSED else ""
        cursor.execute(
            f"UPDATE inspections_inspection SET status = %s, version = version + 1{closed} WHERE id = %s",
            [target, inspection.pk],
        )


def test_the_database_keeps_a_team_in_the_village_while_a_paper_is_undecided(world):
    finding = build.draft_finding(world)
    with pytest.raises(DatabaseError, match="底稿没有审定"), transaction.atomic():
        force(world, finding.inspection, Stage.AFTER)


def test_nobody_enters_before_the_round_begins(world):
    build.duty_list()
    inspection = build.arranged_inspection(world)
    build.finish_duties(world, inspection)
    Round.objects.update(starts_on=today() + timedelta(days=1))
    inspection.refresh_from_db()
    assert "还不能进驻" in follow(world.team_leader, "enter", inspection)
    with pytest.raises(DatabaseError, match="本轮还没有开始"), transaction.atomic():
        force(world, inspection, Stage.DURING)
    Round.objects.update(starts_on=today())
    post(world.team_leader, "enter", inspection)
    assert Inspection.objects.get().status == Stage.DURING


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"team": None}, "巡察组和组长"),
        ({"mode": "PINPOINT"}, "巡察方式"),
        ({"mode": "SPECIAL", "mode_reason": "群众反映集中"}, "巡察方式"),
        ({"mode": "CROSS", "mode_reason": "亲属多"}, "巡察方式"),
        ({"mode": "RAISED", "mode_reason": "亲属多"}, "巡察方式"),
    ],
    ids=["no team", "mode without reason", "special without theme", "own team for a cross", "own team for a raised"],
)
def test_the_database_lets_no_team_in_that_the_service_keeps_out(world, wrong, told):
    inspection = build.arranged_inspection(world)
    Inspection.objects.update(**wrong)
    with pytest.raises(DatabaseError, match=told), transaction.atomic():
        force(world, inspection, Stage.DURING)
    with pytest.raises((ValidationError, PermissionDenied)):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


def test_the_database_wants_a_leader(world):
    inspection = build.arranged_inspection(world)
    inspection.team.members.filter(post="LEADER").update(post="MEMBER")
    with pytest.raises(DatabaseError, match="巡察组和组长"), transaction.atomic():
        force(world, inspection, Stage.DURING)


def native(world):
    User.objects.filter(pk=world.team_member.pk).update(native_township=world.township)


def serving(world):
    organ = open_organ(division=world.second_village.division, kind=OrganKind.VILLAGE_PARTY, actor=None)
    User.objects.filter(pk=world.team_member.pk).update(organ=organ)


def declared(world):
    day = {"declared_on": today(), "until": today()}
    services.declare_recusal(
        user=world.team_member, township=world.township, kind="RELATIVE", actor=world.county_officer, **day
    )


@pytest.mark.parametrize("ground", [native, serving, declared])
@pytest.mark.parametrize("inspection", [Stage.BEFORE, Stage.DURING], indirect=True, ids=str.lower)
def test_the_database_moves_no_team_with_somebody_who_keeps_away(world, inspection, ground):
    build.finish_duties(world, inspection)
    target = MOVES[OPENS[inspection.status]]
    ground(world)
    with pytest.raises(DatabaseError, match="须回避该乡镇"), transaction.atomic():
        force(world, inspection, target)
    with pytest.raises(ValidationError, match="须回避"):
        workflow.apply(inspection, OPENS[inspection.status], actor=build.fresh(world.team_leader))
    TeamMember.objects.filter(user=world.team_member).update(
        starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1)
    )
    force(world, inspection, target)


def test_a_declaration_that_no_longer_holds_keeps_nobody(world):
    inspection = build.arranged_inspection(world)
    declared(world)
    Recusal.objects.update(declared_on=today() - timedelta(days=9), until=today() - timedelta(days=1))
    force(world, inspection, Stage.DURING)


@pytest.mark.parametrize("missing", ["OLD_TEACHER", "FOLLOW_UP"])
def test_the_database_lets_nobody_leave_while_a_talk_or_a_visit_is_missing(world, missing):
    inspection = build.running_inspection(world)
    build.explain_gaps(world, inspection, but=(missing,))
    with pytest.raises(DatabaseError, match="缺项"), transaction.atomic():
        force(world, inspection, Stage.AFTER)
    if missing == "OLD_TEACHER":
        build.conversation(world, inspection, kind=missing)
    else:
        build.visit(world, inspection, kind=missing)
    force(world, inspection, Stage.AFTER)


def test_the_database_closes_nothing_whose_findings_were_not_fed_back(world):
    feedback = build.feedback_draft(world)
    with pytest.raises(DatabaseError, match="反馈意见还没有签发"), transaction.atomic():
        force(world, feedback.inspection, Stage.CLOSED)


def test_the_database_closes_what_found_nothing(world):
    inspection = build.left_inspection(world, findings=0)
    force(world, inspection, Stage.CLOSED)


def test_a_duty_of_another_mode_keeps_nobody(world):
    build.duty_list().rows.filter(stage="BEFORE").update(modes=["MOBILE"])
    inspection = build.arranged_inspection(world)
    assert services.enter_inspection(inspection=inspection, actor=world.team_leader).status == Stage.DURING
