"""提醒 page: runs, rules, a dry run in one's own scope, and the head's switch behind it."""

import re
from datetime import timedelta

import pytest

from common import audit
from common.calendar import today
from rectification.models import CountySetting, ReminderRun
from rectification.services.reminders import send_reminders, set_reminders
from tests.factories import rectification as make

pytestmark = pytest.mark.usefixtures("reference_data")
PAGE = "/rectification/reminders/"
SWITCH = f"{PAGE}switch/"


def due_tomorrow(world):
    """An item that the next run will speak of."""
    item = make.assigned_items(world, findings=1)[0]
    send_reminders(on=today())
    make.dated(world, item, deadline=today() + timedelta(days=4))
    return item


def seen(client) -> str:
    return re.search(r'name="seen" value="([^"]+)"', client.get(PAGE).content.decode())[1]


def test_the_page_names_whom_the_next_run_would_reach(world, signed_in):
    due_tomorrow(world)
    page = signed_in(world.county_officer).get(PAGE).content.decode()
    assert world.village_secretary.full_name in page
    assert "试算：3 人、1 件事项、1 条提醒；启用后才会发出" in page


def test_another_countys_people_are_not_on_the_page(world, signed_in):
    due_tomorrow(world)
    page = signed_in(world.other_county_officer).get(PAGE).content.decode()
    assert "没有要提醒的人" in page


def test_the_page_shows_the_rules_in_words(world, signed_in):
    page = signed_in(world.county_officer).get(PAGE).content.decode()
    assert "到期前 7 天" in page
    assert "村（社区）党组织、乡镇（街道）党委" in page


def test_a_county_reads_its_own_figures_and_the_city_those_of_all(world, signed_in):
    set_reminders(county=world.county, on=True, actor=world.county_head)
    item = make.assigned_items(world, findings=1)[0]
    send_reminders(on=item.deadline)
    rows = {
        who: signed_in(getattr(world, who)).get(PAGE).context["runs"][0]
        for who in ("county_officer", "other_county_officer", "city_officer")
    }
    assert rows["county_officer"]["reminders"] == rows["city_officer"]["reminders"] == 1
    assert rows["other_county_officer"]["reminders"] == 0


def test_the_page_raises_an_alarm_when_the_run_is_late(world, signed_in, monkeypatch):
    from rectification.selectors import reminders as reads

    monkeypatch.setattr(reads, "late", lambda now=None: "今天 08:30 的提醒还没有运行")
    assert "今天 08:30 的提醒还没有运行" in signed_in(world.county_officer).get(PAGE).content.decode()


def test_the_head_switches_on_after_the_dry_run(world, signed_in):
    due_tomorrow(world)
    client = signed_in(world.county_head)
    client.post(SWITCH, {"on": "1", "seen": seen(client), "confirmed": "1"})
    setting = CountySetting.objects.get(county=world.county)
    assert setting.reminders_on
    assert audit.history(setting).first().actor == world.county_head


def test_without_a_word_of_confirmation_the_page_asks_and_names_the_people(world, signed_in):
    due_tomorrow(world)
    client = signed_in(world.county_head)
    page = client.post(SWITCH, {"on": "1", "seen": seen(client)}).content.decode()
    assert world.village_secretary.full_name in page
    assert not CountySetting.objects.filter(reminders_on=True).exists()


def test_a_dry_run_that_nobody_has_seen_switches_nothing_on(world, signed_in):
    client = signed_in(world.county_head)
    old = seen(client)
    due_tomorrow(world)
    answer = client.post(SWITCH, {"on": "1", "seen": old, "confirmed": "1"}, follow=True)
    assert "试算结果已有变化" in answer.content.decode()
    assert not CountySetting.objects.filter(reminders_on=True).exists()


def test_switching_off_needs_no_dry_run(world, signed_in):
    set_reminders(county=world.county, on=True, actor=world.county_head)
    signed_in(world.county_head).post(SWITCH, {"on": "0", "confirmed": "1"})
    assert not CountySetting.objects.get(county=world.county).reminders_on


@pytest.mark.parametrize("who", ["county_officer", "city_officer", "township_secretary", "auditor"])
def test_nobody_else_may_switch(world, signed_in, who):
    assert signed_in(getattr(world, who)).post(SWITCH, {"on": "1", "confirmed": "1"}).status_code == 403


@pytest.mark.parametrize("who", ["township_secretary", "village_secretary", "auditor", "sysadmin"])
def test_the_page_is_for_county_and_city_offices(world, signed_in, who):
    assert signed_in(getattr(world, who)).get(PAGE).status_code == 403


def test_switching_by_get_is_refused(world, signed_in):
    assert signed_in(world.county_head).get(SWITCH).status_code == 405
    assert not ReminderRun.objects.exists()
