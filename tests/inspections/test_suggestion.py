"""The suggested plan: this year's share, key and risk first, whole townships together (A1)."""

from collections import Counter, defaultdict

import pytest

from inspections import services
from inspections.enums import PlanStatus
from inspections.selectors.coverage import coverage
from inspections.selectors.suggestion import term_suggestion
from tests.factories import inspections as build
from tests.factories import world as place
from villages.enums import VillageClass

KLASSES = (
    VillageClass.KEY_FOCUS,
    VillageClass.RISK,
    VillageClass.ORDINARY,
    VillageClass.ORDINARY,
    VillageClass.ORDINARY,
)


@pytest.fixture
def many(world):
    """Forty villages in four townships, an even mix of classes (set directly: their own path is tested elsewhere)."""
    for number in range(4):
        township = place.division(f"51070320{number}000", f"试验{number}镇", place.Tier.TOWNSHIP, world.county)
        for index in range(10):
            place.village(f"51070320{number}2{index:02}", f"村{number}{index}", township, klass=KLASSES[index % 5])
    return world


def suggested(world, plan):
    return [one for one, _wave in term_suggestion(plan).entries]


def test_share_is_what_is_left_over_the_years_left(many):
    plan = build.draft_plan(many, [])
    plan.term.targets.all().delete()
    # 43 villages (three of the cast without class) over the four years from now on.
    assert len(suggested(many, plan)) == 11


def test_the_years_target_may_ask_for_more(many):
    plan = build.draft_plan(many, [])
    # 40 % of 43 by the end of the year, nothing covered yet.
    assert len(suggested(many, plan)) == 18


def test_key_and_risk_come_ahead_of_their_number(many):
    plan = build.draft_plan(many, [])
    count = Counter(one.klass for one in suggested(many, plan))
    assert count[VillageClass.KEY_FOCUS] / 8 > count[VillageClass.ORDINARY] / 24
    assert count[VillageClass.RISK] / 8 > count[VillageClass.ORDINARY] / 24


def test_a_township_stays_in_one_wave(many):
    plan = build.draft_plan(many, [])
    waves = defaultdict(set)
    for village, wave in term_suggestion(plan).entries:
        waves[village.township_id].add(wave)
    assert all(len(found) == 1 for found in waves.values())


def test_unclassed_villages_are_not_suggested(many):
    plan = build.draft_plan(many, [])
    assert many.village not in suggested(many, plan)


def test_suggesting_again_adds_nothing(many):
    plan = build.draft_plan(many, [])
    first = services.suggest_plan(plan=plan, actor=many.county_officer)
    assert first
    assert services.suggest_plan(plan=plan, actor=many.county_officer) == []


def test_villages_on_another_years_plan_are_not_suggested(many):
    plan = build.draft_plan(many, [])
    services.suggest_plan(plan=plan, actor=many.county_officer)
    following = services.create_plan(county=many.county, year=plan.year + 1, actor=many.county_officer)
    taken = set(plan.entries.values_list("village_id", flat=True))
    assert not taken & {one.pk for one in suggested(many, following)}


def test_following_the_suggestion_covers_every_village_within_the_term(many):
    """Year after year: suggest, then take it as done."""
    for village in (many.village, many.second_village, many.sibling_village):
        build.classed(many, village, VillageClass.ORDINARY)
    plan = build.draft_plan(many, [])
    planned = set()
    for year in range(plan.year, plan.term.ends_on.year + 1):
        if year != plan.year:
            plan = services.create_plan(county=many.county, year=year, actor=many.county_officer)
        planned |= {one.village_id for one in services.suggest_plan(plan=plan, actor=many.county_officer)}
    assert len(planned) == 43


def test_key_focus_villages_are_planned_in_the_first_half(many):
    plan = build.draft_plan(many, [])
    planned = Counter()
    for year in (plan.year, plan.year + 1):
        if year != plan.year:
            plan = services.create_plan(county=many.county, year=year, actor=many.county_officer)
        made = services.suggest_plan(plan=plan, actor=many.county_officer)
        planned += Counter(one.klass for one in made)
    assert planned[VillageClass.KEY_FOCUS] == 8


def test_suggestion_needs_a_draft_and_leaves_it_a_draft(many):
    plan = build.draft_plan(many, [])
    services.suggest_plan(plan=plan, actor=many.county_officer)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.DRAFT
    assert coverage(plan.term, many.county_officer).whole.done == 0
