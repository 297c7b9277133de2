"""Coverage that survives mergers (A1, A2)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common.calendar import today
from inspections import services
from inspections.models import Term
from inspections.selectors.coverage import Ledger, Standing, coverage
from mianyang_xuncha.demo import clock
from tests.factories import inspections as build
from tests.factories.villages import merge, restore
from villages.enums import VillageStatus
from villages.models import Village


def whole(world, name, **narrowed):
    found = coverage(Term.objects.get(), build.fresh(getattr(world, name)), **narrowed).whole
    return found.done, found.total


def test_a_village_counts_when_its_inspection_is_closed(world):
    feedback = build.issued_feedback(world)
    assert whole(world, "county_officer") == (0, 3)
    services.close_inspection(inspection=feedback.inspection, actor=world.county_officer)
    assert whole(world, "county_officer") == (1, 3)


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("city_officer", (1, 4)),
        ("county_officer", (1, 3)),
        ("township_secretary", (1, 2)),
        ("sibling_township_secretary", (0, 1)),
        ("village_secretary", (1, 1)),
        ("other_county_officer", (0, 1)),
        ("department_officer", (0, 0)),
    ],
)
def test_everybody_sees_the_figures_of_the_own_villages(world, name, figures):
    build.closed_inspection(world)
    assert whole(world, name) == figures


def test_a_merged_village_gives_its_coverage_to_the_successor(world):
    build.closed_inspection(world)
    merge(world.village, world.second_village)
    assert whole(world, "township_secretary") == (1, 1)


def test_coverage_follows_a_chain_of_mergers(world):
    build.closed_inspection(world)
    merge(world.village, world.second_village)
    merge(world.second_village, world.sibling_village)
    assert whole(world, "county_officer") == (1, 1)


def test_two_covered_villages_that_merge_count_once(world):
    build.closed_inspection(world)
    merge(world.second_village, world.village)
    assert whole(world, "county_officer") == (1, 2)


def test_withdrawn_villages_leave_the_denominator(world):
    build.closed_inspection(world)
    Village.objects.filter(pk=world.sibling_village.pk).update(status=VillageStatus.WITHDRAWN, valid_to=today())
    assert whole(world, "county_officer") == (1, 2)


def test_lines_by_year_class_and_township(world):
    build.closed_inspection(world)
    found = coverage(Term.objects.get(), world.county_officer)
    assert [(one.key, one.done) for one in found.by_year] == [(today().year - 1, 0), (today().year, 1)]
    assert [(one.label, one.done, one.total) for one in found.by_class] == [("重点关注村", 1, 1), ("未分类", 0, 2)]
    assert [(one.label, one.done, one.total) for one in found.by_division] == [("丰谷镇", 0, 1), ("青义镇", 1, 2)]


def test_city_sees_counties_and_goes_down(world):
    build.closed_inspection(world)
    term = Term.objects.get()
    assert [one.label for one in coverage(term, world.city_officer).by_division] == ["游仙区", "涪城区"]
    down = coverage(term, world.city_officer, county_id=world.county.pk, township_id=world.township.pk)
    assert {one.label: one.done for one in down.by_division} == {"龙门村": 1, "方水村": 0}


def test_page_shows_classes_only_to_those_who_may_see_them(world, signed_in):
    build.closed_inspection(world)
    url = reverse("inspections:coverage")
    assert "重点关注村" in signed_in(world.county_officer).get(url).content.decode()
    page = signed_in(world.township_secretary).get(url).content.decode()
    assert "重点关注村" not in page
    assert "青义镇" in page or "龙门村" in page


def test_a_team_member_from_another_office_sees_the_classes_of_the_teams_villages_alone(world, signed_in):
    build.classed(world, world.sibling_village, "RISK")
    round = build.opened_round(world)
    team = build.staffed_team(world, round)
    services.assign_team(inspection=round.inspections.get(), team=team, actor=world.county_officer)
    services.add_member(team=team, user=world.org_officer, post="MEMBER", actor=world.county_officer)
    client = signed_in(build.fresh(world.org_officer))
    found = client.get(reverse("inspections:coverage")).context["coverage"]
    assert found.whole.total == 3
    assert [(one.label, one.total) for one in found.by_class] == [("重点关注村", 1)]
    kpis = client.get(reverse("villages:list")).context["kpis"]
    assert [one["value"] for one in kpis] == [3, 1, 0, 0, 0]


def test_an_office_whose_officer_joined_another_countys_team_counts_its_own_villages_alone(world, signed_in):
    round = build.opened_round(world)
    team = build.staffed_team(world, round)
    services.assign_team(inspection=round.inspections.get(), team=team, actor=world.county_officer)
    url = reverse("inspections:coverage")
    own = signed_in(world.other_county_officer).get(url).context["coverage"].whole.total
    team.members.create(user=world.other_county_officer, starts_on=today(), ends_on=today())
    found = signed_in(build.fresh(world.other_county_officer)).get(url).context["coverage"]
    assert (found.whole.total, found.level) == (own, "township")


def test_narrowing_to_a_foreign_county_shows_nothing_of_it(world, signed_in):
    build.closed_inspection(world)
    url = reverse("inspections:coverage")
    page = signed_in(world.county_officer).get(url, {"county": world.other_county.pk}).content.decode()
    assert "抗香村" not in page
    assert "沉抗镇" not in page


@pytest.mark.parametrize("query", [{"term": "9999"}, {"county": "x"}, {"township": "1"}])
def test_addresses_that_name_nothing_are_not_found(world, signed_in, query):
    build.term(world)
    assert signed_in(world.county_officer).get(reverse("inspections:coverage"), query).status_code == 404


def test_page_without_a_term_says_who_opens_one(world, signed_in):
    assert "市委巡察办建立届期" in signed_in(world.county_officer).get(reverse("inspections:coverage")).content.decode()


# ----------------------------------------------------------------- past years


THIS, LAST = today().year, today().year - 1
NEW_YEAR = date(THIS, 1, 1)


def by_year(world, name="county_officer", **narrowed):
    found = coverage(Term.objects.get(), build.fresh(getattr(world, name)), **narrowed)
    return {one.key: (one.done, one.total) for one in found.by_year}


def test_a_merger_of_this_year_moves_no_figure_of_the_last(world):
    build.closed_inspection(world)
    before = by_year(world)
    merge(world.village, world.second_village, on=NEW_YEAR)
    merge(world.sibling_village, world.second_village)
    assert before == {LAST: (0, 3), THIS: (1, 3)}
    assert by_year(world) == {LAST: (0, 3), THIS: (1, 1)}


def test_a_village_inspected_last_year_and_merged_since_counts_as_inspected_then(world):
    build.term(world)
    with clock.on(date(LAST, 6, 15)):
        build.closed_inspection(world)
    assert by_year(world) == {LAST: (1, 3), THIS: (1, 3)}
    merge(world.village, world.second_village, on=NEW_YEAR)
    assert by_year(world) == {LAST: (1, 3), THIS: (1, 2)}
    merge(world.second_village, world.sibling_village)
    assert by_year(world) == {LAST: (1, 3), THIS: (1, 1)}


def test_a_village_merged_on_the_last_day_of_a_year_no_longer_counts_in_it(world):
    build.term(world)
    merge(world.village, world.second_village, on=date(LAST, 12, 31))
    assert by_year(world) == {LAST: (0, 2), THIS: (0, 2)}


def test_a_village_set_up_this_year_is_no_debt_of_the_last(world):
    build.term(world)
    Village.objects.filter(pk=world.sibling_village.pk).update(valid_from=NEW_YEAR)
    assert by_year(world) == {LAST: (0, 2), THIS: (0, 3)}


def test_a_withdrawn_village_still_counts_in_the_year_before(world):
    build.term(world)
    Village.objects.filter(pk=world.sibling_village.pk).update(status=VillageStatus.WITHDRAWN, valid_to=NEW_YEAR)
    assert by_year(world) == {LAST: (0, 3), THIS: (0, 2)}


def test_an_inspection_closed_after_the_merger_counts_for_the_successor_once(world):
    feedback = build.issued_feedback(world)
    merge(world.village, world.second_village, on=today())
    services.close_inspection(inspection=feedback.inspection, actor=world.county_officer)
    assert by_year(world) == {LAST: (0, 3), THIS: (1, 2)}


def test_a_restored_village_keeps_the_inspection_that_was_closed_at_the_successor(world):
    feedback = build.issued_feedback(world)
    merge(world.village, world.second_village)
    services.close_inspection(inspection=feedback.inspection, actor=world.county_officer)
    restore(world.village)
    found = coverage(Term.objects.get(), world.county_officer, township_id=world.township.pk)
    assert {one.label: one.done for one in found.by_division} == {"龙门村": 1, "方水村": 0}


def test_a_township_keeps_the_past_of_the_villages_that_it_lost(world):
    build.closed_inspection(world)
    merge(world.village, world.sibling_village)
    assert by_year(world, "township_secretary") == {LAST: (0, 2), THIS: (0, 1)}
    assert by_year(world, "sibling_township_secretary") == {LAST: (0, 1), THIS: (1, 1)}


def test_a_finished_term_is_told_as_of_its_last_day(world):
    term = build.term(world)
    Term.objects.filter(pk=term.pk).update(ends_on=date(LAST, 12, 31))
    merge(world.village, world.second_village)
    assert whole(world, "county_officer") == (0, 3)


def test_the_desk_shows_the_same_figures_as_the_page(world):
    from mianyang_xuncha.workbench.facts import Facts

    build.closed_inspection(world)
    merge(world.second_village, world.village, on=NEW_YEAR)
    desk, page = Facts(world.county_officer, with_coverage=True), coverage(Term.objects.get(), world.county_officer)
    assert desk.coverage.by_year == page.by_year
    assert desk.coverage.whole == page.whole
    assert desk.covered_by_county() == {world.county.pk: (1, 2)}


DAYS = st.integers(0, 365 * 4 - 1).map(lambda days: date(2020, 1, 1) + timedelta(days=days))
EVENTS = st.lists(st.tuples(DAYS, st.sampled_from(["found", "merge", "withdraw", "close"]), st.randoms()), max_size=40)


def empty_ledger():
    villages = [Standing(pk, 1, 1, None, "", None, None) for pk in range(8)]
    return Ledger(Term(name="届", starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31)), villages, [], [], {})


def happen(ledger, day, kind, choose):
    """One thing that happens to some village that stands on the day."""
    standing = ledger.standing(day)
    villages, closed, taken = list(ledger.villages), list(ledger.closed), list(ledger.taken)
    if kind == "found":
        villages.append(Standing(len(villages), 1, 1, None, "", day, None))
    if kind == "close" and standing:
        closed.append((choose.choice(standing).pk, day))
    if kind in ("merge", "withdraw") and len(standing) > 1:
        end, goal = choose.sample(standing, 2)
        villages[end.pk] = end._replace(until=day)
        taken += [(end.pk, goal.pk, day)] if kind == "merge" else []
    return replace(ledger, villages=villages, closed=closed, taken=taken)


def figures(ledger, day):
    standing, done = ledger.standing(day), ledger.covered(day)
    return len(standing), sum(one.pk in done for one in standing)


@given(EVENTS)
@settings(max_examples=300, deadline=None)
def test_what_happens_later_moves_no_figure_of_an_earlier_year(events):
    ledger = empty_ledger()
    told = {}
    for day, kind, choose in sorted(events, key=lambda one: one[0]):
        for year in range(2020, day.year):
            told.setdefault(year, figures(ledger, date(year, 12, 31)))
        ledger = happen(ledger, day, kind, choose)
    assert {year: figures(ledger, date(year, 12, 31)) for year in told} == told


@given(EVENTS)
@settings(max_examples=300, deadline=None)
def test_mergers_lose_no_covered_village(events):
    """What was covered is found again in villages that stand, as long as nothing was withdrawn."""
    ledger = empty_ledger()
    for day, kind, choose in sorted(events, key=lambda one: one[0]):
        if kind != "withdraw":
            ledger = happen(ledger, day, kind, choose)
    last = date(2024, 12, 31)
    standing = {one.pk for one in ledger.standing(last)}
    assert set(ledger.covered(last)) <= standing
    assert bool(ledger.closed) == bool(ledger.covered(last))
