"""What is doubtful about a plan is said, and does not stop it (A1, D2)."""

import pytest

from common.calendar import today
from inspections import services
from inspections.models import TermTarget
from inspections.selectors.warnings import plan_warnings
from tests.factories import inspections as build
from tests.factories import world as place
from villages.enums import VillageClass
from villages.models import Village


@pytest.fixture
def plan(world):
    """Three classed villages in the county, one on the plan, four years left."""
    villages = [build.classed(world, world.village, VillageClass.RISK)]
    build.classed(world, world.second_village, VillageClass.KEY_FOCUS)
    build.classed(world, world.sibling_village, VillageClass.ORDINARY)
    return build.draft_plan(world, villages)


def codes(plan):
    return [one.code for one in plan_warnings(plan)]


def put(world, plan, village):
    services.add_to_plan(plan=plan, villages=[Village.objects.get(pk=village.pk)], wave=1, actor=world.county_officer)


def test_pace_that_reaches_everybody_is_not_warned_of(plan):
    assert "pace" not in codes(plan)


def test_pace_that_leaves_villages_over_is_warned_of(world, plan):
    services.remove_from_plan(plan=plan, villages=[world.village], actor=world.county_officer)
    [warning] = [one for one in plan_warnings(plan) if one.code == "pace"]
    assert "还有 3 个村" in warning.text


def test_year_end_target_that_is_missed_is_warned_of(plan):
    TermTarget.objects.filter(term=plan.term, year=plan.year).update(percent=60)
    [warning] = [one for one in plan_warnings(plan) if one.code == "target"]
    assert "33.3%" in warning.text
    assert "还差 1 个村" in warning.text


def test_classes_without_a_village_on_the_plan_are_named(plan):
    texts = [one.text for one in plan_warnings(plan) if one.code == "class"]
    assert len(texts) == 2
    assert any("重点关注村" in one for one in texts)


def test_key_focus_outside_the_first_half_is_named(world, plan):
    [warning] = [one for one in plan_warnings(plan) if one.code == "key_focus"]
    assert "方水村" in "".join(warning.villages)
    put(world, plan, world.second_village)
    assert "key_focus" not in codes(plan)


def test_village_inspected_this_year_is_named(world, plan):
    Village.objects.filter(pk=world.village.pk).update(last_inspected_on=today())
    [warning] = [one for one in plan_warnings(plan) if one.code == "twice"]
    assert warning.villages == ("青义镇 龙门村",)


def test_a_plan_whose_own_inspection_is_done_is_not_told_that_the_village_is_inspected_twice(world):
    inspection = build.closed_inspection(world)
    assert "twice" not in codes(inspection.round.plan)


def test_class_changed_since_is_named(world, plan):
    build.classed(world, world.village, VillageClass.ORDINARY)
    assert "changed" in codes(plan)


def test_unclassed_villages_are_counted(world, plan):
    place.village("510703100299", "新设村", world.sibling_township)
    [warning] = [one for one in plan_warnings(plan) if one.code == "unclassed"]
    assert warning.text.startswith("1 个村")


def test_covered_village_is_named_when_planned_again(world):
    inspection = build.closed_inspection(world)
    following = services.create_plan(
        county=world.county, year=inspection.round.plan.year + 1, actor=world.county_officer
    )
    put(world, following, world.village)
    assert "covered" in codes(following)


def test_warnings_do_not_stop_the_plan(world, plan):
    assert codes(plan)
    assert services.submit_plan(plan=plan, actor=world.county_officer).status == "SUBMITTED"
