"""2019 → 2023 in all nine counties, and one county's administrator decides on every village in Chromium.

Of the villages that end one was inspected last year and one is being inspected; both have open items, and these are
where the village has gone. What last year counted did not move, and the eight other counties wait as they did.
"""

import csv
from collections import Counter
from datetime import date

import pytest
from django.conf import settings as project

from accounts.models import Division
from common import integrity
from common.calendar import today
from inspections.models import Inspection, Term
from inspections.selectors.coverage import coverage
from mianyang_xuncha import reference
from mianyang_xuncha.demo import clock
from tests.e2e.visitors import give_passwords
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.world import PASSWORD, World, cast
from villages.models import Village
from villages.roster.imports import import_file
from villages.selectors.undecided import undecided

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]
FIXTURES = project.BASE_DIR / "fixtures"
OLD, NEW = FIXTURES / "roster_before_merger.csv", FIXTURES / "roster_2023.csv"
PLACES = {
    "city": "510700000000",
    "county": "510703000000",
    "other_county": "510704000000",
    "township": "510703103000",
    "sibling_township": "510703100000",
    "other_township": "510704101000",
}


def codes(path):
    with path.open(encoding="utf-8-sig") as file:
        return {row["统计区划代码"] for row in csv.DictReader(file)}


@pytest.fixture
def world(settings, tmp_path):
    """The rosters of both years, the cast in real offices, and work under way in a village that ends."""
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    reference.load_divisions()
    import_file(path=OLD, county=None, commit=True)
    at = {name: Division.objects.get(code=code) for name, code in PLACES.items()}
    ending = sorted(code for code in codes(OLD) - codes(NEW) if code.startswith("510703103"))
    wanted = {"village": ending[0], "second_village": ending[1]}
    found = {
        name: Village.objects.select_related("division", "township", "county").get(division__code=code)
        for name, code in wanted.items()
    }
    found |= {
        f"{name}_village": Village.objects.filter(township=at[f"{name}_township"]).first()
        for name in ("sibling", "other")
    }
    world = World(**at, **found)
    world.people = cast(world)
    give_passwords(world.roster_admin)
    build.term(world)
    with clock.on(date(today().year - 1, 6, 15)):
        make.assigned_items(world, village=world.second_village)
        build.close(world, Inspection.objects.get())
    make.assigned_items(world)
    assert import_file(path=NEW, county=None, commit=True).missing == 2677
    return world


def years(user):
    return {one.key: (one.done, one.total) for one in coverage(Term.objects.get(), build.fresh(user)).by_year}


def decide_all(page, address):
    """Every village of a township: the likeliest suggestion where there is one, the others are withdrawn."""
    page.goto(address)
    if page.locator("a:has-text('填入把握大的')").count():
        page.click("a:has-text('填入把握大的')")
        page.wait_for_load_state("networkidle")
    for select in page.locator("select[name^=go_]").all():
        if select.input_value():
            continue
        offered = [one.get_attribute("value") for one in select.locator("option").all()]
        select.select_option(next((one for one in offered if ":" in one), "WITHDRAW"))
    page.fill("[name=document]", "川民函〔2020〕8号")
    page.fill("[name=effective_on]", f"{today().year}-01-01")
    page.click("text=看影响，下一步确认")
    page.click("button:has-text('确认，写入')")
    page.wait_for_selector("text=没有待决定的村了")


def test_one_county_of_nine_is_decided_to_the_last_village(world, live_server, page):
    last_year = today().year - 1
    before = years(world.county_officer)[last_year], years(world.city_officer)[last_year]
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("input[name=username]", "roster_admin")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    page.goto(f"{live_server.url}/villages/adjustments/")
    assert page.locator("text=还有 163 个待决定").count() == 1
    townships = [one.get_attribute("href") for one in page.locator("table[data-rows] td.ell a").all()]
    for address in townships:
        decide_all(page, f"{live_server.url}{address}")
    assert page.locator("h2:has-text('没有待决定的村')").count() == 1

    own = Village.objects.filter(county=world.county)
    assert Counter(own.values_list("status", flat=True)) == {"ACTIVE": 162, "MERGED": 155, "WITHDRAWN": 8}
    assert set(own.exclude(status="ACTIVE").values_list("valid_to", flat=True)) == {date(today().year, 1, 1)}
    assert undecided(build.fresh(world.people["city_roster_admin"])).count() == 2677 - 163

    gone = Village.objects.select_related("successor").get(pk=world.village.pk)
    inspection = Inspection.objects.get(origin=gone)
    assert inspection.village == gone.successor
    assert {one.village for one in inspection.items.all()} == {gone.successor}
    covered = Village.objects.select_related("successor").get(pk=world.second_village.pk)
    closed = Inspection.objects.get(village=covered)  # over before the merger: it stays where it was, its items do not
    assert {one.village for one in closed.items.all()} == {covered.successor}
    assert (years(world.county_officer)[last_year], years(world.city_officer)[last_year]) == before
    assert before == ((1, 254), (1, 3788))
    assert [line for one in integrity.ask() for line in one.found] == []
