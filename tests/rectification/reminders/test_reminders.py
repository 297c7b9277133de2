"""Daily reminders: the right people, once, whatever is run again (E7)."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import OrganKind, Post
from accounts.models import User
from common.models import Delivery, Message
from rectification import services
from rectification.models import CountySetting, Reminder, ReminderLine, ReminderRule, ReminderRun
from rectification.selectors import reminders as reads
from rectification.services.reminders import send_reminders, set_reminders
from tests.factories import rectification as make
from tests.factories.world import person
from tests.rectification.reminders.given import SHANGHAI, VILLAGE_AND_TOWNSHIP, assigned, days, recipients

pytestmark = pytest.mark.usefixtures("reference_data")


DISCIPLINE = {"discipline_officer", "discipline_member"}
COUNTY = {"county_officer", "county_head"}


@pytest.mark.parametrize(
    ("offset", "reached"),
    [
        (-7, VILLAGE_AND_TOWNSHIP),
        (-3, VILLAGE_AND_TOWNSHIP),
        (-1, VILLAGE_AND_TOWNSHIP),
        (0, VILLAGE_AND_TOWNSHIP),
        (1, VILLAGE_AND_TOWNSHIP | DISCIPLINE),
        (7, VILLAGE_AND_TOWNSHIP | DISCIPLINE | COUNTY),
        (30, VILLAGE_AND_TOWNSHIP | DISCIPLINE | COUNTY | {"city_officer"}),
    ],
)
def test_each_rule_climbs_to_its_people(item, offset, reached):
    done = send_reminders(on=days(item, offset))
    assert done == {"on": str(days(item, offset)), "items": 1, "reminders": 1, "digests": len(reached), "already": 0}
    assert recipients() == reached


@pytest.mark.parametrize("offset", [-8, -6, -2, 2, 31])
def test_other_days_remind_nobody(item, offset):
    send_reminders(on=days(item, offset - 1))
    assert send_reminders(on=days(item, offset))["reminders"] == 0


def test_a_second_and_third_run_write_nothing_more(item):
    first = send_reminders(on=days(item, -7))
    rows = (Reminder.objects.count(), ReminderLine.objects.count(), Message.objects.count(), Delivery.objects.count())
    for _ in range(2):
        assert send_reminders(on=days(item, -7)) == first | {"reminders": 0, "digests": 0, "already": 1}
    assert rows == (
        Reminder.objects.count(),
        ReminderLine.objects.count(),
        Message.objects.count(),
        Delivery.objects.count(),
    )


def test_a_county_that_has_not_switched_on_is_left_in_peace(world):
    item = assigned(world)[0]
    assert send_reminders(on=days(item, 0))["items"] == 0


def test_the_message_of_the_day_gathers_all_items_of_a_person(world, twins):
    assert send_reminders(on=days(twins[0], 0))["reminders"] == 2
    mine = Message.objects.filter(recipient=world.village_secretary, kind="DIGEST")
    assert mine.get().reminder_lines.count() == 2


def test_a_closed_item_is_not_reminded(world, switched_on):
    item = make.closed_item(world)
    send_reminders(on=days(item, 0))
    assert not Reminder.objects.filter(item=item).exists()


def test_a_long_term_item_is_not_reminded(world, item):
    deadline = item.deadline
    services.mark_long_term(item=make.open_item(world, item), actor=world.county_officer, note="长期坚持")
    assert send_reminders(on=deadline)["items"] == 0


def test_an_inactive_rule_does_not_fire(item):
    ReminderRule.objects.update(is_active=False)
    assert send_reminders(on=days(item, 0))["items"] == 0


def test_a_vacant_village_escalates_to_the_township(world, item):
    User.objects.filter(organ=world.village_secretary.organ).update(is_active=False)
    send_reminders(on=days(item, -7))
    assert recipients(escalated=True) == {"township_secretary", "township_officer"}


def test_a_vacant_township_escalates_to_the_county_office(world, item):
    User.objects.filter(organ=world.township_secretary.organ).update(is_active=False)
    send_reminders(on=days(item, -7))
    assert recipients() == {"village_secretary"} | COUNTY
    assert recipients(escalated=True) == COUNTY


def test_with_nobody_below_the_city_is_told(world, item):
    User.objects.exclude(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division=world.city).update(is_active=False)
    send_reminders(on=days(item, -7))
    assert recipients(escalated=True) == {"city_officer"}


def test_a_reminder_that_reaches_nobody_is_counted(item):
    User.objects.update(is_active=False)
    send_reminders(on=days(item, -7))
    assert ReminderRun.objects.get().figures["unreached"] == 1


def test_a_roster_administrator_is_no_audience(item):
    send_reminders(on=days(item, 30))
    assert not recipients() & {"roster_admin", "city_roster_admin"}


def test_an_office_with_only_a_roster_administrator_is_vacant(world, item):
    User.objects.filter(username__in=COUNTY).update(is_active=False)
    send_reminders(on=days(item, 7))
    assert recipients(escalated=True) == {"city_officer"}


@pytest.mark.parametrize("name", ["leading_group", "county_discipline", "org_officer", "sysadmin", "supervisor"])
def test_who_has_no_duty_in_it_is_told_nothing(world, item, name):
    send_reminders(on=days(item, 30))
    assert name not in recipients()


def test_the_first_run_takes_only_its_day(item):
    assert send_reminders(on=days(item, -6))["reminders"] == 0


def test_a_county_begins_with_the_first_run_after_it_switched_on(world):
    item = assigned(world)[0]
    send_reminders(on=days(item, -7))
    set_reminders(county=world.county, on=True, actor=world.county_head)
    assert send_reminders(on=days(item, -6))["reminders"] == 0
    assert send_reminders(on=days(item, -3))["reminders"] == 1


def fired() -> list[str]:
    return list(Reminder.objects.order_by("id").values_list("rule__code", flat=True))


@pytest.mark.parametrize(("overdue", "rule"), [(3, "AFTER_1"), (29, "AFTER_7"), (30, "AFTER_30"), (400, "AFTER_30")])
def test_the_first_run_chases_once_by_the_last_rule_what_was_overdue_before(item, overdue, rule):
    assert send_reminders(on=days(item, overdue))["reminders"] == 1
    assert fired() == [rule]
    assert send_reminders(on=days(item, overdue)) | {"digests": 0} == {
        "on": days(item, overdue).isoformat(),
        "items": 1,
        "reminders": 0,
        "digests": 0,
        "already": 1,
    }


def test_after_the_backlog_an_item_climbs_as_any_other(item):
    send_reminders(on=days(item, 3))
    for offset in range(4, 35):
        send_reminders(on=days(item, offset))
    assert fired() == ["AFTER_1", "AFTER_7", "AFTER_30"]
    assert "city_officer" in recipients(reminder__rule__code="AFTER_30")


def test_a_county_that_begins_later_has_its_backlog_chased_then(world):
    item = assigned(world)[0]
    send_reminders(on=days(item, 8))
    set_reminders(county=world.county, on=True, actor=world.county_head)
    seen = reads.preview(on=days(item, 9), county=world.county)
    assert send_reminders(on=days(item, 9))["reminders"] == seen.reminders == 1
    assert fired() == ["AFTER_7"]
    assert send_reminders(on=days(item, 10))["reminders"] == 0


def test_a_county_that_switches_off_and_on_is_not_chased_twice(world, item):
    send_reminders(on=days(item, 8))
    set_reminders(county=world.county, on=False, actor=world.county_head)
    set_reminders(county=world.county, on=True, actor=world.county_head)
    assert send_reminders(on=days(item, 9))["reminders"] == 0


def test_after_a_long_interruption_what_is_overdue_for_longer_is_chased_once(item):
    send_reminders(on=days(item, -8))
    send_reminders(on=days(item, 100))
    assert fired() == ["AFTER_30"]


def test_an_item_that_was_extended_is_not_chased_for_its_old_date(world, item):
    make.due_on(world, make.open_item(world, item), days(item, 10))
    assert send_reminders(on=days(item, 5))["reminders"] == 0


def test_a_run_for_a_day_to_come_does_not_silence_the_alarm(item):
    send_reminders(on=days(item, 0))
    day = days(item, -1)
    assert reads.late(datetime(day.year, day.month, day.day, 9, 1, tzinfo=SHANGHAI))


def test_the_runs_while_a_county_was_off_are_not_its_missed_days(world, item):
    send_reminders(on=days(item, -8))
    set_reminders(county=world.county, on=False, actor=world.county_head)
    send_reminders(on=days(item, -7))
    set_reminders(county=world.county, on=True, actor=world.county_head)
    assert send_reminders(on=days(item, -6))["reminders"] == 0


def test_missed_days_are_caught_up_once(item):
    send_reminders(on=days(item, -8))
    assert send_reminders(on=days(item, -2))["reminders"] == 2
    assert set(Reminder.objects.values_list("rule__code", flat=True)) == {"BEFORE_7", "BEFORE_3"}
    assert send_reminders(on=days(item, -2))["reminders"] == 0
    assert Message.objects.filter(kind="DIGEST", recipient__username="village_secretary").count() == 1


def test_no_more_than_thirty_days_are_caught_up(item):
    send_reminders(on=days(item, -8))
    send_reminders(on=days(item, 25))
    assert set(Reminder.objects.values_list("rule__code", flat=True)) == {
        "BEFORE_3",
        "BEFORE_1",
        "DUE_DAY",
        "AFTER_1",
        "AFTER_7",
    }


def test_a_clock_put_back_reminds_nobody_twice(item):
    send_reminders(on=days(item, -7))
    send_reminders(on=days(item, -6))
    assert send_reminders(on=days(item, -7))["reminders"] == 0


def test_an_item_extended_after_the_days_run_is_told_the_next_day(world, item):
    later = days(item, 20)
    send_reminders(on=later - timedelta(days=7))
    make.due_on(world, make.open_item(world, item), later)
    assert send_reminders(on=later - timedelta(days=6))["reminders"] == 1


def test_a_dry_run_writes_nothing_and_foretells_the_run(world, switched_on):
    item = assigned(world, findings=2)[0]
    foretold = send_reminders(on=days(item, 7), dry_run=True)
    assert not any(model.objects.exists() for model in (Reminder, ReminderLine, ReminderRun, Message))
    assert send_reminders(on=days(item, 7)) == foretold


def test_a_dry_run_names_whom_it_would_reach(world, item):
    seen = reads.preview(on=days(item, 1))
    assert {one.person.username for one in seen.reached()} == VILLAGE_AND_TOWNSHIP | DISCIPLINE


def test_a_county_can_look_before_it_switches_on(world):
    item = assigned(world)[0]
    assert len(reads.preview(on=days(item, 0), county=world.county).people) == 3
    assert len(reads.preview(on=days(item, 0), county=world.other_county).people) == 0


def test_the_cap_leaves_the_rest_to_the_next_run(twins, settings):
    settings.REMINDER_CAP = 1
    deadline = days(twins[0], 0)
    assert send_reminders(on=deadline)["reminders"] == 1
    assert not reads.done(on=deadline)
    assert send_reminders(on=deadline)["reminders"] == 1
    assert reads.done(on=deadline)
    assert ReminderLine.objects.filter(digest=None).count() == 0


def test_the_run_counts_for_each_county_its_own(world, item):
    send_reminders(on=days(item, 0))
    assert ReminderRun.objects.get().figures["counties"] == {str(world.county.pk): [1, 1]}


@pytest.mark.parametrize("findings", [1, 4])
def test_a_run_takes_the_same_statements_for_few_and_for_many(world, switched_on, findings):
    items = assigned(world, findings)
    with CaptureQueriesContext(connection) as queries:
        send_reminders(on=days(items[0], 7))
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 14


# The switch


def test_only_the_head_of_the_countys_office_may_switch(world):
    from django.core.exceptions import PermissionDenied

    for who in (world.county_officer, world.other_county_head, world.city_officer, world.township_secretary):
        with pytest.raises(PermissionDenied):
            set_reminders(county=world.county, on=True, actor=who)
    assert not CountySetting.objects.filter(reminders_on=True).exists()


def test_switching_is_recorded_once(world):
    from common import audit

    for _ in range(2):
        setting = set_reminders(county=world.county, on=True, actor=world.county_head)
    assert [one.changes for one in audit.history(setting)] == [{"reminders_on": [False, True]}]


def test_a_new_post_of_secretary_counts_at_the_next_run(world, item):
    newcomer = person("new_secretary", "新任书记", world.township, OrganKind.PARTY_COMMITTEE, Post.HEAD)
    send_reminders(on=days(item, 1))
    assert newcomer.username in recipients()
