"""What a county sets for itself: reminder days of self-checks; long lists in pages; the duty board of one county."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.calendar import today
from oversight import services
from oversight.models import CommonSetting
from oversight.selectors import villages as behind
from oversight.selectors.duty_board import duty_board
from tests.factories import inspections as inspecting
from tests.factories import oversight as make
from villages.models import Village

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture
def due_in_ten_days(world):
    inspecting.running_inspection(world)
    return make.notice(world, [world.village])


def test_self_checks_are_reminded_of_on_the_days_that_the_county_has_set(world, due_in_ten_days, signed_in):
    assert services.remind_self_checks(on=today()) == 0
    given = {"villages": 5, "townships": 2, "share": 20, "remind_days": "10, -3,0"}
    client = signed_in(world.county_head)
    assert client.post(reverse("oversight:thresholds"), given).status_code == 302
    assert CommonSetting.objects.get(county=world.county).remind_days == [10, 0, -3]
    assert services.remind_self_checks(on=today()) == 1
    assert services.remind_self_checks(on=today()) == 0
    assert services.remind_self_checks(on=today() + timedelta(days=3)) == 0  # the shipped seventh day before
    assert services.remind_self_checks(on=today() + timedelta(days=13)) == 1


def test_reminder_days_that_are_none_are_refused_in_words(world, signed_in):
    given = {"villages": 5, "townships": 2, "share": 20, "remind_days": "七天"}
    page = signed_in(world.county_head).post(reverse("oversight:thresholds"), given)
    assert page.status_code == 422
    assert "请填写用逗号分开的整数" in page.content.decode()


def test_the_list_of_villages_goes_on_to_its_last_one(world, signed_in, monkeypatch):
    inspecting.running_inspection(world)
    monkeypatch.setattr(behind, "PAGE", 1)
    client, url, seen = signed_in(world.county_officer), reverse("oversight:villages") + "?covered=no", []
    while url:
        page = client.get(url)
        seen += [line.village.name for line in page.context["found"].lines]
        url = page.context["page"].next_url and reverse("oversight:villages") + page.context["page"].next_url
    assert len(seen) == len(set(seen)) == page.context["found"].count > 1
    assert "page=1" in page.context["page"].prev_url or len(seen) > 2


def test_the_duty_board_of_a_city_with_villages_in_one_county_shows_that_county(world):
    Village.objects.exclude(county=world.county).update(status="WITHDRAWN", valid_to="2020-01-01")
    inspecting.closed_inspection(world)
    board = next(one for one in duty_board(world.city_officer) if one.place == world.county)
    standing = Village.objects.filter(county=world.county, status="ACTIVE").count()
    assert board.duties[1].evidence.startswith(f"覆盖率 {100 / standing:.1f}%")
