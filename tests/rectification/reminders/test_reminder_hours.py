"""The hour of the day, as Shanghai has it, and the alarm when it has passed (E7)."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rectification import tasks
from rectification.models import Reminder, ReminderRun
from rectification.selectors import reminders as reads
from rectification.services.reminders import send_reminders
from tests.factories import rectification as make
from tests.rectification.reminders.given import SHANGHAI, assigned, at, days

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.mark.parametrize(
    ("hour", "minute", "second", "ran"), [(8, 29, 59, False), (8, 30, 0, True), (23, 59, 59, True), (0, 0, 0, False)]
)
def test_the_sweep_runs_from_half_past_eight_to_midnight_in_shanghai(item, hour, minute, second, ran):
    with at(days(item, -7), hour, minute, second):
        tasks.remind_sweep()
    assert ReminderRun.objects.exists() is ran


def test_a_minute_before_midnight_is_still_the_old_day(item):
    with at(days(item, -7), 23, 59):
        tasks.remind()
    assert Reminder.objects.get().fired_on == days(item, -7)


def test_after_midnight_a_late_message_of_yesterday_waits_for_the_hour(item):
    with at(days(item, -6), 0, 0):
        tasks.remind()
    assert not ReminderRun.objects.exists()


def test_the_sweep_leaves_a_done_day_alone(item):
    with at(days(item, -7), 9, 0):
        tasks.remind()
        with CaptureQueriesContext(connection) as queries:
            tasks.remind_sweep()
    assert len(queries) == 1


def test_the_leap_day_is_a_day_like_others(world, switched_on):
    with at(date(2028, 2, 20), 9, 0):
        make.dated(world, assigned(world)[0], deadline=date(2028, 3, 7))
    with at(date(2028, 2, 29), 9, 0):
        tasks.remind()
    assert Reminder.objects.get().rule.code == "BEFORE_7"


def test_the_alarm_rings_when_todays_run_is_late(item):
    day = days(item, -7)
    assert reads.late(datetime(day.year, day.month, day.day, 8, 45, tzinfo=SHANGHAI)) == ""
    assert "08:30" in reads.late(datetime(day.year, day.month, day.day, 9, 1, tzinfo=SHANGHAI))
    send_reminders(on=day)
    assert reads.late(datetime(day.year, day.month, day.day, 9, 1, tzinfo=SHANGHAI)) == ""
