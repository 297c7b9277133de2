"""Stages of an inspection: who may move it, when, and what it needs (D1, D2)."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from inspections import services
from inspections.enums import Mode, Stage, TeamPost
from inspections.models import Inspection
from inspections.models.inspections import first_day_of, last_day_of
from tests.factories import inspections as build
from villages.enums import VillageClass
from villages.models import Village

NAMES = (
    "county_officer",
    "county_head",
    "team_member",
    "leading_group",
    "city_officer",
    "township_secretary",
    "other_county_head",
)


def test_leader_enters_and_leaves(world):
    inspection = build.left_inspection(world)
    assert (inspection.status, inspection.entered_on, inspection.left_on) == (Stage.AFTER, today(), today())


def test_deputy_may_enter(world):
    inspection = build.arranged_inspection(world)
    assert services.enter_inspection(inspection=inspection, actor=world.spare_member).status == Stage.DURING


@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_enters(world, name):
    inspection = build.arranged_inspection(world)
    with pytest.raises(PermissionDenied):
        services.enter_inspection(inspection=inspection, actor=getattr(world, name))


def test_entering_twice_is_a_conflict(world):
    inspection = build.running_inspection(world)
    with pytest.raises(Conflict):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


def test_no_entering_without_a_team(world):
    inspection = build.opened_round(world).inspections.get()
    with pytest.raises((ValidationError, PermissionDenied)):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


def test_cross_inspection_refuses_a_team_of_the_own_county(world):
    inspection = build.arranged_inspection(world, klass=VillageClass.RISK)
    with pytest.raises(ValidationError, match="外县"):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


def test_raised_inspection_refuses_a_team_of_a_county(world):
    inspection = build.arranged_inspection(world, klass=VillageClass.RISK)
    services.arrange(inspection=inspection, actor=world.county_officer, mode=Mode.RAISED)
    with pytest.raises(ValidationError, match="市级"):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


@pytest.mark.parametrize(("name", "mode"), [("other_county_officer", Mode.CROSS), ("city_officer", Mode.RAISED)])
def test_team_from_the_right_place_enters(world, name, mode):
    inspection = build.arranged_inspection(world, klass=VillageClass.RISK)
    leader = getattr(world, name)
    team = services.create_team(round=inspection.round, organ=leader.organ, name="外来组", actor=world.county_officer)
    services.add_member(team=team, user=leader, post=TeamPost.LEADER, actor=world.county_officer)
    services.assign_team(inspection=inspection, team=team, actor=world.county_officer)
    services.arrange(inspection=inspection, actor=world.county_officer, mode=mode)
    entered = services.enter_inspection(inspection=inspection, actor=build.fresh(leader))
    assert entered.status == Stage.DURING


def test_member_who_became_a_native_stops_the_entering(world):
    inspection = build.arranged_inspection(world)
    build.User.objects.filter(pk=world.team_member.pk).update(native_township=world.township)
    with pytest.raises(ValidationError, match="巡察组组员须回避青义镇"):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)


def test_open_drafts_keep_the_team_in_the_village(world):
    finding = build.draft_finding(world)
    with pytest.raises(ValidationError, match="还有 1 条底稿"):
        services.leave_inspection(inspection=finding.inspection, actor=world.team_leader)


def test_arranging_needs_a_reason_for_another_mode(world):
    inspection = build.arranged_inspection(world)
    with pytest.raises(ValidationError):
        services.arrange(inspection=inspection, actor=world.county_officer, mode=Mode.PINPOINT)
    arranged = services.arrange(
        inspection=inspection, actor=world.county_officer, mode=Mode.PINPOINT, mode_reason="群众反映集中"
    )
    assert (arranged.mode, arranged.mode_reason) == (Mode.PINPOINT, "群众反映集中")


def test_arranging_dates_in_the_wrong_order_is_refused(world):
    inspection = build.arranged_inspection(world)
    with pytest.raises(ValidationError):
        services.arrange(
            inspection=inspection, actor=world.county_officer, planned_to=inspection.planned_from.replace(year=2000)
        )


def test_cancelling_needs_a_reason(world):
    inspection = build.arranged_inspection(world)
    with pytest.raises(ValidationError):
        services.cancel_inspection(inspection=inspection, actor=world.county_officer)
    cancelled = services.cancel_inspection(inspection=inspection, actor=world.county_officer, note="村正在换届")
    assert cancelled.status == Stage.CANCELLED


def test_closing_needs_the_feedback(world):
    inspection = build.left_inspection(world)
    with pytest.raises(ValidationError, match="还没有签发"):
        services.close_inspection(inspection=inspection, actor=world.county_officer)


def test_office_closes_after_the_feedback(world):
    inspection = build.closed_inspection(world)
    assert (inspection.status, inspection.closed_on) == (Stage.CLOSED, today())


def test_the_profile_of_the_village_keeps_the_day_of_a_closed_inspection(world):
    inspection = build.closed_inspection(world)
    village = Village.objects.get(pk=inspection.village_id)
    assert village.last_inspected_on == inspection.closed_on


def test_a_later_day_that_the_roster_knows_is_kept(world):
    inspection = build.left_inspection(world, findings=0)
    tomorrow = today() + timedelta(days=1)
    Village.objects.filter(pk=inspection.village_id).update(last_inspected_on=tomorrow)
    services.close_inspection(inspection=inspection, actor=world.county_officer, note="没有发现问题")
    assert Village.objects.get(pk=inspection.village_id).last_inspected_on == tomorrow


def test_nothing_found_is_closed_with_a_note(world):
    inspection = build.left_inspection(world, findings=0)
    with pytest.raises(ValidationError, match="请写明巡察情况"):
        services.close_inspection(inspection=inspection, actor=world.county_officer)
    closed = services.close_inspection(inspection=inspection, actor=world.county_officer, note="没有发现问题")
    assert closed.status == Stage.CLOSED


def test_closed_inspection_cannot_be_changed_by_sql(world):
    inspection = build.closed_inspection(world)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_inspection SET theme = 'x' WHERE id = %s", [inspection.pk])


def test_skipping_a_stage_is_refused_by_the_database(world):
    inspection = build.arranged_inspection(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(status=Stage.AFTER)


# ------------------------------------------------------------------ pages


def post(client, name, inspection, **values):
    return client.post(reverse(f"inspections:{name}", args=[inspection.pk]), values)


def test_page_asks_before_entering(world, signed_in):
    inspection, client = build.arranged_inspection(world), signed_in(world.team_leader)
    assert "今天进驻" in post(client, "enter", inspection).content.decode()
    assert Inspection.objects.get().status == Stage.BEFORE
    assert post(client, "enter", inspection, confirmed="1").status_code == 302
    assert Inspection.objects.get().status == Stage.DURING


@pytest.mark.parametrize("name", ["enter", "leave", "close", "cancel"])
def test_moves_are_posts_only(world, signed_in, name):
    inspection = build.arranged_inspection(world)
    user = world.county_officer if name in ("close", "cancel") else world.team_leader
    assert signed_in(user).get(reverse(f"inspections:{name}", args=[inspection.pk])).status_code == 405


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("enter", "team_member", 403),
        ("enter", "county_officer", 403),
        ("close", "team_leader", 403),
        ("cancel", "team_leader", 403),
        ("cancel", "other_county_officer", 404),
        ("cancel", "township_secretary", 403),
        ("enter", "sysadmin", 403),
    ],
)
def test_wrong_people_get_nowhere(world, signed_in, name, who, status):
    inspection = build.arranged_inspection(world)
    response = post(signed_in(getattr(world, who)), name, inspection, confirmed="1", note="x")
    assert response.status_code == status
    assert Inspection.objects.get().status == Stage.BEFORE


def test_page_shows_the_missing_reason_of_a_cancellation(world, signed_in):
    inspection, client = build.arranged_inspection(world), signed_in(world.county_officer)
    assert post(client, "cancel", inspection, confirmed="1", note=" ").status_code == 422
    assert post(client, "cancel", inspection, confirmed="1", note="村正在换届").status_code == 302


def test_page_says_why_the_team_cannot_leave(world, signed_in):
    finding = build.draft_finding(world)
    response = signed_in(world.team_leader).post(
        reverse("inspections:leave", args=[finding.inspection_id]), {"confirmed": "1"}, follow=True
    )
    assert "还有 1 条底稿没有审定" in response.content.decode()


def test_page_in_the_wrong_state_is_a_conflict(world, signed_in):
    inspection = build.arranged_inspection(world)
    assert post(signed_in(world.county_officer), "close", inspection, confirmed="1", note="x").status_code == 409


def test_page_arranges(world, signed_in):
    inspection, client = build.arranged_inspection(world), signed_in(world.county_officer)
    values = {
        "mode": Mode.MOBILE,
        "planned_from": today().isoformat(),
        "planned_to": today().isoformat(),
        "version": inspection.version,
    }
    assert post(client, "arrange", inspection, **values).status_code == 422
    assert post(client, "arrange", inspection, mode_reason="力量调整", **values).status_code == 302
    assert Inspection.objects.get().mode == Mode.MOBILE


def test_page_arranging_with_an_old_version_is_a_conflict(world, signed_in):
    inspection = build.arranged_inspection(world)
    values = {"mode": Mode.REGULAR, "planned_from": today(), "planned_to": today(), "version": inspection.version - 1}
    assert post(signed_in(world.county_officer), "arrange", inspection, **values).status_code == 409


@pytest.mark.parametrize(("entered", "last"), [(None, 20), (10, 20), (8, 20), (13, 23)])
def test_a_team_that_enters_later_stays_as_many_days_as_planned(entered, last):
    day = partial(date, 2026, 3)
    one = Inspection(planned_from=day(10), planned_to=day(20), entered_on=entered and day(entered))
    assert one.last_day == day(last)


@pytest.mark.parametrize(("late", "left"), [(None, None), (0, None), (4, None), (-2, None), (4, 6)])
def test_the_database_counts_the_days_of_a_stay_as_the_page_does(world, late, left):
    """One rule for duties, for the load of a person and for what a page says."""
    inspection = build.arranged_inspection(world)
    first = inspection.planned_from
    entered = None if late is None else first + timedelta(days=late)
    gone = None if left is None else first + timedelta(days=left)
    Inspection.objects.filter(pk=inspection.pk).update(entered_on=entered, left_on=gone)
    one = Inspection.objects.annotate(first=first_day_of(), last=last_day_of()).get()
    assert (one.first, one.last) == (one.first_day, one.last_day)
