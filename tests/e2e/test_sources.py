"""In a real browser: the field on a phone without JavaScript, and nothing of a source stays behind in the browser."""

import pytest
from playwright.sync_api import Error, expect

from inspections.models import Conversation, InspectionFile, Mobilisation
from tests.e2e.visitors import Visit, Visitor, give_passwords
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.world import World

pytestmark = pytest.mark.chromium
PHONE = {"width": 390, "height": 844}
RECORDS = ("talks", "visits", "mobilisations", "documents")
STORED = "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_talk_takes_four_presses_from_the_desk(cast: World, visitor: Visit, javascript: bool):
    build.running_inspection(cast)
    member = visitor(**PHONE, javascript=javascript).enter(build.fresh(cast.team_member))
    member.go("/")
    member.follow("谈一次")
    member.choose(kind="VETERAN", place="FIELD")
    member.fill(second_inspector=str(cast.spare_member.pk), person="周演示")
    member.press("登记")
    member.sees("已登记 T-01")
    expect(member.main).not_to_contain_text("周演示")
    assert Conversation.objects.get().person.reveal() == "周演示"
    assert member.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_stall_is_written_down_with_a_photo(cast: World, visitor: Visit):
    inspection = build.running_inspection(cast)
    member = visitor(**PHONE, javascript=False).enter(build.fresh(cast.team_member))
    member.go(inspection.get_absolute_url())
    member.follow("发动一次")
    member.choose(channel="MARKET_STALL")
    member.fill(place="场镇十字口", reach="80")
    member.attach("摆摊.jpg", make.JPEG, "image/jpeg", field="attachments")
    member.press("登记")
    member.sees("已登记 D-01", "约 80 人", "摆摊.jpg")
    assert InspectionFile.objects.get().mobilisation == Mobilisation.objects.get()


def test_nothing_of_a_source_stays_in_the_browser(cast: World, visitor: Visit):
    inspection = build.running_inspection(cast)
    build.conversation(cast, inspection, person="吴演示", notes="水渠淤塞")
    give_passwords(cast.team_member)
    member = visitor().sign_in("team_member")
    member.go(f"/inspections/{inspection.pk}/fieldwork/")
    member.press("查看：T-01")
    member.sees("吴演示", "水渠淤塞")
    assert not any(word in member.page.evaluate(STORED) for word in ("吴演示", "水渠淤塞"))
    member.go("/")
    member.page.evaluate("document.querySelector('form[action*=sign-out]').submit()")
    member.page.wait_for_url("**/sign-in/**")
    for _step in range(4):
        back(member)
        expect(member.main).not_to_contain_text("吴演示")


def back(member: Visitor) -> None:
    """The page that was asked for by POST is not kept: the browser says so instead of showing it."""
    try:
        member.page.go_back()
    except Error as refused:
        if "ERR_CACHE_MISS" not in str(refused):
            raise


def test_what_is_pressed_in_the_field_is_large_enough(cast: World, visitor: Visit):
    inspection = build.running_inspection(cast)
    build.conversation(cast, inspection)
    member = visitor(**PHONE).enter(build.fresh(cast.team_member))
    for path in (
        "",
        "fieldwork/",
        "duties/",
        "talks/new/",
        "visits/new/",
        "mobilisations/new/",
        "documents/new/",
        "gaps/",
    ):
        member.go(f"{inspection.get_absolute_url()}{path}")
        small = member.page.eval_on_selector_all(
            "#main .btn, #main .linkbtn, #main .chips label, #main a.tag",
            """all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
                      .filter(([_, height]) => height > 0 && height < 40)""",
        )
        assert small == [], path
        for width in (390, 320):
            member.page.set_viewport_size({"width": width, "height": 844})
            assert member.page.evaluate("document.documentElement.scrollWidth") <= width, path
