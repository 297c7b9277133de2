"""Terms of a clue are the receiver's business alone; its seal is checked with all else that must add up (E4)."""

from datetime import timedelta

import pytest
from django.db import connection

from common.calendar import today
from common.encryption import Secret
from common.models import Delivery, Message
from rectification import integrity, services, tasks
from rectification.models import Clue
from rectification.services.clue_reminders import remind_of_clues
from tests.factories import inspections as build
from tests.factories import rectification as make


@pytest.fixture
def received(world):
    make.deadlines()
    return make.received_clue(world, build.running_inspection(world), body="狴犴密事在此")


def reminders():
    return list(Message.objects.filter(key__startswith="clue:due:").values_list("recipient__username", "title"))


@pytest.mark.parametrize(
    ("left", "word"), [(7, "还有 7 天"), (0, "还有 0 天"), (-1, "已超期 1 天"), (-20, "已超期 20 天")]
)
def test_the_receiver_alone_is_reminded_by_number(received, left, word):
    remind_of_clues(on=received.answer_due_on - timedelta(days=left))
    assert reminders() == [("county_discipline", f"线索 {received.number} {word}{'到期' if left >= 0 else ''}")]
    assert not Delivery.objects.filter(message__key__startswith="clue:").exists()


def test_each_step_once_and_a_missed_day_is_caught_up(received):
    due = received.answer_due_on
    for days in (20, 8, 6, 6, 5, 2, 1, 0, -1, -1, -6):  # away on the seventh and third day before
        remind_of_clues(on=due - timedelta(days=days))
    assert len(reminders()) == len({7, 3, 1, 0, -1})


def test_nobody_is_reminded_once_it_is_answered(world, received):
    services.answer_clue(clue=received, actor=world.county_discipline, result="DEALT")
    assert remind_of_clues(on=received.answer_due_on) == 0


def test_the_daily_task_reminds_of_clues_too(received, monkeypatch):
    monkeypatch.setattr(tasks.reads, "is_time", lambda: True)
    monkeypatch.setattr(tasks, "today", lambda: received.answer_due_on)
    tasks.remind()
    assert len(reminders()) == 1


def test_the_desk_of_the_receiver_says_how_many_are_late(world, received, signed_in, as_owner):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE rectification_clue SET answer_due_on = %s", [today() - timedelta(days=2)])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert "1 条线索等您办理，1 条已超期" in signed_in(world.county_discipline).get("/").content.decode()
    assert "已超期" not in signed_in(world.county_officer).get("/").content.decode()


def test_an_exchanged_body_is_found_and_named_by_number_alone(received, as_owner):
    assert list(integrity.seals_fit()) == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE rectification_clue SET body = %s", [Secret.of("x" * 32 + "别的").token])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert list(integrity.seals_fit()) == [f"线索 {received.number} 的内容与封签不符"]
    assert Clue.objects.count() == 1
