"""Coverage that survives mergers (A1, A2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.calendar import today
from inspections import services
from inspections.models import Term
from inspections.selectors.coverage import coverage
from tests.factories import inspections as build
from villages.enums import VillageStatus
from villages.models import Village


def whole(world, name, **narrowed):
    found = coverage(Term.objects.get(), build.fresh(getattr(world, name)), **narrowed).whole
    return found.done, found.total


def merge(old, new):
    Village.objects.filter(pk=old.pk).update(
        status=VillageStatus.MERGED, successor=new, valid_to=today() - timedelta(days=1)
    )


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
