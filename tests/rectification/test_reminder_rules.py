"""A county's own rules within what the city allows, quiet days, and reminders that found nobody (E7)."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from common import outbox
from common.calendar import today
from common.models import AuditEvent, WorkdayOverride
from rectification import services
from rectification.models import CountyRule, CountySetting, Reminder, ReminderLine, ReminderRule
from rectification.services.reminder_rules import Wish
from rectification.services.reminders import send_reminders, set_reminders
from tests.factories import rectification as make
from tests.factories.world import told

pytestmark = pytest.mark.usefixtures("reference_data")
PAGE = "/rectification/reminders/rules/"


@pytest.fixture
def item(world):
    set_reminders(county=world.county, on=True, actor=world.county_head)
    return make.assigned_items(world, findings=1)[0]


def rule(code="BEFORE_7"):
    return ReminderRule.objects.get(code=code)


def keep(world, *, quiet=False, code="BEFORE_7", actor=None, **wish):
    wishes = {rule(code).pk: Wish(**{"offset_days": rule(code).offset_days} | wish)}
    services.set_rules(county=world.county, wishes=wishes, quiet_days=quiet, actor=actor or world.county_head)


def days(item, offset):
    return item.deadline + timedelta(days=offset)


def fired(on):
    return send_reminders(on=on)["reminders"]


def test_a_county_reminds_on_its_own_day(world, item):
    keep(world, offset_days=-10)
    assert fired(days(item, -10)) == 1
    assert fired(days(item, -7)) == 0


def test_another_county_keeps_the_citys_day(world, item):
    CountyRule.objects.create(county=world.other_county, rule=rule(), offset_days=-10)
    assert fired(days(item, -10)) == 0
    assert fired(days(item, -7)) == 1


def test_a_rule_that_a_county_has_stopped_does_not_fire(world, item):
    keep(world, is_active=False)
    assert fired(days(item, -7)) == 0


def test_a_county_tells_more_people(world, item):
    keep(world, more=["COUNTY_OFFICE"])
    send_reminders(on=days(item, -7))
    assert ReminderLine.objects.filter(recipient=world.county_officer).count() == 1


@pytest.mark.parametrize(
    ("code", "wish", "reason"),
    [
        ("BEFORE_7", {"offset_days": -20}, "只能定在到期前 15 天到到期前 6 天"),
        ("BEFORE_7", {"offset_days": 3}, "只能定在"),
        ("DUE_DAY", {"offset_days": 1}, "只能定在到期当天"),
        ("AFTER_30", {"is_active": False}, "全市统一"),
        ("BEFORE_7", {"more": ["CITY_OFFICE"]}, "本县的单位"),
    ],
)
def test_nothing_beyond_what_the_city_allows(world, item, code, wish, reason):
    with pytest.raises(ValidationError) as error:
        keep(world, code=code, **wish)
    assert reason in str(error.value)
    assert not CountyRule.objects.exists()


def test_only_the_head_changes_rules(world, item):
    with pytest.raises(PermissionDenied):
        keep(world, offset_days=-10, actor=world.county_officer)


def test_a_change_is_on_record_and_no_change_is_not(world, item):
    keep(world, offset_days=-10)
    keep(world, offset_days=-10)
    event = AuditEvent.objects.get(action="edit_reminder_rules")
    assert event.changes["还有 7 天到期"] == [
        "到期前 7 天：村（社区）党组织、乡镇（街道）党委",
        "到期前 10 天：村（社区）党组织、乡镇（街道）党委",
    ]


def test_a_dry_run_keeps_nothing(world, item):
    send_reminders(on=today())
    make.dated(world, item, deadline=today() + timedelta(days=11))
    wishes = {rule().pk: Wish(-10)}
    foretold = services.try_rules(county=world.county, wishes=wishes, quiet_days=True, actor=world.county_head)
    assert (foretold.items, len(foretold.people)) == (1, 3)
    assert not CountyRule.objects.exists()
    assert not CountySetting.objects.get(county=world.county).quiet_days


# ------------------------------------------------------------------ quiet days


def said_of(day, *, is_workday):
    with told():
        WorkdayOverride.objects.update_or_create(day=day, defaults={"is_workday": is_workday, "note": "通知"})


def closed_days(first, number):
    for n in range(number):
        said_of(first + timedelta(days=n), is_workday=False)


def test_a_quiet_day_waits_for_the_next_working_day(world, item):
    keep(world, quiet=True)
    day = days(item, -7)
    closed_days(day, 3)
    said_of(day + timedelta(days=3), is_workday=True)
    said_of(day - timedelta(days=1), is_workday=True)
    assert [fired(day + timedelta(days=n)) for n in range(-1, 4)] == [0, 0, 0, 0, 1]


def test_a_made_up_saturday_is_no_quiet_day(world, item):
    keep(world, quiet=True)
    day = days(item, -7)
    said_of(day, is_workday=True)
    assert fired(day) == 1


def test_nothing_is_lost_when_quiet_days_are_switched_off_in_between(world, item):
    keep(world, quiet=True)
    day = days(item, -7)
    closed_days(day, 2)
    send_reminders(on=day - timedelta(days=1))
    assert fired(day) == 0
    keep(world, quiet=False)
    assert fired(day + timedelta(days=1)) == 1


# ----------------------------------------------------------- reached nobody so far


def test_a_reminder_whose_only_reader_left_before_it_went_out_goes_to_who_came(world, item):
    User.objects.filter(organ=world.township_secretary.organ).update(is_active=False)
    User.objects.filter(organ=world.county_officer.organ).update(is_active=False)
    User.objects.filter(organ=world.city_officer.organ).update(is_active=False)
    send_reminders(on=days(item, -7))
    User.objects.filter(pk=world.village_secretary.pk).update(is_active=False)
    User.objects.filter(organ=world.township_secretary.organ).update(is_active=True)
    send_reminders(on=days(item, -6))
    assert Reminder.objects.count() == 1
    lines = ReminderLine.objects.filter(voided_at=None, recipient__is_active=True)
    assert set(lines.values_list("recipient__username", flat=True)) == {"township_secretary", "township_officer"}


def test_a_reminder_that_nobody_could_get_is_given_when_somebody_sits_there(world, item):
    User.objects.update(is_active=False)
    send_reminders(on=days(item, -7))
    assert not ReminderLine.objects.exists()
    User.objects.filter(pk=world.village_secretary.pk).update(is_active=True)
    send_reminders(on=days(item, -6))
    assert ReminderLine.objects.get().recipient == world.village_secretary


def test_what_reached_somebody_is_not_given_again(world, item):
    send_reminders(on=days(item, -7))
    outbox.dispatch()
    lines = ReminderLine.objects.count()
    send_reminders(on=days(item, -6))
    assert ReminderLine.objects.count() == lines


# ------------------------------------------------------------------ the page


def values(world, **changed):
    found = {}
    for one, wish in services.wishes_of(world.county):
        if one.may_stop:
            found[f"on_{one.pk}"] = "on"
        if one.least is not None:
            found[f"days_{one.pk}"] = abs(wish.offset_days)
    return found | changed


def test_tried_then_kept_as_tried(world, item, signed_in):
    client = signed_in(world.county_head)
    asked = values(world) | {f"days_{rule().pk}": 10}
    page = client.post(PAGE, asked | {"action": "try"}).content.decode()
    assert "还没有保存" in page
    assert not CountyRule.objects.exists()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert client.post(PAGE, asked | {"action": "save", "seen": seen}).status_code == 302
    assert CountyRule.objects.get().offset_days == -10
    assert "到期前 10 天" in client.get("/rectification/reminders/").content.decode()


def test_not_kept_without_the_dry_run(world, item, signed_in):
    client = signed_in(world.county_head)
    page = client.post(PAGE, values(world) | {f"days_{rule().pk}": 10, "action": "save", "seen": "x"}).content.decode()
    assert "没有保存" in page
    assert not CountyRule.objects.exists()


def test_days_out_of_bounds_say_so(world, item, signed_in):
    response = signed_in(world.county_head).post(PAGE, values(world) | {f"days_{rule().pk}": 40, "action": "try"})
    assert response.status_code == 422
    assert "不能大于 15" in response.content.decode()


@pytest.mark.parametrize("name", ["county_officer", "township_secretary", "city_officer"])
def test_others_change_no_rules(world, item, signed_in, name):
    client = signed_in(getattr(world, name))
    assert [client.get(PAGE).status_code, client.post(PAGE, {}).status_code] == [403, 403]
