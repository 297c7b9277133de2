"""In the hand: a village secretary reports within three screens, and no page has to be pushed sideways."""

import re

import pytest

from rectification.models import ProgressReport
from tests.e2e.visitors import Visit, give_passwords, page_of
from tests.factories import rectification as make
from tests.factories.inspections import draft_finding, fresh
from tests.factories.world import World

pytestmark = pytest.mark.chromium
PHONE = {"width": 390, "height": 844}


def test_a_village_secretary_reports_within_three_screens(cast: World, visitor: Visit):
    item = make.open_item(cast)
    give_passwords(cast.village_secretary)
    secretary = visitor(**PHONE)
    screens: list[str] = []
    secretary.page.on("domcontentloaded", lambda page: screens.append(page.url))
    secretary.sign_in("village_secretary")
    secretary.follow(f"报进展：{item.finding.title}")
    secretary.fill(text="名单已经公示七天。")
    secretary.attach("公开栏.jpg", make.JPEG, "image/jpeg", field="evidence")
    assert len(screens) == 3, screens
    secretary.press("提交")
    secretary.sees("进展已报", "公开栏.jpg")
    assert ProgressReport.objects.get().author == cast.village_secretary


def test_all_that_is_asked_of_a_village_secretary_takes_three_screens(cast: World, visitor: Visit, tmp_path):
    """The desk, the feedback to sign for, the report with its photograph: there is no fourth page to learn."""
    item = make.open_item(cast)
    give_passwords(cast.village_secretary)
    secretary = visitor(**PHONE)
    secretary.sign_in("village_secretary")
    pages: list[str] = []
    secretary.page.on("domcontentloaded", lambda page: pages.append(page.url.removeprefix(secretary.address)))
    secretary.follow(re.compile("签收巡察反馈"))
    secretary.press("签收反馈")
    secretary.sees("已签收反馈", cast.village_secretary.full_name)
    assert item.feedback.receipts.get(side="VILLAGE").signer == cast.village_secretary
    secretary.go("/")
    assert secretary.page.get_by_role("link", name=re.compile("签收巡察反馈")).count() == 0
    secretary.follow(f"报进展：{item.finding.title}")
    secretary.fill(text="名单已经公示七天。")
    secretary.attach("公开栏.jpg", make.JPEG, "image/jpeg", field="evidence")
    asked = set(pages)
    secretary.press("提交")
    secretary.sees("进展已报", "公开栏.jpg")
    assert asked == {"/", f"/rectification/feedback/{item.feedback_id}/", f"{page_of(item)}report/"}
    for path in asked:
        secretary.go(path)
        secretary.page.screenshot(path=tmp_path / f"{path.replace('/', '-')}.png", full_page=True)
        wide = secretary.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


def test_what_is_pressed_on_a_phone_is_large_enough(cast: World, visitor: Visit):
    item = make.open_item(cast)
    secretary = visitor(**PHONE).enter(cast.village_secretary)
    for path in ("/", page_of(item), f"{page_of(item)}report/"):
        secretary.go(path)
        small = secretary.page.eval_on_selector_all(
            "#main .btn, .tabbar a",
            """all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
                      .filter(([_, height]) => height > 0 && height < 40)""",
        )
        assert small == [], path


def pushed(person, path):
    """(width of the window, width of the page) where the page is wider."""
    assert person.go(path).status == 200, path
    for width in (390, 320):
        person.page.set_viewport_size({"width": width, "height": 844})
        shown, there = person.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if shown > there:
            yield width, shown


def test_no_board_has_to_be_pushed_sideways(cast: World, visitor: Visit):
    """With each table in use: years behind their targets, villagers asked."""
    make.poll(cast, make.supervised_item(cast), asked=1300, satisfied=1200, fair=50)
    pages = ("/oversight/board/", "/oversight/assessments/", "/oversight/duties/")
    for name in ("city_officer", "county_officer"):
        person = visitor(**PHONE).enter(getattr(cast, name))
        assert [(path, *found) for path in pages for found in pushed(person, path)] == []
    assert "低于目标" in person.go("/oversight/board/").text()


def test_no_main_page_has_to_be_pushed_sideways(cast: World, visitor: Visit):
    item = make.reported_item(cast)
    inspection, village = item.finding.inspection, item.village
    plan = inspection.round.plan
    pages = {
        "village_secretary": [
            "/",
            "/rectification/",
            "/rectification/feedback/",
            page_of(item),
            "/inbox/",
            "/password/",
        ],
        "township_secretary": ["/", "/rectification/tasks/", f"{page_of(item)}submit/", "/rectification/party/"],
        "org_officer": ["/", "/rectification/party/"],
        "supervisor": ["/", page_of(item)],
        "team_leader": ["/", "/inspections/", inspection.get_absolute_url(), "/inspections/checklist/"],
        "county_officer": [
            "/",
            "/villages/",
            village.get_absolute_url(),
            "/villages/classes/",
            plan.get_absolute_url(),
            inspection.round.get_absolute_url(),
            "/inspections/findings/",
            "/inspections/coverage/",
            "/rectification/settings/",
        ],
        "roster_admin": ["/", "/villages/import/"],
        "sysadmin": ["/", "/accounts/users/"],
        "auditor": ["/", "/accounts/audit/"],
        "city_officer": ["/", "/rectification/"],
    }
    wide = []
    for name, paths in pages.items():
        person = visitor(**PHONE).enter(getattr(cast, name))
        for path in paths:
            wide += [(name, path, *found) for found in pushed(person, path)]
    assert wide == []


def test_the_sign_in_page_fits_the_smallest_phone(cast: World, visitor: Visit):
    nobody = visitor(width=320, height=568)
    nobody.go("/sign-in/")
    assert nobody.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_member_finds_the_running_inspection_at_once(cast: World, visitor: Visit):
    draft_finding(cast)
    member = visitor(**PHONE).enter(fresh(cast.team_member))
    member.go("/")
    member.follow("记录问题")
    member.sees("选清单条目")
