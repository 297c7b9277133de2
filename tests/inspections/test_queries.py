"""Lists ask the same number of questions at one row and at three."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.calendar import today
from inspections import services
from tests.factories import inspections as build
from villages.enums import VillageClass
from villages.models import Village

MOST = 10


def counted(client, url):
    client.get(url)  # the first visit fills caches of the process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def grow(world, inspection):
    """Two more findings."""
    for _more in range(2):
        build.draft_finding(world, inspection)


@pytest.fixture
def inspection(world):
    inspection = build.running_inspection(world)
    build.draft_finding(world, inspection)
    return inspection


@pytest.mark.parametrize("name", ["county_officer", "team_member", "leading_group"])
def test_findings(world, inspection, signed_in, name):
    client, url = signed_in(getattr(world, name)), reverse("inspections:findings")
    before = counted(client, url)
    grow(world, inspection)
    assert counted(client, url) == before <= MOST + 1  # the rounds to choose from


@pytest.mark.parametrize("name", ["county_officer", "team_member"])
def test_inspection_page(world, inspection, signed_in, name):
    client, url = signed_in(getattr(world, name)), inspection.get_absolute_url()
    before = counted(client, url)
    grow(world, inspection)
    assert counted(client, url) == before


def three_villages(world):
    for village, klass in ((world.second_village, VillageClass.RISK), (world.sibling_village, VillageClass.ORDINARY)):
        build.classed(world, village, klass)
    plan = services.create_plan(county=world.county, year=today().year + 1, actor=world.county_officer)
    villages = list(Village.objects.filter(plan_entries=None, county=world.county).select_related("division"))
    services.add_to_plan(plan=plan, villages=villages, wave=1, actor=world.county_officer)
    plan = services.approve_plan(
        plan=services.submit_plan(plan=plan, actor=world.county_officer), actor=world.leading_group
    )
    first = date(plan.year, 3, 1)
    return services.open_round(
        plan=plan, number=1, starts_on=first, ends_on=first + timedelta(days=9), actor=world.county_officer
    )


@pytest.mark.parametrize("name", ["inspections:list", "inspections:plans"])
def test_lists_of_inspections_and_plans(world, inspection, signed_in, name):
    client, url = signed_in(world.county_officer), reverse(name)
    before = counted(client, url)
    three_villages(world)
    assert counted(client, url) == before <= MOST


def test_villages_to_pick(world, signed_in):
    plan = build.draft_plan(world, [])
    client, url = signed_in(world.county_officer), reverse("inspections:plan_pick", args=[plan.pk])
    build.classed(world)
    before = counted(client, url)
    build.classed(world, world.second_village)
    build.classed(world, world.sibling_village)
    assert counted(client, url) == before <= MOST


def test_plan_page(world, signed_in):
    plan = build.draft_plan(world)
    client, url = signed_in(world.county_officer), plan.get_absolute_url()
    before = counted(client, url)
    services.add_to_plan(
        plan=plan,
        villages=[build.classed(world, world.second_village), build.classed(world, world.sibling_village)],
        wave=1,
        actor=world.county_officer,
    )
    assert counted(client, url) <= before + 1 <= 28


def test_coverage_page(world, inspection, signed_in, django_assert_max_num_queries):
    client, url = signed_in(world.city_officer), reverse("inspections:coverage")
    client.get(url)
    with django_assert_max_num_queries(12):
        client.get(url)
