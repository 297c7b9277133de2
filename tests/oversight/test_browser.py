"""In a real browser: a common issue from its detection to the end of the department's campaign (A8, F1)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from common.calendar import today
from mianyang_xuncha import reference
from oversight.models import Campaign, CommonIssue
from tests.factories import inspections as build
from tests.factories import rectification as rectify
from tests.factories import world as place
from tests.factories.story import prepare, tell_place
from tests.factories.story_parts import MARKS, OWN, SIBLING

pytestmark = pytest.mark.chromium


@pytest.fixture
def cast(transactional_db):
    """Two townships of the county have been given feedback; nothing common has been opened yet."""
    reference.load_kinds_and_rules()
    views = prepare(place.build())
    for name in (OWN, SIBLING):
        tell_place(views[name], MARKS[name])
    world = views[OWN]
    build.reload_people(world)
    return world


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


def day(days):
    return (today() + timedelta(days=days)).isoformat()


def confirmed(page, note=""):
    """On the page that restates what will be done."""
    if note:
        page.fill("#id_note", note)
    page.click("main form button.btn-primary, main form button.btn-warn")
    page.wait_for_load_state()


def test_from_detection_to_the_end_of_the_campaign(cast, as_person, live_server):
    def at(url):
        return f"{live_server.url}{url}"

    # The head says from when on an item is common; the office opens what the system found.
    head = as_person(cast.county_head)
    head.goto(at(reverse("oversight:thresholds")))
    head.fill("#id_villages", "2")
    head.fill("#id_share", "50")
    head.click("button:has-text('保存')")
    head.wait_for_selector("text=自查提醒日已更新")
    office = as_person(cast.county_officer)
    office.goto(at(reverse("oversight:issues")))
    office.locator("section[aria-labelledby=h-common] a", has_text="提出").first.click()
    office.wait_for_selector("text=达到阈值")
    office.select_option("#id_department", index=1)
    office.fill("#id_deadline", day(60))
    office.fill("#id_analysis", "公开制度没有落到报账环节，建议修订办法、逐村核对。")
    office.click("button:has-text('提请县委审批')")
    office.wait_for_selector("text=等待县委巡察工作领导小组审批")
    issue = CommonIssue.objects.get()
    assert (issue.villages, issue.townships) == (2, 2)

    # The committee's head finds it on the desk and approves.
    leader = as_person(cast.leading_group)
    leader.goto(at("/"))
    leader.click(f"text=共性问题：{issue.text}")
    leader.click("button:has-text('批准')")
    confirmed(leader)
    leader.wait_for_selector("text=已办理")
    campaign = Campaign.objects.get()
    assert campaign.tasks.count() == 2

    # The department takes it on, on the phone as well, and works village by village.
    department = as_person(cast.department_officer, width=390, height=844)
    department.goto(at("/"))
    department.locator("main a", has_text="专项整治").first.click()
    department.click("text=受领任务")
    department.fill("#id_plan", "修订补贴发放公开办法。")
    department.fill("#id_measure", "补公示近三年补贴发放表")
    department.fill("#id_deadline", day(30))
    department.click("button:has-text('受领')")
    department.wait_for_selector("text=各村的任务和时限已下达")
    for _village in range(2):
        department.locator("a", has_text="登记结果").first.click()
        department.fill("#id_result", "已补公示，村民代表签字核对。")
        department.click("button:has-text('登记')")
        department.wait_for_selector("text=的整治结果")
    department.click("main a:has-text('报送结果')")
    department.fill("#id_result", "两个村全部补公示，办法已修订。")
    department.click("button:has-text('报送')")
    department.wait_for_selector("text=待县级验收")

    # It reads its findings, and no others.
    department.goto(at(reverse("inspections:findings")))
    assert department.locator("tbody tr").count() == campaign.findings.count()
    assert "party" not in department.inner_text("main")

    # The office accepts.
    office.goto(at("/"))
    office.locator("main a", has_text="专项整治").first.click()
    office.click("button:has-text('验收结束')")
    confirmed(office)
    office.wait_for_selector("text=已结束")
    campaign.refresh_from_db()
    assert (campaign.status, campaign.closed_on) == ("CLOSED", today())


def test_an_untrue_answer_is_uncovered_by_a_later_inspection(transactional_db, as_person, live_server):
    reference.load_kinds_and_rules()
    world = place.build()
    build.term(world)

    def at(url):
        return f"{live_server.url}{url}"

    # The office asks the villages not inspected yet.
    office = as_person(world.county_officer)
    office.goto(at(reverse("oversight:notice_new")))
    office.fill("#id_title", "对照自查")
    office.fill("#id_text", "先改起来。")
    office.fill("#id_due_on", day(10))
    office.locator("input[name=items]").first.check()
    office.click("button:has-text('发出')")
    office.wait_for_selector("text=自查通知已发到 3 个村")
    notice_url = office.url

    # The village says on a phone that there is nothing; its township confirms.
    village = as_person(world.village_secretary, width=390, height=844)
    village.goto(at("/"))
    village.goto(at(reverse("oversight:self_checks")))
    village.locator("main a", has_text="龙门村").first.click()
    village.click("text=填报自查")
    village.locator(".chips label", has_text="无").first.click()
    village.click("main form button:has-text('填报')")
    village.wait_for_selector("text=等乡镇确认")
    township = as_person(world.township_secretary)
    township.goto(village.url)
    township.click("button:has-text('确认')")
    confirmed(township)
    township.wait_for_selector("text=已确认")

    # Inspection comes, finds it, and the feedback is issued.
    rectify.assigned_items(world, findings=1)
    build.reload_people(world)
    office.goto(village.url)
    office.wait_for_selector("text=答复不实")
    office.goto(notice_url)
    assert "100.0%" in office.locator("section[aria-labelledby=h-untrue]").inner_text()
    township.goto(village.url)
    township.wait_for_selector("text=答复不实")


PAPER = 1047, 703  # A4 across within its margins, in CSS pixels


def test_a_printed_board_has_room_for_the_townships_of_a_county(cast, as_person, live_server):
    """Fourteen rows under the heat map's head on a page; a browser repeats a head of at most a quarter of it."""
    width, height = PAPER
    page = as_person(cast.county_officer, width=width)
    page.goto(live_server.url + reverse("oversight:board"))
    page.emulate_media(media="print")
    found = page.evaluate(
        "[...document.querySelectorAll('.heat thead, .heat tbody tr')].map(e => e.getBoundingClientRect().height)"
    )
    head, row = found[0], max(found[1:])
    assert head < height / 4
    assert head + 15 * row + 50 < height
