"""反馈移交: signed for by a named person of the township, then of the village (E2)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from common import audit
from common.errors import Conflict
from common.models import Message
from rectification import services
from rectification.models import Receipt
from rectification.selectors import todo
from rectification.selectors.receipts import handovers, to_receive
from tests.factories import rectification as make


@pytest.fixture
def feedback(world):
    return make.assigned_items(world)[0].feedback


def receive(feedback, actor):
    return services.receive_feedback(feedback=feedback, actor=actor)


def test_who_received_it_and_when_is_kept_with_the_name(world, feedback):
    receive(feedback, world.township_officer)
    receive(feedback, world.village_secretary)
    assert list(feedback.receipts.order_by("id").values_list("side", "signer__username")) == [
        ("TOWNSHIP", "township_officer"),
        ("VILLAGE", "village_secretary"),
    ]
    assert audit.history(feedback).filter(action="receive").count() == 2


def test_the_village_signs_after_the_township(world, feedback):
    with pytest.raises(Conflict, match="先由乡镇党委签收"):
        receive(feedback, world.village_secretary)
    receive(feedback, world.township_secretary)
    told = Message.objects.filter(key=f"receive:{feedback.pk}")
    assert [one.recipient for one in told] == [world.village_secretary]
    receive(feedback, world.village_secretary)


def test_pressing_twice_signs_once(world, feedback):
    once = receive(feedback, world.township_secretary)
    assert receive(feedback, world.township_officer) == once
    assert once.signer == world.township_secretary


def test_nobody_else_signs(world, feedback, let_through):
    receive(feedback, world.township_secretary)
    mine = ["township_secretary", "township_officer", "village_secretary"]
    assert let_through(lambda user: receive(feedback, user), except_for=mine) == set()


def test_a_draft_is_not_received(world):
    draft = make.drafted_feedback(world)
    with pytest.raises(PermissionDenied):
        receive(draft, world.township_secretary)


def test_whoever_accepts_an_item_has_received_the_feedback(world):
    items = make.assigned_items(world, findings=2)
    for one in items:
        make.open_item(world, one)
    (receipt,) = Receipt.objects.all()
    assert (receipt.signer, receipt.with_items) == (world.township_secretary, True)


def test_what_is_outstanding_waits_for_the_one_whose_turn_it_is(world, feedback):
    assert list(to_receive(world.township_secretary)) == [feedback]
    assert list(to_receive(world.village_secretary)) == []
    assert list(to_receive(world.county_officer)) == []
    receive(feedback, world.township_secretary)
    assert list(to_receive(world.township_secretary)) == []
    assert [one["act"] for one in todo(world.village_secretary) if one["kind"] == "签收"] == ["签收反馈"]


def test_the_county_sees_what_is_not_signed_for(world, feedback):
    assert list(handovers(world.county_officer, unsigned=True)) == [feedback]
    receive(feedback, world.township_secretary)
    assert list(handovers(world.county_officer, unsigned=True)) == [feedback]
    receive(feedback, world.village_secretary)
    assert list(handovers(world.county_officer, unsigned=True)) == []
    assert list(handovers(world.sibling_township_secretary)) == []


def test_the_pages_show_who_received_what_when(world, feedback, signed_in):
    url = f"/rectification/feedback/{feedback.pk}/"
    assert "等乡镇党委签收后" in signed_in(world.village_secretary).get(url).content.decode()
    township = signed_in(world.township_secretary)
    assert "签收反馈" in township.get(url).content.decode()
    assert township.post(f"{url}receive/").headers["Location"] == url
    assert signed_in(world.village_secretary).post(f"{url}receive/").status_code == 302
    office = signed_in(world.county_officer)
    page = office.get(url).content.decode()
    assert world.township_secretary.full_name in page
    assert world.village_secretary.full_name in page
    assert "共性问题" in page
    assert world.village_secretary.full_name in office.get("/rectification/feedback/").content.decode()
    assert "没有这样的反馈" in office.get("/rectification/feedback/?t=unsigned").content.decode()


@pytest.mark.parametrize(("name", "side"), [("county_officer", "TOWNSHIP"), ("other_village_secretary", "VILLAGE")])
def test_the_database_takes_no_receipt_of_others(world, feedback, name, side):
    receive(feedback, world.township_secretary)
    audit.record("receive", feedback, actor=world.people[name])
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.create(feedback=feedback, side=side, signer=world.people[name])


def test_the_database_takes_no_receipt_without_an_event(world, feedback):
    with pytest.raises(DatabaseError, match="没有办理记录"), transaction.atomic():
        Receipt.objects.create(feedback=feedback, side="TOWNSHIP", signer=world.township_secretary)


@pytest.mark.parametrize("page", ["/rectification/feedback/", "/rectification/feedback/%s/"])
def test_the_pages_cost_few_statements(world, feedback, signed_in, page, django_assert_max_num_queries):
    office = signed_in(world.county_officer)
    office.get("/")
    with django_assert_max_num_queries(15):
        office.get(page.replace("%s", str(feedback.pk)))


def test_signing_stays_within_its_statements(world, feedback, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        receive(feedback, world.township_secretary)
