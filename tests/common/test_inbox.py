"""The inbox: once per person and cause, to active people only."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common import inbox
from common.models import Delivery, Message


def post(world, *people, key="feedback:1", **fields):
    given = {
        "recipients": people or [world.township_secretary],
        "kind": Message.Kind.NOTICE,
        "key": key,
        "title": "反馈意见已送达",
        "body": "请于5个工作日内签收。",
        "path": "/rectification/",
    }
    return inbox.post(**given | fields)


def test_post_reaches_each_recipient(world):
    assert post(world, world.township_secretary, world.village_secretary) == 2
    assert set(Message.objects.values_list("recipient__username", flat=True)) == {
        "township_secretary",
        "village_secretary",
    }


def test_the_same_key_is_posted_once(world):
    post(world)
    assert post(world, world.township_secretary, world.village_secretary) == 1
    assert Message.objects.count() == Delivery.objects.count() == 2


def test_someone_named_twice_gets_one_message(world):
    assert post(world, world.township_secretary, world.township_secretary.pk) == 1


def test_a_disabled_person_gets_nothing(world):
    world.township_secretary.is_active = False
    world.township_secretary.save()
    assert post(world) == 0


def test_an_email_goes_out_only_to_an_address(world):
    world.township_secretary.email = ""
    world.township_secretary.save()
    post(world, world.township_secretary, world.village_secretary)
    assert [one.message.recipient for one in Delivery.objects.all()] == [world.village_secretary]


def test_without_email_only_the_inbox_is_filled(world):
    post(world, email=False)
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 0)


def test_a_queryset_of_recipients_is_taken(world):
    people = type(world.county_head).objects.filter(organ=world.county_head.organ)
    assert post(world, recipients=people) == people.count() > 1


@pytest.mark.parametrize("count", [1, 20])
def test_post_takes_the_same_statements_for_one_and_for_many(world, count):
    people = list(world.people.values())[:count]
    with CaptureQueriesContext(connection) as queries:
        post(world, *people)
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 1


def post_and_fail(world):
    with transaction.atomic():
        post(world)
        raise ValueError


def test_nothing_stays_of_a_message_whose_cause_failed(world):
    with pytest.raises(ValueError):
        post_and_fail(world)
    assert not Message.objects.exists()


def test_unread_counts_what_was_not_opened(world):
    post(world, key="a")
    post(world, key="b")
    Message.objects.filter(key="a").update(read_at="2026-01-05T00:00Z")
    assert inbox.unread(world.township_secretary) == 1
    assert inbox.unread(world.village_secretary) == 0
