"""Settings by round, the calendar of the city, and the deadlines that follow from both (E6)."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import OrganKind, Post
from common import calendar
from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message, WorkdayOverride
from rectification import services
from rectification.enums import DeadlineKind
from rectification.models import CountySetting, DeadlineSetting, RectificationItem
from tests.factories import rectification as make
from tests.factories.world import person
from tests.rectification.test_pages import settings_form

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture
def city_head(world):
    return person("city_head", "市巡察办主任", world.city, OrganKind.INSPECTION_OFFICE, Post.HEAD)


@pytest.fixture
def items(world):
    """An ordinary item and an immediate one, handed over today."""
    return make.assigned_items(world, findings=2)


def by_working_days(world, amount=20):
    """The county counts ordinary items in working days, from before the handover on."""
    DeadlineSetting.objects.create(
        county=world.county,
        kind=DeadlineKind.ORDINARY,
        amount=amount,
        unit="WORKING_DAY",
        effective_from=today() - timedelta(days=400),
    )


def of_round(world, items, amount, **more):
    values = {"ORDINARY": (amount, "MONTH")}
    round = items[0].inspection.round
    services.set_deadlines(
        county=world.county, values=values, effective_from=today(), actor=world.county_head, round=round, **more
    )
    return round


def recomputed(world, actor=None):
    seen = services.fingerprint(services.shifts(world.county))
    return services.recompute(county=world.county, actor=actor or world.county_head, note="三个月", seen=seen)


def test_what_follows_from_the_settings_needs_nothing(world, items):
    assert services.shifts(world.county) == []
    assert services.to_recompute(world.county) == 0


def test_a_setting_of_the_round_moves_its_items_when_it_is_confirmed(world, items):
    of_round(world, items, 3)
    (shift,) = services.shifts(world.county)
    assert (shift.item.pk, shift.new) == (items[0].pk, calendar.months_after(today(), 3))
    items[0].refresh_from_db()
    assert items[0].deadline == items[0].original_deadline
    assert recomputed(world) == 1
    items[0].refresh_from_db()
    assert items[0].deadline == calendar.months_after(today(), 3)
    assert items[0].original_deadline == calendar.months_after(today(), 2)


def test_a_deadline_that_moves_is_on_record_and_told_to_the_township(world, items):
    of_round(world, items, 3)
    recomputed(world)
    event = AuditEvent.objects.get(action="recompute")
    assert event.changes["deadline"][1] == calendar.months_after(today(), 3).isoformat()
    assert (event.actor, event.note) == (world.county_head, "三个月")
    told = Message.objects.filter(key__startswith="recompute").values_list("recipient__username", flat=True)
    assert set(told) == {"township_secretary", "township_officer"}


def test_what_was_granted_stays(world, items):
    asked = services.ask_extension(
        item=items[0],
        actor=world.township_secretary,
        new_deadline=items[0].deadline + timedelta(days=9),
        reason="汛期",
    )
    services.grant_extension(extension=asked, actor=world.county_officer)
    of_round(world, items, 4)
    assert services.shifts(world.county) == []


def test_a_deadline_may_become_earlier_but_not_pass_today(world, items):
    of_round(world, items, 1)
    assert [one.new for one in services.shifts(world.county)] == [calendar.months_after(today(), 1)]
    DeadlineSetting.objects.filter(round__isnull=False).update(amount=0, unit="DAY")
    assert [one.new for one in services.shifts(world.county)] == [today()]


def test_recomputing_twice_moves_once(world, items):
    of_round(world, items, 3)
    assert recomputed(world) == 1
    assert recomputed(world) == 0


def test_what_changed_since_it_was_shown_refuses_all(world, items):
    of_round(world, items, 3)
    seen = services.fingerprint(services.shifts(world.county))
    of_round(world, items, 4)
    with pytest.raises(Conflict, match="没有改动"):
        services.recompute(county=world.county, actor=world.county_head, note="x", seen=seen)
    assert not AuditEvent.objects.filter(action="recompute").exists()


@pytest.mark.parametrize("name", ["county_officer", "other_county_head", "township_secretary"])
def test_nobody_but_the_head_moves_deadlines(world, items, name):
    of_round(world, items, 3)
    with pytest.raises(PermissionDenied):
        recomputed(world, actor=getattr(world, name))


def test_it_takes_as_many_statements_for_fifty_items_as_for_one(world, items, as_owner):
    of_round(world, items, 3)
    with as_owner():
        make.copies(items[0], 50)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            recomputed(world)
        return len(captured)

    assert statements() <= 25
    assert RectificationItem.objects.filter(deadline=calendar.months_after(today(), 3)).count() == 51


# ------------------------------------------------------------------ the calendar


def off(actor, first, days=1, **more):
    values = {"first": first, "last": first + timedelta(days=days - 1), "is_workday": False, "note": "临时放假"}
    return services.set_days(actor=actor, **values | more)


def next_workday(after=1):
    return next(day for n in range(after, 30) if calendar.is_workday(day := today() + timedelta(days=n)))


def test_a_day_off_moves_working_day_deadlines_once_the_county_confirms(world, city_head):
    make.deadlines()
    by_working_days(world)
    item = make.assigned_items(world, findings=1)[0]
    before = item.deadline
    assert services.try_days(
        first=next_workday(), last=next_workday(), is_workday=False, note="x", actor=city_head
    ) == [(world.county, 1)]
    assert not WorkdayOverride.objects.exists()
    off(city_head, next_workday())
    item.refresh_from_db()
    assert item.deadline == before
    told = Message.objects.get(recipient=world.county_head, key__startswith="calendar")
    assert told.path == "/rectification/settings/recompute/"
    assert recomputed(world) == 1
    item.refresh_from_db()
    assert item.deadline == calendar.working_days_after(today(), 20) > before


def test_a_calendar_day_touches_no_deadline_counted_in_months(world, items, city_head):
    off(city_head, next_workday())
    assert services.to_recompute(world.county) == 0


def test_a_changed_day_is_on_record_and_the_same_again_is_not(world, city_head):
    day = next_workday()
    assert [off(city_head, day), off(city_head, day)] == [1, 0]
    event = AuditEvent.objects.get(action="edit_calendar")
    assert event.changes == {day.isoformat(): [None, "放假"]}


def test_the_official_calendar_can_be_taken_up_again(world, city_head):
    day = next_workday()
    off(city_head, day)
    assert services.forget_days(days=[day], actor=city_head) == 1
    assert calendar.is_workday(day)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [({"days": 0}, "不能早于"), ({"days": 40}, "一次最多"), ({"note": " "}, "依据")],
)
def test_wrong_days_say_why(world, city_head, wrong, reason):
    with pytest.raises(ValidationError) as error:
        off(city_head, today(), **wrong)
    assert reason in str(error.value)
    assert not WorkdayOverride.objects.exists()


@pytest.mark.parametrize("name", ["city_officer", "county_head", "township_secretary"])
def test_only_the_citys_head_changes_the_calendar(world, name):
    with pytest.raises(PermissionDenied):
        off(getattr(world, name), today())


# ---------------------------------------------------------------------- pages


def test_the_settings_page_lists_items_and_dates_before_it_saves(world, items, signed_in):
    client = signed_in(world.county_head)
    asked = settings_form() | {"round": items[0].inspection.round_id, "IMMEDIATE_amount": 15}
    page = client.post("/rectification/settings/", asked).content.decode()
    assert "将重算 1 件已交办的事项" in page
    assert calendar.months_after(today(), 3).isoformat() in page
    assert not DeadlineSetting.objects.filter(round__isnull=False).exists()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert client.post("/rectification/settings/", asked | {"seen": seen}).status_code == 302
    items[0].refresh_from_db()
    assert items[0].deadline == calendar.months_after(today(), 3)


def test_a_round_of_another_county_is_not_offered(world, items, signed_in):
    world.people["other_county_head"] = person(
        "och", "外县主任", world.other_county, OrganKind.INSPECTION_OFFICE, Post.HEAD
    )
    client = signed_in(world.other_county_head)
    asked = settings_form() | {"round": items[0].inspection.round_id}
    assert client.post("/rectification/settings/", asked).status_code == 422
    assert not CountySetting.objects.filter(county=world.other_county).exists()


def test_the_county_is_led_to_what_the_calendar_changed(world, city_head, signed_in):
    make.deadlines()
    by_working_days(world)
    item = make.assigned_items(world, findings=1)[0]
    off(city_head, next_workday())
    client = signed_in(world.county_head)
    assert "有 1 件未销号事项的时限需要重算" in client.get("/rectification/settings/").content.decode()
    page = client.get("/rectification/settings/recompute/").content.decode()
    assert item.number in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert client.post("/rectification/settings/recompute/", {"seen": "x"}).status_code == 409
    client.post("/rectification/settings/recompute/", {"seen": seen})
    assert services.to_recompute(world.county) == 0


RESTORE = "选中的恢复为公布的安排"  # not offered while there is nothing to choose


def test_a_day_is_tried_then_kept_on_the_calendars_page(world, city_head, signed_in):
    client = signed_in(city_head)
    day = next_workday()
    asked = {"first": day.isoformat(), "last": "", "kind": "off", "note": "市政府通知"}
    assert "还没有保存" in client.post("/rectification/calendar/enter/", asked).content.decode()
    assert not WorkdayOverride.objects.exists()
    assert client.post("/rectification/calendar/enter/", asked | {"confirmed": "1"}).status_code == 302
    page = client.get(f"/rectification/calendar/?year={day.year}").content.decode()
    assert "市政府通知" in page
    assert RESTORE in page
    client.post("/rectification/calendar/forget/", {"ids": [day.isoformat()]})
    assert not WorkdayOverride.objects.exists()
    assert RESTORE not in client.get(f"/rectification/calendar/?year={day.year}").content.decode()


def test_a_year_that_is_not_published_says_so(world, city_head, signed_in):
    page = signed_in(city_head).get(f"/rectification/calendar/?year={today().year + 2}").content.decode()
    assert "暂按周一至周五计算" in page


@pytest.mark.parametrize("year", ["", "x", "0000", "99999", "9999"])
def test_any_other_year_shows_this_one(world, city_head, signed_in, year):
    page = signed_in(city_head).get(f"/rectification/calendar/?year={year}").content.decode()
    assert f"{today().year} 年工作日历" in page
