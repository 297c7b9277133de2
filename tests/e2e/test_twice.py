"""A button pressed twice by an impatient hand sends its form once."""

import re

import pytest

from common.calendar import today
from oversight.models import Occasion
from tests.e2e.visitors import Visit
from tests.factories.world import World

pytestmark = pytest.mark.chromium


def test_a_button_pressed_twice_sends_its_form_once(cast: World, visitor: Visit):
    person = visitor().enter(cast.county_officer)
    person.go("/oversight/occasions/new/")
    page = person.page
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.locator("input[name=kind][value=HEARING]").check(force=True)
    page.locator("input[name=title]").fill("听取第一轮巡察情况")
    page.locator("input[name=day]").fill(f"{today():%Y-%m-%d}")
    page.locator("#main").get_by_role("button", name="登记").dblclick()
    page.wait_for_url(re.compile(r"/oversight/occasions/\d+/"))
    assert len(sent) == 1
    assert Occasion.objects.count() == 1
