"""The suggested plan: this year's share, key and risk first, whole townships together (A1)."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from common.calendar import today
from inspections import services
from inspections.enums import PlanStatus
from inspections.models import InspectionSetting, Term
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


def villages(world, count, klass, start=0):
    """So many villages of one class in a township of their own."""
    number = start + VillageClass.values.index(klass)
    township = place.division(f"51070330{number}000", f"{number}号镇", place.Tier.TOWNSHIP, world.county)
    return [
        place.village(f"51070330{number}2{one:02}", f"村{number}-{one}", township, klass=klass) for one in range(count)
    ]


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


def test_no_wave_between_others_stays_empty(many):
    """Also where townships are larger than a wave's share."""
    plan = build.draft_plan(many, [])
    for count in range(1, 13):
        used = {wave for _village, wave in term_suggestion(plan, waves=count).entries}
        assert used == set(range(1, len(used) + 1))


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


def test_tight_forces_are_used_so_that_nothing_comes_late(world):
    """20 key in three years and 20 risk in four, by teams for ten a year: none to spare for ordinary ones before."""
    for count, klass in ((20, VillageClass.KEY_FOCUS), (20, VillageClass.RISK), (10, VillageClass.ORDINARY)):
        villages(world, count, klass)
    services.create_term(
        city=world.city,
        name="本届",
        starts_on=today().replace(month=1, day=1),
        ends_on=today().replace(year=today().year + 4, month=12, day=31),
        targets={},
        actor=world.city_officer,
    )
    values = {"waves": 1, "teams": 2, "villages_per_team": 5, "member_days": 120, "days": {}}
    services.set_forces(county=world.county, actor=world.county_head, **values)
    plan = services.create_plan(county=world.county, year=today().year, actor=world.county_officer)
    found = term_suggestion(plan)
    assert [year.total for year in found.years] == [10] * 5
    assert [one.code for one in found.unmet] == ["unclassed"]
    assert sum(year.by_class[0] for year in found.years[:3]) == 20
    assert sum(year.by_class[1] for year in found.years[:4]) == 20


def test_no_teams_is_not_the_same_as_teams_that_nobody_counted(many):
    plan = build.draft_plan(many, [])
    InspectionSetting.objects.create(county=many.county, teams=0, villages_per_team=5)
    found = term_suggestion(plan)
    assert not any(year.total for year in found.years)
    assert "capacity" in [one.code for one in found.unmet]


def test_what_is_due_this_year_is_not_put_off_where_teams_are_not_counted(world):
    """In the year before the last: ten risk villages, and but two others to share the years with."""
    villages(world, 10, VillageClass.RISK)
    villages(world, 2, VillageClass.ORDINARY)
    term = build.term(world)
    Term.objects.update(ends_on=today().replace(year=today().year + 1, month=12, day=31))
    term.targets.all().delete()
    plan = build.draft_plan(world, [])
    found = term_suggestion(plan)
    assert [year.by_class[1] for year in found.years] == [10, 0]
    assert [one.code for one in found.unmet] == ["unclassed"]


def test_key_villages_are_suggested_though_the_plan_is_full_of_others(world):
    villages(world, 6, VillageClass.KEY_FOCUS)
    plan = build.draft_plan(world, villages(world, 20, VillageClass.ORDINARY))
    found = Counter(one.klass for one in suggested(world, plan))
    assert found[VillageClass.KEY_FOCUS] == 3  # half of them: two years are left of the term's first half
    services.suggest_plan(plan=plan, actor=world.county_officer)
    assert suggested(world, plan) == []


def test_what_a_plan_of_years_ago_never_opened_is_suggested_again(world, monkeypatch):
    missed = villages(world, 2, VillageClass.ORDINARY)
    build.draft_plan(world, missed)
    year = today().year
    following = services.create_plan(county=world.county, year=year + 1, actor=world.county_officer)
    assert suggested(world, following) == []
    monkeypatch.setattr("inspections.selectors.suggestion.today", lambda: date(year + 1, 3, 31))
    assert suggested(world, following) == []
    monkeypatch.setattr("inspections.selectors.suggestion.today", lambda: date(year + 1, 4, 1))
    assert set(suggested(world, following)) == set(missed)
