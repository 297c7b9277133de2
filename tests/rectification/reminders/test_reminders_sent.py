"""What was written but not yet sent, when things change before it is (E7)."""

from datetime import timedelta

import pytest

from accounts.models import User
from common import outbox
from common.models import Delivery, Message
from rectification.models import Reminder, ReminderLine
from rectification.services.reminders import send_reminders, set_reminders
from tests.factories import rectification as make
from tests.rectification.reminders.given import VILLAGE_AND_TOWNSHIP, days

pytestmark = pytest.mark.usefixtures("reference_data")


def sent_to(mailoutbox) -> set[str]:
    return {one.to[0].partition("@")[0] for one in mailoutbox}


def test_the_digest_goes_out_by_email(item, mailoutbox):
    send_reminders(on=days(item, -7))
    assert outbox.dispatch()["sent"] == 3
    assert sent_to(mailoutbox) == VILLAGE_AND_TOWNSHIP


def test_the_email_tells_number_deadline_and_link_but_no_village_problem_or_name(world, item, mailoutbox):
    send_reminders(on=days(item, -7))
    outbox.dispatch()
    text = mailoutbox[0].subject + mailoutbox[0].body
    assert item.number in text
    assert f"{item.deadline:%Y-%m-%d}" in text
    assert f"/rectification/{item.pk}/" in text
    secret = [world.village.division.name, item.finding.title, item.finding.facts, world.village_secretary.full_name]
    assert not [one for one in secret if one in text]


def test_an_extension_voids_what_was_not_sent(world, item, mailoutbox):
    send_reminders(on=days(item, -7))
    make.due_on(world, make.open_item(world, item), days(item, 20))
    assert outbox.dispatch()["void"] == 3
    assert mailoutbox == []
    assert not ReminderLine.objects.filter(voided_at=None).exists()


def test_a_closed_item_voids_what_was_not_sent(world, item, mailoutbox):
    send_reminders(on=days(item, -7))
    make.closed_item(world, make.open_item(world, item))
    outbox.dispatch()
    assert [one for one in mailoutbox if "整改提醒" in one.subject] == []


def test_a_disabled_person_gets_nothing(world, item, mailoutbox):
    send_reminders(on=days(item, -7))
    User.objects.filter(pk=world.township_officer.pk).update(is_active=False)
    outbox.dispatch()
    assert sent_to(mailoutbox) == VILLAGE_AND_TOWNSHIP - {"township_officer"}


def test_somebody_moved_to_another_township_gets_nothing(world, item, mailoutbox):
    send_reminders(on=days(item, -7))
    User.objects.filter(pk=world.township_officer.pk).update(organ=world.sibling_township_secretary.organ)
    outbox.dispatch()
    assert sent_to(mailoutbox) == VILLAGE_AND_TOWNSHIP - {"township_officer"}
    assert ReminderLine.objects.get(recipient=world.township_officer).voided_at


def test_switching_off_voids_what_was_not_sent(world, item, mailoutbox):
    send_reminders(on=days(item, -7))
    set_reminders(county=world.county, on=False, actor=world.county_head)
    assert outbox.dispatch()["void"] == 3


def test_the_digest_keeps_what_still_holds(world, twins, mailoutbox):
    first, second = twins
    send_reminders(on=days(first, 0))
    make.due_on(world, make.open_item(world, first), days(first, 20))
    outbox.dispatch()
    digest = next(one for one in mailoutbox if one.to == [world.village_secretary.email])
    assert first.number not in digest.body
    assert second.number in digest.body


def test_after_an_extension_the_new_date_is_reminded_anew(world, item):
    send_reminders(on=days(item, -7))
    later = days(item, 20)
    make.due_on(world, make.open_item(world, item), later)
    assert send_reminders(on=later - timedelta(days=7))["reminders"] == 1
    assert Reminder.objects.filter(rule__code="BEFORE_7").count() == 2


def test_a_digest_that_has_gone_out_takes_no_more_lines(twins, settings):
    settings.REMINDER_CAP = 1
    deadline = days(twins[0], 0)
    send_reminders(on=deadline)
    outbox.dispatch()
    send_reminders(on=deadline)
    assert ReminderLine.objects.filter(digest=None).count() == 3
    send_reminders(on=deadline + timedelta(days=1))
    assert ReminderLine.objects.filter(digest=None).count() == 0
    assert (
        ReminderLine.objects.filter(digest__day=deadline + timedelta(days=1), reminder__fired_on=deadline).count() == 3
    )


def test_a_line_that_waits_for_tomorrow_is_void_when_its_item_is_extended_tonight(world, twins, settings):
    settings.REMINDER_CAP = 1
    first, second = twins
    send_reminders(on=days(first, 0))
    outbox.dispatch()
    send_reminders(on=days(first, 0))
    make.due_on(world, make.open_item(world, second), days(second, 20))
    send_reminders(on=days(first, 1))
    assert ReminderLine.objects.filter(reminder__item=second, digest=None).exclude(voided_at=None).count() == 3


def test_a_person_without_address_has_the_digest_in_the_inbox_only(world, item):
    User.objects.update(email="")
    send_reminders(on=days(item, -7))
    assert Message.objects.filter(kind="DIGEST").count() == 3
    assert not Delivery.objects.filter(message__kind="DIGEST").exists()
