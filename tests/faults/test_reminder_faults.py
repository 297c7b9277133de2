"""Whatever dies or goes away, each reminder reaches its people once (security.md, G)."""

import os
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from common import inbox, outbox
from common.calendar import today
from common.models import Delivery, Heartbeat, Message
from rectification.models import CountySetting, Reminder, ReminderLine, ReminderRun
from rectification.selectors import reminders as reads
from rectification.services.reminders import send_reminders
from tests.factories import rectification as make
from tests.factories.world import told
from tests.faults.conftest import blocked, until

TOLD = ["township_officer@example.invalid", "township_secretary@example.invalid", "village_secretary@example.invalid"]


def counts() -> dict[str, int]:
    return {
        "reminders": Reminder.objects.count(),
        "lines": ReminderLine.objects.count(),
        "digests": Message.objects.filter(kind="DIGEST").count(),
        "deliveries": Delivery.objects.count(),
    }


ONCE = {"reminders": 3, "lines": 9, "digests": 3, "deliveries": 3}


def everything_sent() -> bool:
    return Delivery.objects.filter(status="SENT").count() == 3


def test_a_task_given_out_five_times_reminds_once(house, due):
    house.worker()
    for _ in range(5):
        house.send("rectification.tasks.remind")
    until(lambda: house.log().count("remind[") >= 10 and reads.done(on=today()), "five runs")
    for _ in range(3):
        house.send("common.tasks.dispatch_outbox")
    until(everything_sent, "letters")
    assert counts() == ONCE
    assert sorted(one["To"] for one in house.letters()) == TOLD


def hold_in_the_middle(house, second_connection):
    """A worker that has written reminders and lines and waits to write the messages."""
    second_connection.execute("LOCK TABLE common_message IN EXCLUSIVE MODE")
    worker = house.worker()
    house.send("rectification.tasks.remind")
    until(blocked, "the worker in the middle of its task")
    return worker


def test_a_worker_killed_in_the_middle_leaves_the_task_to_the_next_one(house, due, second_connection):
    worker = hold_in_the_middle(house, second_connection)
    house.kill(worker)
    second_connection.rollback()
    until(lambda: not blocked(), "the dead worker's session to end")
    assert counts() == dict.fromkeys(ONCE, 0)
    house.worker()
    until(lambda: reads.done(on=today()), "the task given out again")
    house.send("common.tasks.dispatch_outbox")
    until(everything_sent, "letters")
    assert counts() == ONCE
    assert sorted(one["To"] for one in house.letters()) == TOLD


def test_a_pool_process_killed_in_the_middle_hands_its_task_back(house, due, second_connection):
    hold_in_the_middle(house, second_connection)
    os.kill(until(lambda: child_of(house), "the pool's process"), signal.SIGKILL)
    second_connection.rollback()
    until(lambda: reads.done(on=today()), "the task given out again")
    assert counts() == ONCE


def child_of(house) -> int | None:
    """The one process of the worker's pool, which may be starting anew just now."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return next((int(pid) for pid, parent in pairs if int(parent) == house.running[-1].pid), None)


def test_redis_killed_with_reminders_due_only_delays_them(house, due):
    with told():
        CountySetting.objects.update(reminders_on=False)
    house.worker()
    house.beat()
    until(lambda: Heartbeat.objects.filter(name="beat").exists(), "beat, broker and worker at work")
    house.kill_redis()
    until(lambda: "Connection to broker lost" in house.log(), "the worker without its broker")
    with told():
        CountySetting.objects.update(reminders_on=True)
    ReminderRun.objects.all().delete()
    assert counts() == dict.fromkeys(ONCE, 0)
    house.redis.start()
    until(everything_sent, "letters after the return of Redis")
    several_more_rounds()
    assert counts() == ONCE
    assert sorted(one["To"] for one in house.letters()) == TOLD


def several_more_rounds() -> None:
    for _ in range(2):
        last = Heartbeat.objects.get(name="beat").at
        until(lambda last=last: Heartbeat.objects.get(name="beat").at > last, "another round of beat")


def test_beat_away_for_three_days_is_caught_up_once(house, people, due):
    send_reminders(on=today() - timedelta(days=4))
    make.dated(people, *due, deadline=today() + timedelta(days=5))
    house.worker()
    house.send("rectification.tasks.remind_sweep")
    house.send("rectification.tasks.remind")
    until(lambda: reads.done(on=today()), "the sweep")
    until(lambda: house.log().count("succeeded") >= 2, "both tasks")
    assert counts() == ONCE
    assert set(Reminder.objects.values_list("rule__code", flat=True)) == {"BEFORE_7"}


def at_once(call, times: int) -> list:
    """The call in so many threads, each with a connection of its own, all let go by one barrier."""
    barrier = threading.Barrier(times, timeout=30)

    def one(_number):
        connection.ensure_connection()
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_two_runs_at_once_write_each_reminder_once(due):
    for round_ in range(10):
        ReminderLine.objects.all().delete()
        Reminder.objects.all().delete()
        Message.objects.all().delete()
        ReminderRun.objects.all().delete()
        done = at_once(lambda: send_reminders(on=today()), 2)
        assert sorted(one["reminders"] for one in done) == [0, 3], round_
        assert counts() == ONCE


def test_three_dispatchers_at_once_send_each_letter_once(people, mailoutbox):
    for number in range(60):
        inbox.post(
            recipients=[people.village_secretary], kind="NOTICE", key=str(number), title=str(number), body="", path="/"
        )
    done = at_once(outbox.dispatch, 3)
    assert sum(one["sent"] for one in done) == 60
    assert sorted(int(one.subject) for one in mailoutbox) == list(range(60))
