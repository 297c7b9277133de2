"""In the hand: a village secretary reports within three screens, on buttons that a thumb can hit."""

import pytest

from rectification.models import ProgressReport
from tests.e2e.visitors import Visit, give_passwords, page_of
from tests.factories import rectification as make
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
