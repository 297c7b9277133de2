"""The outbox: every letter once, a failing one set aside, a missing mail server only waited for."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from common import channels, inbox, outbox
from common.models import Delivery, Heartbeat, Message


class Fussy(EmailBackend):
    """Refuses letters to one address."""

    def send_messages(self, messages):
        if any("poison" in one.to[0] for one in messages):
            raise ValueError("bad address")
        return super().send_messages(messages)


class Away(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("no mail server")


@pytest.fixture
def post(world):
    def post(user, key="one", kind=Message.Kind.NOTICE):
        inbox.post(recipients=[user], kind=kind, key=key, title="请签收", body="正文", path="/rectification/tasks/")
        return Delivery.objects.get(message__recipient=user, message__key=key)

    return post


@pytest.fixture
def fussy(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Fussy"


def due_again() -> None:
    Delivery.objects.update(next_at=timezone.now())


def test_a_letter_goes_out_once(world, post, mailoutbox):
    row = post(world.township_secretary)
    assert outbox.dispatch()["sent"] == 1
    assert outbox.dispatch()["sent"] == 0
    row.refresh_from_db()
    assert (len(mailoutbox), row.status) == (1, "SENT")


def test_the_letter_holds_title_and_link_but_not_the_text(world, post, mailoutbox, settings):
    settings.PUBLIC_BASE_URL = "https://xuncha.example"
    post(world.township_secretary)
    outbox.dispatch()
    assert mailoutbox[0].subject == "请签收"
    assert "https://xuncha.example/rectification/tasks/" in mailoutbox[0].body
    assert "正文" not in mailoutbox[0].body


def test_the_message_id_is_the_same_at_every_attempt(world, post, mailoutbox):
    row = post(world.township_secretary)
    outbox.dispatch()
    Delivery.objects.filter(pk=row.pk).update(status="PENDING", sent_at=None)
    outbox.dispatch()
    first, second = (one.extra_headers["Message-ID"] for one in mailoutbox)
    assert first == second == channels.message_id(row)


def test_a_letter_waits_for_its_time(world, post, mailoutbox):
    post(world.township_secretary)
    Delivery.objects.update(next_at=timezone.now() + timedelta(minutes=1))
    assert outbox.dispatch()["sent"] == 0


def test_a_disabled_recipient_gets_nothing(world, post, mailoutbox):
    row = post(world.township_secretary)
    type(row.message.recipient).objects.update(is_active=False)
    assert outbox.dispatch()["void"] == 1
    assert mailoutbox == []


def test_a_renderer_with_nothing_to_tell_voids_the_letter(world, post, mailoutbox, monkeypatch):
    monkeypatch.setitem(outbox.renderers, "NOTICE", lambda delivery: None)
    post(world.township_secretary)
    assert outbox.dispatch()["void"] == 1
    assert mailoutbox == []


def test_a_failure_is_tried_again_later(world, post, fussy):
    type(world.township_secretary).objects.filter(pk=world.township_secretary.pk).update(email="poison@example.invalid")
    row = post(world.township_secretary)
    assert outbox.dispatch()["failed"] == 1
    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == ("PENDING", 1, "ValueError: bad address")
    assert row.next_at > timezone.now()


def test_a_poison_letter_is_parked_after_five_and_the_rest_flows(world, post, fussy, mailoutbox):
    type(world.township_secretary).objects.filter(pk=world.township_secretary.pk).update(email="poison@example.invalid")
    row = post(world.township_secretary)
    for attempt in range(5):
        post(world.village_secretary, key=str(attempt))
        outbox.dispatch()
        due_again()
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("PARKED", 5)
    assert len(mailoutbox) == 5
    assert outbox.dispatch() == {"sent": 0, "void": 0, "failed": 0, "parked": 0, "unreachable": 0}


def test_a_renderer_that_breaks_in_the_database_spoils_only_its_own_letter(world, post, mailoutbox, monkeypatch):
    def broken(delivery):
        return Message.objects.get(pk=0)

    monkeypatch.setitem(outbox.renderers, "URGE", broken)
    post(world.township_secretary, kind=Message.Kind.URGE)
    post(world.village_secretary)
    assert outbox.dispatch() == {"sent": 1, "void": 0, "failed": 1, "parked": 0, "unreachable": 0}


def test_a_mail_server_that_is_away_is_no_fault_of_the_letter(world, post, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    row = post(world.township_secretary)
    assert outbox.dispatch()["unreachable"] == 1
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("PENDING", 0)


def test_parked_letters_can_be_released(world, post, mailoutbox):
    post(world.township_secretary)
    Delivery.objects.update(status="PARKED", attempts=5)
    assert outbox.release_parked() == 1
    assert outbox.dispatch()["sent"] == 1


def test_more_than_a_batch_goes_out_in_one_call(world, post, mailoutbox):
    for number in range(outbox.BATCH + 1):
        post(world.township_secretary, key=str(number))
    assert outbox.dispatch()["sent"] == outbox.BATCH + 1


def test_a_title_with_a_line_break_makes_no_header(world, mailoutbox):
    title = "一\r\nBcc: all@example.invalid"
    inbox.post(recipients=[world.township_secretary], kind="NOTICE", key="x", title=title, body="", path="/")
    outbox.dispatch()
    assert mailoutbox[0].subject == "一 Bcc: all@example.invalid"
    assert mailoutbox[0].bcc == []


def test_a_dispatch_leaves_a_sign_of_life(world):
    outbox.dispatch()
    assert Heartbeat.objects.filter(name="outbox").exists()
