"""The inbox: one's own messages only; reading by GET changes nothing; a digest shows what one may still see."""

import pytest

from accounts.models import User
from common import inbox
from common.models import Message
from rectification.services.reminders import send_reminders, set_reminders
from tests.factories import rectification as make


@pytest.fixture
def message(world):
    return send(world.township_secretary)


def send(user, key="one", **fields):
    given = {"kind": "NOTICE", "title": "反馈意见已送达", "body": "请签收。", "path": "/rectification/tasks/"}
    inbox.post(recipients=[user], key=key, **given | fields)
    return Message.objects.get(recipient=user, key=key)


@pytest.fixture
def digest(world, reference_data):
    set_reminders(county=world.county, on=True, actor=world.county_head)
    item = make.assigned_items(world, findings=1)[0]
    send_reminders(on=item.deadline)
    return Message.objects.get(recipient=world.township_secretary, kind="DIGEST")


def test_the_inbox_shows_ones_own_messages(world, signed_in, message):
    send(world.village_secretary, title="别人的消息")
    page = signed_in(world.township_secretary).get("/inbox/").content.decode()
    assert message.title in page
    assert "别人的消息" not in page


def test_somebody_elses_message_is_not_found(world, signed_in, message):
    client = signed_in(world.township_officer)
    assert client.get(f"/inbox/{message.pk}/").status_code == 404
    assert client.post(f"/inbox/{message.pk}/open/").status_code == 404


def test_somebody_elses_message_cannot_be_marked(world, signed_in, message):
    signed_in(world.township_officer).post("/inbox/mark/", {"ids": [message.pk], "action": "read"})
    assert Message.objects.get().read_at is None


def test_reading_by_get_marks_nothing(world, signed_in, message):
    client = signed_in(world.township_secretary)
    assert client.get(f"/inbox/{message.pk}/").status_code == 200
    assert client.get(f"/inbox/{message.pk}/open/").status_code == 405
    assert client.get("/inbox/mark/").status_code == 405
    assert Message.objects.get().read_at is None


def test_opening_marks_as_read_and_leads_on(world, signed_in, message):
    answer = signed_in(world.township_secretary).post(f"/inbox/{message.pk}/open/")
    assert answer.url == "/rectification/tasks/"
    assert Message.objects.get().read_at


def test_a_path_to_another_site_is_not_followed(world, signed_in):
    message = send(world.township_secretary, path="//example.com/")
    answer = signed_in(world.township_secretary).post(f"/inbox/{message.pk}/open/")
    assert answer.url == f"/inbox/{message.pk}/"


def test_the_unread_tab_leaves_out_what_was_read(world, signed_in, message):
    client = signed_in(world.township_secretary)
    client.post("/inbox/mark/", {"ids": [message.pk], "action": "read"})
    assert message.title not in client.get("/inbox/").content.decode()
    assert message.title in client.get("/inbox/?t=all").content.decode()


def test_a_message_can_be_taken_back_to_unread(world, signed_in, message):
    client = signed_in(world.township_secretary)
    client.post(f"/inbox/{message.pk}/open/")
    client.post("/inbox/mark/", {"ids": [message.pk], "action": "unread", "t": "all"})
    assert Message.objects.get().read_at is None


def test_all_can_be_marked_at_once(world, signed_in, message):
    send(world.township_secretary, key="two")
    other = send(world.village_secretary)
    signed_in(world.township_secretary).post("/inbox/mark/", {"action": "all"})
    assert list(Message.objects.filter(read_at=None)) == [other]


def test_choosing_none_says_what_to_do(world, signed_in, message):
    answer = signed_in(world.township_secretary).post("/inbox/mark/", {"action": "read"}, follow=True)
    assert "请先勾选消息" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_for_three(world, signed_in, count, django_assert_num_queries):
    for number in range(count):
        send(world.township_secretary, key=str(number))
    client = signed_in(world.township_secretary)
    client.get("/inbox/")
    with django_assert_num_queries(6):
        client.get("/inbox/")


def test_a_digest_lists_its_items_with_light_and_link(world, signed_in, digest):
    page = signed_in(world.township_secretary).get(f"/inbox/{digest.pk}/").content.decode()
    item = make.RectificationItem.objects.get()
    assert item.number in page
    assert f'href="/rectification/{item.pk}/"' in page
    assert "绿灯" in page


def test_a_digest_hides_items_that_the_reader_may_no_longer_see(world, signed_in, digest):
    User.objects.filter(pk=world.township_secretary.pk).update(organ=world.sibling_township_secretary.organ)
    page = signed_in(world.township_secretary).get(f"/inbox/{digest.pk}/").content.decode()
    assert make.RectificationItem.objects.get().number not in page
    assert world.village.division.name not in page


def test_the_auditor_has_an_inbox_too(world, signed_in):
    assert "没有未读消息" in signed_in(world.auditor).get("/inbox/").content.decode()
