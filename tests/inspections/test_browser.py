"""In a real browser: a finding recorded on a phone with and without JavaScript, and every page at two widths."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inspections import services
from inspections.models import Finding, Inspection
from mianyang_xuncha import reference
from tests.factories import inspections as build
from tests.factories import world as place
from villages.enums import VillageClass

pytestmark = pytest.mark.chromium


@pytest.fixture
def cast(transactional_db):
    reference.load_kinds_and_rules()
    return place.build()


@pytest.fixture
def as_person(live_server, new_page):
    """as_person(user, width=390) → a page in that person's session."""

    def open_page(user, **options):
        client = Client()
        client.force_login(user)
        page = new_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return open_page


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_member_records_a_finding_on_a_phone(cast, as_person, live_server, javascript):
    inspection = build.running_inspection(cast)
    page = as_person(cast.team_member, width=390, height=844, javascript=javascript)
    page.goto(f"{live_server.url}{inspection.get_absolute_url()}")
    page.click("text=记录问题")
    page.fill("#id_q", "cbf")
    if not javascript:
        page.click("button:has-text('查找')")
    page.click("text=承包费、租金")
    page.fill("#id_title", "集体林地承包费没有入账")
    page.fill("#id_facts", "120 亩集体林地承包费 2.4 万元由报账员保管。")
    page.select_option("#id_second_inspector", label="待派组员")
    page.click("button:has-text('完成')")
    page.wait_for_selector("text=已登记底稿")
    finding = Finding.objects.get()
    assert (finding.inspector, finding.second_inspector) == (cast.team_member, cast.spare_member)
    assert "承包费" in finding.checklist_item.text


def test_a_search_after_the_session_ended_opens_the_sign_in_page(cast, as_person, live_server):
    inspection = build.running_inspection(cast)
    page = as_person(cast.team_member)
    page.goto(f"{live_server.url}/inspections/{inspection.pk}/findings/new/")
    page.context.clear_cookies()
    page.fill("#id_q", "cbf")
    page.wait_for_url("**/sign-in/?next=*")
    assert page.locator("input[name=next]").input_value() == f"/inspections/{inspection.pk}/findings/new/"


def test_the_leader_confirms_through_the_dialog(cast, as_person, live_server):
    finding = build.reviewed_finding(cast)
    page = as_person(cast.team_leader)
    page.goto(f"{live_server.url}{finding.get_absolute_url()}")
    page.click(".act button:has-text('审定')")
    page.click("#dlg-confirm [data-go]")
    page.wait_for_selector("text=已办理")
    assert Finding.objects.get().status == "CONFIRMED"


def test_the_office_picks_villages_and_assigns_a_team(cast, as_person, live_server):
    """From an empty plan to an assigned village, by clicks."""
    build.classed(cast)
    plan = build.draft_plan(cast, [])
    page = as_person(cast.county_officer)
    page.goto(f"{live_server.url}{plan.get_absolute_url()}")
    page.get_by_role("link", name="选村", exact=True).click()
    page.get_by_label("选择：青义镇 龙门村").check()
    page.click("button:has-text('列入计划')")
    page.wait_for_selector("text=已列入 1 个村")
    services.approve_plan(plan=services.submit_plan(plan=plan, actor=cast.county_officer), actor=cast.leading_group)
    page.goto(f"{live_server.url}{plan.get_absolute_url()}")
    page.click("text=开展第 1 轮")
    page.fill("#id_starts_on", build.today().isoformat())
    page.fill("#id_ends_on", build.today().isoformat())
    page.click("button:has-text('开展本轮')")
    page.click(".act >> text=组建巡察组")
    page.fill("#id_name", "第一巡察组")
    page.click("button:has-text('组建')")
    page.select_option("#id_user", str(cast.team_leader.pk))
    page.select_option("#id_post", "LEADER")
    page.click("button:text-is('增加')")
    page.get_by_label("选择：青义镇 龙门村").check()
    page.click("button:has-text('派组')")
    page.wait_for_selector("text=已把 1 个村派给第一巡察组")
    assert str(Inspection.objects.get().team) == "第一巡察组"


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_fit_and_are_accessible(cast, as_person, live_server, width):
    finding = build.draft_finding(cast)
    inspection = finding.inspection
    team, item = inspection.team, inspection.checklist.items.first()
    addresses = [
        reverse("inspections:list"),
        inspection.get_absolute_url(),
        reverse("inspections:plans"),
        inspection.round.plan.get_absolute_url(),
        inspection.round.get_absolute_url(),
        reverse("inspections:member_new", args=[team.pk]),
        reverse("inspections:arrange", args=[inspection.pk]),
        reverse("inspections:findings"),
        finding.get_absolute_url(),
        reverse("inspections:coverage"),
    ]
    written = [
        reverse("inspections:finding_new", args=[inspection.pk]) + f"?item={item.pk}",
        reverse("inspections:finding_edit", args=[finding.pk]),
        reverse("inspections:checklist"),
    ]
    assert faults(as_person(cast.county_officer, width=width), live_server, addresses) == []
    assert faults(as_person(cast.team_leader, width=width), live_server, written) == []


def faults(page, live_server, addresses):
    """Addresses that do not answer, are wider than the screen or break a rule of accessibility."""
    found = []
    for address in addresses:
        response = page.goto(f"{live_server.url}{address}")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        rules = [one["id"] for one in Axe().run(page).response["violations"]]
        if response.status != 200 or wide or rules:
            found.append((address, response.status, wide, rules))
    return found


def test_the_suggested_villages_have_the_room_of_the_table(cast, as_person, live_server):
    for number in range(12):
        place.village(f"5107031032{30 + number}", f"名字稍长的第{number}村", cast.township, klass=VillageClass.RISK)
    plan = build.draft_plan(cast, [])
    page = as_person(cast.county_officer, width=1440, height=900)
    page.goto(f"{live_server.url}{reverse('inspections:plan_suggest', args=[plan.pk])}")
    widths = {
        one: page.locator(f"tbody tr >> nth=0 >> {one}").bounding_box()["width"] for one in ("td.name", "td.wrap")
    }
    assert widths["td.wrap"] > 2 * widths["td.name"]
