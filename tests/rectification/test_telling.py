"""Who finds a message when an item moves, and who does not."""

from datetime import timedelta

import pytest

from common.models import Delivery, Message
from rectification import services
from rectification.enums import CheckResult
from tests.factories import rectification as make

RECTIFIERS = {"township_secretary", "township_officer", "village_secretary"}
OFFICE = {"county_officer", "county_head"}


def told(key):
    return set(Message.objects.filter(key__startswith=key).values_list("recipient__username", flat=True))


@pytest.fixture
def request_(world, item):
    return services.ask_extension(
        item=item, actor=world.township_secretary, new_deadline=item.deadline + timedelta(days=10), reason="雨季停工"
    )


def test_the_signers_are_told_when_an_item_is_submitted_to_them(world, submitted):
    assert told("submit:") == {"discipline_officer", "discipline_member", "supervisor"}


def test_the_office_is_told_when_all_have_signed(world, supervised):
    assert told("supervised:") == OFFICE


def test_who_rectifies_is_told_when_a_watcher_sends_it_back(world, submitted):
    make.sign(submitted, world.supervisor, CheckResult.FAIL)
    assert told("send_back:") == RECTIFIERS


def test_who_rectifies_is_told_when_the_county_returns_closes_and_reopens_it(world, supervised):
    services.return_item(item=supervised, actor=world.county_officer, note="照片看不清")
    assert told("return:") == RECTIFIERS


def test_who_rectifies_is_told_of_the_end_and_of_a_new_beginning(world, closed):
    assert told("verify:") == RECTIFIERS
    services.reopen_item(item=closed, actor=world.county_head, note="又反弹")
    assert told("reopen:") == RECTIFIERS


def test_an_extension_is_told_to_the_office_and_its_decision_to_the_rectifiers(world, request_):
    assert told("ask_extension:") == OFFICE
    services.grant_extension(extension=request_, actor=world.county_officer)
    assert told("grant:") == RECTIFIERS
    (title,) = set(Message.objects.filter(key__startswith="grant:").values_list("title", flat=True))
    assert f"{request_.new_deadline}" in title


def test_a_refusal_is_told_each_time(world, item, request_):
    services.refuse_extension(extension=request_, actor=world.county_officer, note="理由不充分")
    again = services.ask_extension(
        item=item, actor=world.township_secretary, new_deadline=item.deadline + timedelta(days=9), reason="再次申请"
    )
    services.refuse_extension(extension=again, actor=world.county_officer, note="理由不充分")
    assert Message.objects.filter(key__startswith="refuse:", recipient=world.village_secretary).count() == 2


def test_a_message_holds_the_number_and_the_way_but_neither_village_nor_problem_nor_reason(world, supervised):
    returned = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清")
    message = Message.objects.filter(key__startswith="return:").first()
    assert returned.number in message.title
    assert message.path == returned.get_absolute_url()
    text = message.title + message.body
    assert [one for one in ("龙门", returned.finding.title, "照片看不清") if one in text] == []
    assert not Delivery.objects.filter(message=message).exists()


def test_a_move_stays_within_its_statements(world, django_assert_max_num_queries):
    item = make.reported_item(world)
    with django_assert_max_num_queries(12):
        services.submit_item(item=item, actor=world.township_secretary)


def test_closing_stays_within_its_statements(world, supervised, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        services.verify_item(item=supervised, actor=world.county_officer, opinion="同意销号")


def test_who_rectifies_is_told_that_an_item_is_long_term_and_when_it_is_reviewed(world, item):
    marked = services.mark_long_term(item=item, actor=world.county_officer, note="管护要长期坚持")
    assert told("mark_long_term:") == RECTIFIERS
    (title,) = set(Message.objects.filter(key__startswith="mark_long_term:").values_list("title", flat=True))
    assert f"{marked.review_on}" in title
