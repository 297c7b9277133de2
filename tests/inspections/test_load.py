"""Days in villages over the year: counted once, shown when somebody is picked, said when too many (D1)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.calendar import today
from inspections import services
from inspections.enums import Mode
from inspections.selectors.load import days_in_villages, load_with, setting_of
from tests.factories import inspections as build

FORCES = {"waves": 2, "teams": 3, "villages_per_team": 4, "member_days": 120, "days": {"REGULAR": 8, "PINPOINT": 1}}


@pytest.fixture(autouse=True)
def midsummer(time_machine):
    """Rounds of 90 days lie within the year, whose days are counted."""
    time_machine.move_to(datetime(today().year, 7, 1, 4, tzinfo=UTC))


def set_forces(world, **changes):
    actor = changes.pop("actor", world.county_head)
    return services.set_forces(county=world.county, actor=actor, **FORCES | changes)


@pytest.fixture
def inspection(world):
    return build.arranged_inspection(world)


def days_of(world, name, year=None):
    return days_in_villages([getattr(world, name)], year or today().year)[getattr(world, name).pk]


def between(world, inspection, first, last):
    return services.arrange(inspection=inspection, actor=world.county_officer, planned_from=first, planned_to=last)


def test_planned_days_count_until_there_are_real_ones(world, inspection):
    between(world, inspection, today(), today() + timedelta(days=4))
    assert days_of(world, "team_member") == 5
    assert days_of(world, "spare_member") == 5
    assert days_of(world, "county_officer") == 0


def test_a_day_in_two_villages_counts_once(world):
    round = build.opened_round(world, [build.classed(world), build.classed(world, world.second_village)])
    team = build.staffed_team(world, round)
    for one in round.inspections.all():
        services.assign_team(inspection=one, team=team, actor=world.county_officer)
    assert days_of(world, "team_member") == 10


def test_days_beyond_the_grant_and_the_year_do_not_count(world, inspection):
    member = inspection.team.members.get(user=world.team_member)
    services.change_member(
        member=member, actor=world.county_officer, post="MEMBER", starts_on=member.starts_on, ends_on=today()
    )
    between(world, inspection, today() - timedelta(days=1), today() + timedelta(days=9))
    assert days_of(world, "team_member") == 2
    assert days_of(world, "team_member", today().year + 2) == 0


def test_a_cancelled_inspection_takes_no_days(world, inspection):
    services.cancel_inspection(inspection=inspection, actor=world.county_officer, note="村已撤销")
    assert days_of(world, "team_member") == 0


def test_days_on_another_team_are_added_to_this_ones(world, inspection):
    between(world, inspection, date(today().year, 5, 1), date(today().year, 5, 10))
    other = services.create_team(
        round=inspection.round, organ=world.team_leader.organ, name="第二巡察组", actor=world.county_officer
    )
    span = (date(today().year, 1, 1), date(today().year, 12, 31))
    assert load_with(other, world.county_officer, span) == 0
    assert load_with(inspection.team, world.county_officer, span) == 10


def test_the_picker_shows_the_days_of_the_year(world, inspection, signed_in):
    between(world, inspection, today(), today() + timedelta(days=4))
    other = services.create_team(
        round=inspection.round, organ=world.team_leader.organ, name="第二巡察组", actor=world.county_officer
    )
    page = signed_in(world.county_officer).get(reverse("inspections:member_new", args=[other.pk])).content.decode()
    assert "全年驻村 5 天" in page


def test_more_days_than_the_county_allows_are_said_and_do_not_stop(world, signed_in):
    set_forces(world, member_days=5)
    round = build.opened_round(world)
    team = services.create_team(round=round, organ=world.team_leader.organ, name="一组", actor=world.county_officer)
    services.assign_team(inspection=round.inspections.get(), team=team, actor=world.county_officer)
    values = {"user": world.team_member.pk, "post": "MEMBER", "starts_on": round.starts_on, "ends_on": round.ends_on}
    client = signed_in(world.county_officer)
    page = client.post(reverse("inspections:member_new", args=[team.pk]), values, follow=True).content.decode()
    assert "全年驻村将达 8 天，超过上限 5 天" in page
    assert team.members.get().user == world.team_member
    assert "超上限" in client.get(round.get_absolute_url()).content.decode()


def test_the_mode_gives_the_days(world):
    set_forces(world)
    round = build.opened_round(world)
    inspection = round.inspections.get()
    assert (inspection.planned_to - inspection.planned_from).days == 7


def test_another_mode_takes_its_own_days_unless_days_are_given(world, inspection):
    set_forces(world)
    actor = world.county_officer
    pinpoint = services.arrange(inspection=inspection, actor=actor, mode=Mode.PINPOINT, mode_reason="只查一件事")
    assert pinpoint.planned_to == pinpoint.planned_from
    back = services.arrange(
        inspection=pinpoint, actor=actor, mode=Mode.REGULAR, planned_to=pinpoint.planned_from + timedelta(days=3)
    )
    assert (back.planned_to - back.planned_from).days == 3


def test_a_county_without_setting_has_the_shipped_one(world):
    setting = setting_of(world.county)
    assert (setting.pk, setting.per_wave, setting.days_of("MOBILE")) == (None, None, 3)


@pytest.mark.parametrize("name", ["county_officer", "other_county_head", "leading_group", "city_officer"])
def test_only_the_head_sets_the_forces(world, name):
    with pytest.raises(PermissionDenied):
        set_forces(world, actor=getattr(world, name))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"waves": 0}, "waves"), ({"teams": None}, "villages_per_team"), ({"days": {"MOBILE": 91}}, "days_MOBILE")],
)
def test_forces_that_make_no_sense_are_refused(world, changes, field):
    with pytest.raises(ValidationError) as caught:
        set_forces(world, **changes)
    assert field in caught.value.error_dict


def test_the_page_saves_or_says_why_not(world, signed_in):
    url = reverse("inspections:forces")
    values = {"waves": 3, "teams": 2, "villages_per_team": 5, "member_days": 90}
    values |= {f"days_{mode}": 4 for mode in Mode.values}
    head = signed_in(world.county_head)
    assert head.post(url, values).status_code == 302
    assert setting_of(world.county).per_year == 30
    answer = head.post(url, values | {"teams": ""})
    assert answer.status_code == 422
    assert "要填都填" in answer.content.decode()
    assert signed_in(world.county_officer).post(url, values).status_code == 403
    assert "共 10 个村" in signed_in(world.leading_group).get(url).content.decode()
