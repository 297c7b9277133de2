"""Feedback not received and Party building not answered is remembered, each step once."""

from datetime import timedelta

import pytest

from common.calendar import today
from common.models import Message
from rectification import services, tasks
from rectification.models import CountySetting
from rectification.selectors import reminders as reads
from tests.factories import rectification as make


@pytest.fixture
def items(world):
    CountySetting.objects.create(county=world.county, reminders_on=True)
    return make.assigned_items(world)


def told(prefix):
    rows = Message.objects.filter(key__startswith=prefix)
    return set(rows.values_list("recipient__username", flat=True))


def later(days):
    return today() + timedelta(days=days)


def test_whose_turn_it_is_to_sign_is_told_each_step_once(world, items):
    assert services.nudge(on=today()) == 0
    assert services.nudge(on=later(1)) == 3
    assert told(f"unsigned:{items[0].feedback_id}:TOWNSHIP:1") == {"township_secretary", "township_officer"}
    assert services.nudge(on=later(2)) == 0


def test_the_office_is_told_from_the_third_day(world, items):
    services.nudge(on=later(4))
    assert {"county_officer", "county_head", "township_secretary"} <= told("unsigned:")
    assert "roster_admin" not in told("unsigned:")
    assert "village_secretary" not in told("unsigned:")


def test_the_department_is_told_until_it_has_signed(world, items):
    services.nudge(on=later(1))
    assert told(f"unsigned-item:{items[1].pk}:") == {"org_officer"}
    services.receive_item(item=items[1], actor=world.org_officer)
    services.nudge(on=later(3))
    assert not told(f"unsigned-item:{items[1].pk}:3")
    assert not told(f"unsigned-item:{items[0].pk}:")


def test_the_village_has_its_own_days(world, items):
    services.receive_item(item=items[1], actor=world.org_officer)
    services.receive_feedback(feedback=items[0].feedback, actor=world.township_officer)
    services.nudge(on=later(1))
    assert told("unsigned:") == {"village_secretary"}
    services.receive_feedback(feedback=items[0].feedback, actor=world.village_secretary)
    assert services.nudge(on=later(3)) == 0


def test_both_are_told_until_each_has_replied(world, items):
    party = items[1]
    services.nudge(on=party.deadline - timedelta(days=7))
    assert told(f"unanswered:{party.pk}:") == {"township_secretary", "township_officer", "org_officer"}
    services.reply_to_item(item=party, actor=world.org_officer, text="已指导整改。")
    services.nudge(on=party.deadline - timedelta(days=3))
    assert told(f"unanswered:{party.pk}:ORGANISATION:{party.deadline}:3") == set()
    assert told(f"unanswered:{party.pk}:TOWNSHIP:{party.deadline}:3") == {"township_secretary", "township_officer"}
    assert not told(f"unanswered:{items[0].pk}:")


def test_a_county_that_has_switched_reminders_off_is_left_alone(world, items):
    CountySetting.objects.update(reminders_on=False)
    assert services.nudge(on=later(5)) == 0
    assert not told("unsigned:")


def test_a_quiet_day_is_made_up_for(world, items, monkeypatch):
    CountySetting.objects.update(quiet_days=True)
    monkeypatch.setattr("rectification.services.nudges.is_workday", lambda day: False)
    assert services.nudge(on=later(1)) == 0
    monkeypatch.setattr("rectification.services.nudges.is_workday", lambda day: True)
    assert services.nudge(on=later(2)) == 3


def test_a_message_says_neither_village_nor_problem(world, items):
    services.nudge(on=items[1].deadline)
    for one in Message.objects.all():
        assert not any(word in one.title + one.body for word in ("龙门", *make.TITLES))


@pytest.fixture
def morning(world, monkeypatch):
    monkeypatch.setattr(reads, "is_time", lambda: True)
    CountySetting.objects.create(county=world.county, reminders_on=True)
    make.assigned_items(world, on=later(-1))


def test_a_worker_that_dies_before_the_end_leaves_all_to_the_sweep(morning, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "send_reminders", stop)
        with pytest.raises(SystemExit):
            tasks.remind()
    assert not reads.done(on=today())
    for _round in range(2):
        tasks.remind_sweep()
        assert Message.objects.filter(key__startswith="unsigned:").count() == 2
    assert reads.done(on=today())


def test_what_goes_wrong_with_the_rest_does_not_keep_deadlines_back(morning, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "nudge", stop)
        with pytest.raises(SystemExit):
            tasks.remind()
    assert reads.done(on=today())


def stop(**given):
    raise SystemExit
