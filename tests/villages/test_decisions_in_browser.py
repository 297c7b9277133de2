"""A county's roster administrator decides on a handful of villages in Chromium, with and without JavaScript.

The villages carry an inspection under way, a place on a plan, open and closed items: each is where it should be
afterwards, and the coverage of last year did not move.
"""

from datetime import date

import pytest

from common import integrity
from common.calendar import today
from inspections.models import Inspection, PlanEntry, Term
from inspections.selectors.coverage import coverage
from rectification.models import RectificationItem
from tests.e2e.visitors import give_passwords
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.villages import book, commit, row
from tests.factories.world import PASSWORD, village
from tests.factories.world import build as build_world
from villages.models import Village

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    world = build_world()
    give_passwords(world.roster_admin)
    return world


@pytest.fixture
def story(world, tmp_path):
    """龙门村 has open items, 三社村 a place on a plan, 四社村 nothing; the new roster lacks all three."""
    world.third = village("510703103203", "三社村", world.township)
    world.fourth = village("510703103204", "四社村", world.township)
    make.assigned_items(world)
    next_year = build.services.create_plan(county=world.county, year=today().year + 1, actor=world.county_officer)
    planned = [build.classed(world, world.third)]
    build.services.add_to_plan(plan=next_year, villages=planned, wave=1, actor=world.county_officer)
    roster = book(
        row("510703103202", "方水村"),
        row("510703103210", "四社村"),
        row("510703100201", "二社村", "丰谷镇"),
    )
    commit(roster, tmp_path, county=world.county)
    return world


def last_year(world):
    lines = coverage(Term.objects.get(), build.fresh(world.county_officer)).by_year
    return [(one.done, one.total) for one in lines if one.key == today().year - 1]


def signed_in(page, server):
    page.goto(f"{server.url}/sign-in/")
    page.fill("input[name=username]", "roster_admin")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize(("javascript", "width"), [(True, 1440), (False, 390)])
def test_a_handful_of_villages_is_decided(story, live_server, new_page, javascript, width):
    before = last_year(story)
    page = signed_in(new_page(width=width, javascript=javascript), live_server)
    page.goto(f"{live_server.url}/villages/adjustments/")
    assert page.locator("text=还有 3 个待决定").count() == 1
    page.click("table a:has-text('青义镇')")
    page.wait_for_url("**/adjustments/510703103000/")

    page.select_option(f"[name=go_{story.village.pk}]", "MERGE")
    page.fill(f"[name=to_{story.village.pk}]", "方水村")
    page.select_option(f"[name=go_{story.third.pk}]", "MERGE")
    page.fill(f"[name=to_{story.third.pk}]", "fsc")
    page.select_option(f"[name=go_{story.fourth.pk}]", "RECODE:510703103210")
    page.fill("[name=document]", "川民函〔2020〕8号")
    page.fill("[name=effective_on]", f"{today().year}-01-01")
    page.click("text=看影响，下一步确认")
    page.wait_for_selector("text=确认，写入 3 个村")
    for told in ("未办结的巡察 1 次", "未销号的整改 2 件", "未开展的计划 1 项"):
        assert page.locator(f"text={told}").count() == 1
    assert Village.objects.filter(status="ACTIVE", county=story.county).count() == 6
    page.click("text=确认，写入 3 个村")
    page.wait_for_selector("text=已决定 3 个村")

    assert {one.village for one in RectificationItem.objects.all()} == {story.second_village}
    inspection = Inspection.objects.get()
    assert (inspection.village, inspection.origin) == (story.second_village, story.village)
    entry = PlanEntry.objects.get(plan__year=today().year + 1)
    assert (entry.village, entry.origin) == (story.second_village, story.third)
    ended = dict(Village.objects.exclude(status="ACTIVE").values_list("division__name", "valid_to"))
    assert ended == dict.fromkeys(["龙门村", "三社村", "四社村"], date(today().year, 1, 1))
    assert last_year(story) == before == [(0, 5)]
    assert [line for one in integrity.ask() for line in one.found] == []

    page.goto(f"{live_server.url}/villages/510703103201/")
    assert page.locator("text=已转入青义镇 方水村").count() == 3
    page.click(".callout a:has-text('方水村')")
    page.wait_for_url("**/villages/510703103202/")
    assert page.locator("text=青义镇 龙门村并入本村").count() == 1


def test_two_people_at_once_and_the_slower_is_told(story, live_server, new_page):
    pages = [signed_in(new_page(), live_server) for _one in range(2)]
    for page in pages:
        page.goto(f"{live_server.url}/villages/adjustments/510703103000/")
        page.select_option(f"[name=go_{story.fourth.pk}]", "WITHDRAW")
        page.fill("[name=document]", "川民函〔2020〕8号")
        page.fill("[name=effective_on]", f"{today().year}-01-01")
        page.click("text=看影响，下一步确认")
        page.wait_for_selector("text=确认，写入 1 个村")
    pages[0].click("text=确认，写入 1 个村")
    pages[0].wait_for_selector("text=已决定 1 个村")
    pages[1].click("text=确认，写入 1 个村")
    pages[1].wait_for_selector("text=您这次的决定没有写入")
    assert pages[1].locator("text=“青义镇 四社村”已由县名册管理员于").count() == 1
