"""党建类问题: one item, two who receive it and reply, before it can be submitted (E5)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from common import audit
from common.errors import Conflict
from common.models import Message
from rectification import services
from rectification.models import PartyReceipt, RectificationItem, Reply
from rectification.selectors import todo
from tests.factories import rectification as make


@pytest.fixture
def items(world):
    return make.assigned_items(world, findings=2)


@pytest.fixture
def party(world, items):
    """IN_PROGRESS with a report and evidence, but no reply yet."""
    item = make.open_item(world, items[1])
    services.report_progress(item=item, actor=world.village_secretary, text="已补开支部会。", files=[make.photo()])
    return item


def reply(item, actor, text="已按条例整改到位。"):
    return services.reply_to_item(item=item, actor=actor, text=text)


def submit(world, item):
    return services.submit_item(item=item, actor=world.township_secretary)


def test_the_department_is_told_of_party_building_at_once_and_of_nothing_else(world, items):
    told = Message.objects.filter(recipient=world.org_officer)
    assert [one.key for one in told] == [f"party:{items[1].pk}"]
    assert items[1].number in told[0].title
    assert items[1].finding.title not in told[0].title + told[0].body


@pytest.mark.parametrize(
    ("replied", "missing"),
    [
        ([], "乡镇（街道）党委、县委组织部"),
        (["township_officer"], "县委组织部"),
        (["org_officer"], "乡镇（街道）党委"),
    ],
)
def test_both_reply_before_it_is_submitted(world, party, replied, missing):
    for name in replied:
        reply(party, world.people[name])
    with pytest.raises(ValidationError, match=f"还缺：{missing}"):
        submit(world, party)
    for name in {"township_officer", "org_officer"} - set(replied):
        reply(party, world.people[name])
    assert submit(world, party).status == "UNDER_SUPERVISION"


def test_an_ordinary_item_needs_no_replies(world, items):
    assert make.submitted_item(world, items[0]).status == "UNDER_SUPERVISION"
    assert not Reply.objects.exists()


def test_nobody_else_replies(world, party, let_through):
    mine = ["township_secretary", "township_officer", "org_officer"]
    assert let_through(lambda user: reply(party, user), except_for=mine) == set()


def test_the_department_signs_for_itself_and_once(world, party, let_through):
    assert let_through(lambda user: services.receive_item(item=party, actor=user), except_for=["org_officer"]) == set()
    first = services.receive_item(item=party, actor=world.org_officer)
    assert services.receive_item(item=party, actor=world.org_officer) == first
    assert audit.history(party).filter(action="receive_item").count() == 1


def test_whoever_replies_has_signed(world, party):
    reply(party, world.township_secretary)
    assert not PartyReceipt.objects.exists()
    reply(party, world.org_officer)
    assert PartyReceipt.objects.get().signer == world.org_officer


def test_an_ordinary_item_is_not_signed_for(world, items, let_through):
    assert let_through(lambda user: services.receive_item(item=items[0], actor=user)) == set()


def test_two_receivers_two_receipts_are_shown(world, items, signed_in):
    client, url = signed_in(world.org_officer), items[1].get_absolute_url()
    assert items[1].finding.title in client.get("/rectification/party/?t=unsigned").content.decode()
    assert client.get(f"{url}receive/").status_code == 200
    assert client.post(f"{url}receive/").status_code == 302
    assert "没有这样的事项" in client.get("/rectification/party/?t=unsigned").content.decode()
    make.open_item(world, items[1])
    page = signed_in(world.county_officer).get(url).content.decode()
    for name in ("township_secretary", "org_officer"):
        assert world.people[name].full_name in page
    assert page.count("已签收") == 2


@pytest.mark.parametrize("name", ["township_secretary", "county_head"])
def test_the_database_takes_no_receipt_of_anybody_else(world, party, name):
    audit.record("receive_item", party, actor=world.people[name])
    with pytest.raises(DatabaseError, match="组织部签收"), transaction.atomic():
        PartyReceipt.objects.create(item=party, signer=world.people[name])


def test_nobody_replies_to_an_ordinary_item(world, items, let_through):
    assert let_through(lambda user: reply(items[0], user)) == set()


def test_one_reply_an_attempt_and_side(world, party):
    reply(party, world.township_secretary)
    with pytest.raises(Conflict, match="已经答复"):
        reply(party, world.township_officer)


def test_an_empty_reply_is_refused(world, party):
    with pytest.raises(ValidationError, match="请写明"):
        reply(party, world.org_officer, text="  ")


def test_replies_of_an_earlier_attempt_count_and_another_may_be_given(world, party):
    item = make.supervised_item(world, make.answered(world, party))
    services.return_item(item=item, actor=world.county_officer, note="照片看不清")
    services.report_progress(item=item, actor=world.village_secretary, text="重拍。", files=[make.photo()])
    reply(item, world.org_officer, text="补充答复。")
    assert submit(world, item).attempt == 2


def test_no_reply_once_it_is_submitted(world, party):
    submitted = submit(world, make.answered(world, party))
    with pytest.raises(Conflict):
        reply(submitted, world.org_officer)


def test_each_side_is_told_of_the_others_reply(world, party):
    reply(party, world.org_officer)
    assert Message.objects.filter(key__startswith=f"reply:{party.pk}", recipient=world.township_secretary).exists()
    reply(party, world.township_secretary)
    assert Message.objects.filter(key__startswith=f"replied:{party.pk}", recipient=world.org_officer).exists()


def test_a_signature_then_a_reply_waits_for_each_until_it_is_given(world, party):
    def waits(user, act="答复"):
        return [one["title"] for one in todo(user) if one["act"] == act]

    assert (waits(world.org_officer, "签收"), waits(world.org_officer)) == ([party.finding.title], [])
    services.receive_item(item=party, actor=world.org_officer)
    assert waits(world.org_officer, "签收") == []
    assert waits(world.org_officer) == waits(world.township_secretary) == [party.finding.title]
    reply(party, world.org_officer)
    assert waits(world.org_officer) == []
    assert waits(world.township_secretary) == [party.finding.title]
    assert waits(world.village_secretary) == []


def test_the_department_sees_party_building_alone_and_replies_on_its_own_page(world, items, signed_in):
    client = signed_in(world.org_officer)
    page = client.get("/rectification/party/").content.decode()
    assert items[1].finding.title in page
    assert items[0].finding.title not in page
    assert client.get(items[0].get_absolute_url()).status_code == 404
    url = f"{items[1].get_absolute_url()}reply/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "已指导支部换届。"}).status_code == 302
    assert client.get(url).status_code == 409
    assert "还待乡镇（街道）党委答复" in client.get(items[1].get_absolute_url()).content.decode()
    assert items[1].finding.title in client.get("/rectification/party/?t=replied").content.decode()
    assert "没有这样的事项" in client.get("/rectification/party/").content.decode()
    assert client.get(f"{items[0].get_absolute_url()}reply/").status_code == 404


def test_the_database_refuses_submission_without_both(world, party):
    reply(party, world.township_secretary)
    audit.record("submit", party, actor=world.township_secretary, source="IN_PROGRESS", target="UNDER_SUPERVISION")
    by = {"submitted_at": timezone.now(), "submitted_by": world.township_secretary}
    with pytest.raises(DatabaseError, match="都答复"), transaction.atomic():
        RectificationItem.objects.filter(pk=party.pk).update(status="UNDER_SUPERVISION", **by)


@pytest.mark.parametrize(("name", "side"), [("township_secretary", "ORGANISATION"), ("org_officer", "TOWNSHIP")])
def test_the_database_takes_no_reply_in_the_name_of_the_other(world, party, name, side):
    author = world.people[name]
    audit.record("reply", party, actor=author)
    with pytest.raises(DatabaseError, match="各自答复"), transaction.atomic():
        Reply.objects.create(item=party, attempt=1, side=side, author=author, text="替别人答。")


def test_a_reply_and_a_submission_stay_within_their_statements(world, party, django_assert_max_num_queries):
    reply(party, world.township_secretary)
    with django_assert_max_num_queries(12):
        services.receive_item(item=party, actor=world.org_officer)
    with django_assert_max_num_queries(12):
        reply(party, world.org_officer)
    fresh = RectificationItem.objects.get(pk=party.pk)
    with django_assert_max_num_queries(14):
        submit(world, fresh)
