"""轮次: a wave of an approved plan becomes inspections (D1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent
from inspections import services
from inspections.enums import Stage
from inspections.models import AnnualPlan, Round
from inspections.services.rounds import county_mark
from tests.factories import inspections as build
from tests.factories import world as place
from tests.factories.villages import merge
from villages.enums import VillageClass, VillageStatus
from villages.models import Village


def opened(world, plan, **changes):
    values = {"number": 1, "starts_on": today(), "ends_on": today() + timedelta(days=30), "actor": world.county_officer}
    return services.open_round(plan=plan, **(values | changes))


@pytest.fixture
def plan(world):
    build.checklist()
    villages = [build.classed(world), build.classed(world, world.sibling_village, VillageClass.ORDINARY)]
    return build.approved_plan(world, villages)


def test_every_village_of_the_wave_gets_an_inspection(world, plan):
    made = opened(world, plan)
    rows = made.inspections.order_by("number").values_list("number", "status", "klass", "mode")
    year = plan.year
    assert list(rows) == [
        (f"FC-{year}-1-001", Stage.BEFORE, "ORDINARY", "MOBILE"),
        (f"FC-{year}-1-002", Stage.BEFORE, "KEY_FOCUS", "REGULAR"),
    ]


def test_inspections_carry_the_scope_of_their_village(world, plan):
    inspection = opened(world, plan).inspections.get(village=world.sibling_village)
    assert (inspection.county, inspection.township) == (world.county, world.sibling_township)


def test_unapproved_plan_opens_no_round(world):
    build.checklist()
    with pytest.raises(Conflict):
        opened(world, build.draft_plan(world))


def test_a_round_opens_once(world, plan):
    opened(world, plan)
    with pytest.raises(ValidationError, match="已经开展"):
        opened(world, plan)


def test_a_wave_without_villages_opens_no_round(world, plan):
    with pytest.raises(ValidationError, match="没有村"):
        opened(world, plan, number=2)


def test_dates_in_the_wrong_order_are_refused(world, plan):
    with pytest.raises(ValidationError):
        opened(world, plan, ends_on=today() - timedelta(days=1))


@pytest.mark.parametrize(
    "dates",
    [
        {"starts_on": date(1, 1, 1)},
        {"ends_on": date(9999, 12, 31)},
        {"starts_on": date(today().year - 1, 9, 30)},
        {"ends_on": date(today().year + 1, 4, 1)},
    ],
)
def test_a_round_lies_near_its_plans_year(world, plan, dates):
    with pytest.raises(ValidationError, match="年度的轮次须在"):
        opened(world, plan, **dates)


def corrected(made, actor, **changes):
    values = {"name": made.name, "starts_on": made.starts_on, "ends_on": made.ends_on} | changes
    return services.change_round(round=made, actor=actor, **values)


def test_a_round_is_corrected_with_what_follows_its_days(world, plan):
    made = opened(world, plan)
    team = build.staffed_team(world, made)
    apart = made.inspections.get(village=world.sibling_village)
    services.arrange(inspection=apart, actor=world.county_officer, planned_to=made.ends_on - timedelta(days=9))
    first, day = made.starts_on + timedelta(days=3), made.ends_on + timedelta(days=3)
    corrected(made, world.county_officer, name="第一轮（更正）", starts_on=first, ends_on=day)
    made.refresh_from_db()
    assert (made.name, made.ends_on) == ("第一轮（更正）", day)
    moved = made.inspections.get(village=world.village)
    assert (moved.planned_from, moved.planned_to) == (first, first + timedelta(days=9))
    assert made.inspections.get(village=world.sibling_village).planned_to == day - timedelta(days=9)
    assert set(team.members.values_list("ends_on", flat=True)) == {day}
    assert AuditEvent.objects.get(action="change_round").changes["ends_on"][1] == day.isoformat()


def test_a_round_that_has_begun_is_not_corrected(world, signed_in):
    made = build.running_inspection(world).round
    with pytest.raises(Conflict, match="已有巡察组进驻"):
        corrected(made, world.county_officer, name="x")
    url = reverse("inspections:round_edit", args=[made.pk])
    client = signed_in(world.county_officer)
    assert [client.get(url).status_code, client.post(url, {}).status_code] == [409, 409]
    assert url not in client.get(made.get_absolute_url()).content.decode()


def test_a_correction_keeps_to_the_plans_year_and_to_a_name(world, plan):
    made = opened(world, plan)
    for wrong in ({"name": " "}, {"ends_on": date(9999, 1, 1)}, {"ends_on": made.starts_on - timedelta(days=1)}):
        with pytest.raises(ValidationError):
            corrected(made, world.county_officer, **wrong)


@pytest.mark.parametrize("name", ["other_county_officer", "leading_group", "team_leader", "city_officer"])
def test_only_the_county_office_corrects_its_round(world, plan, name):
    with pytest.raises(PermissionDenied):
        corrected(opened(world, plan), getattr(world, name), name="x")


def test_page_corrects_a_round(world, plan, signed_in):
    made = opened(world, plan)
    client, url = signed_in(world.county_officer), reverse("inspections:round_edit", args=[made.pk])
    assert url in client.get(made.get_absolute_url()).content.decode()
    assert made.name in client.get(url).content.decode()
    values = {"name": "更正的名称", "starts_on": str(made.starts_on), "ends_on": str(made.ends_on)}
    assert client.post(url, values | {"ends_on": "9999-12-31"}).status_code == 422
    assert [client.post(url, values).status_code for _twice in range(2)] == [302, 302]
    made.refresh_from_db()
    assert made.name == "更正的名称"
    assert AuditEvent.objects.filter(action="change_round").count() == 1


@pytest.mark.parametrize("name", ["other_county_officer", "leading_group", "team_leader", "city_officer"])
def test_only_the_county_office_opens_its_round(world, plan, name):
    with pytest.raises(PermissionDenied):
        opened(world, plan, actor=getattr(world, name))


def test_merged_village_is_followed_to_its_successor(world, plan):
    merge(world.village, world.second_village)
    villages = set(opened(world, plan).inspections.values_list("village__division__name", flat=True))
    assert villages == {"方水村", "二社村"}
    assert "龙门村 已并入 方水村" in AuditEvent.objects.get(action="open_round").note


def test_two_planned_villages_that_merge_make_one_inspection(world, plan):
    merge(world.village, world.sibling_village)
    assert opened(world, plan).inspections.get().village == world.sibling_village
    assert "龙门村 已撤销或已并入本轮的另一个村" in AuditEvent.objects.get(action="open_round").note


def test_withdrawn_village_is_left_out(world, plan):
    Village.objects.filter(pk=world.village.pk).update(status=VillageStatus.WITHDRAWN, valid_to="2026-01-01")
    assert opened(world, plan).inspections.get().village == world.sibling_village


@pytest.mark.parametrize(
    ("name", "mark"), [("涪城区", "FC"), ("三台县", "ST"), ("北川羌族自治县", "BC"), ("江油市", "JY")]
)
def test_numbers_begin_with_the_countys_initials(world, name, mark):
    assert county_mark(place.Division(name=name)) == mark


def test_counties_with_the_same_initials_get_different_numbers(world, plan):
    place.division("510799000000", "福昌县", place.Tier.COUNTY, world.city)
    assert opened(world, plan).inspections.order_by("number").first().number.startswith("FC03-")


def test_page_opens_a_round(world, plan, signed_in):
    values = {"number": 1, "starts_on": today().isoformat(), "ends_on": (today() + timedelta(days=9)).isoformat()}
    response = signed_in(world.county_officer).post(reverse("inspections:round_new", args=[plan.pk]), values)
    assert response.status_code == 302
    assert Round.objects.get().inspections.count() == 2


# ------------------------------------------------------------------ one village after another


def lined_up(world, days=60):
    """Three villages of one round, given to one team; (round, inspections in their order)."""
    villages = [build.classed(world, one) for one in (world.village, world.second_village, world.sibling_village)]
    build.approved_plan(world, villages)
    build.checklist()
    last = build.today() + timedelta(days=days)
    plan = AnnualPlan.objects.get()
    made = services.open_round(plan=plan, number=1, starts_on=build.today(), ends_on=last, actor=world.county_officer)
    return made, build.staffed_team(world, made)


def days_of(made):
    return [(one.planned_from, one.planned_to) for one in made.inspections.order_by("number")]


def test_a_team_visits_its_villages_one_after_another(world, signed_in):
    made, team = lined_up(world)
    first, *later = made.inspections.order_by("number")
    url, client = reverse("inspections:round_assign", args=[made.pk]), signed_in(world.county_officer)
    client.post(url, {"team": team.pk, "ids": [first.pk], "in_turn": "1"})
    client.post(url, {"team": team.pk, "ids": [one.pk for one in later], "in_turn": "1"})
    day = [build.today() + timedelta(days=number) for number in (0, 9, 10, 19, 20, 29)]
    assert days_of(made) == [(day[0], day[1]), (day[2], day[3]), (day[4], day[5])]


def shift(made, days, longer, client):
    """The round by so many days; what the page says."""
    first, last = made.starts_on + timedelta(days=days), made.ends_on + timedelta(days=longer)
    values = {"name": made.name, "starts_on": str(first), "ends_on": str(last)}
    return client.post(reverse("inspections:round_edit", args=[made.pk]), values, follow=True).content.decode()


def test_days_set_village_by_village_move_along_with_the_round(world, signed_in):
    made, team = lined_up(world)
    for one in made.inspections.order_by("number"):
        services.assign_team(inspection=one, team=team, actor=world.county_officer)
    services.line_up(inspections=list(made.inspections.all()), actor=world.county_officer)
    before = days_of(made)
    page = shift(made, 5, 5, signed_in(world.county_officer))
    assert days_of(made) == [(first + timedelta(days=5), last + timedelta(days=5)) for first, last in before]
    assert "随之移动" in page
    assert "重新排期" not in page


def test_villages_that_a_shifted_round_leaves_outside_are_named(world, signed_in):
    made, team = lined_up(world)
    for one in made.inspections.order_by("number"):
        services.assign_team(inspection=one, team=team, actor=world.county_officer)
    services.line_up(inspections=list(made.inspections.all()), actor=world.county_officer)
    last = made.inspections.order_by("number").last()
    ends = (last.planned_to - made.ends_on).days
    page = shift(made, 5, ends, signed_in(world.county_officer))
    assert f"不在本轮之内，请重新排期：{last.village}" in page


def test_without_the_tick_the_days_stay(world, signed_in):
    made, team = lined_up(world)
    before = days_of(made)
    ids = list(made.inspections.values_list("pk", flat=True))
    signed_in(world.county_officer).post(
        reverse("inspections:round_assign", args=[made.pk]), {"team": team.pk, "ids": ids}
    )
    assert days_of(made) == before
    assert made.inspections.filter(team=team).count() == 3


def test_who_finds_no_days_left_is_named(world, signed_in):
    made, team = lined_up(world, days=24)
    ids = list(made.inspections.values_list("pk", flat=True))
    url, values = reverse("inspections:round_assign", args=[made.pk]), {"team": team.pk, "ids": ids, "in_turn": "1"}
    page = signed_in(world.county_officer).post(url, values, follow=True).content.decode()
    assert "逐村去完" in page
    assert len(set(days_of(made))) == 2
    assert made.inspections.filter(team=team).count() == 3
