"""立巡立改: handed over from the field, before the feedback, with its own clock (E3)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from docx import Document

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message
from inspections import services as inspecting
from rectification import services
from rectification.models import DeadlineSetting, RectificationItem
from tests.factories import inspections as field
from tests.factories import rectification as make


@pytest.fixture
def running(world):
    make.deadlines()
    return field.running_inspection(world)


@pytest.fixture
def finding(world, running):
    return field.confirmed_finding(world, running, is_immediate=True, title=make.TITLES[0])


def hand_over(finding, actor):
    return services.hand_over_now(finding=finding, actor=actor)


def test_the_item_is_there_while_the_team_is_in_the_village(world, running, finding):
    item = hand_over(finding, world.team_leader)
    finding.refresh_from_db()
    assert (item.status, item.feedback, item.is_immediate, finding.status) == ("ASSIGNED", None, True, "FED_BACK")
    assert item.number == finding.number == f"{running.number}-立01"
    running.refresh_from_db()
    assert running.status == "DURING"


def slip_of(client, item):
    answer = client.get(f"{item.get_absolute_url()}slip/")
    assert answer.status_code == 200
    paper = Document(BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_it_has_a_slip_for_those_who_see_it(world, finding, signed_in):
    item = hand_over(finding, world.team_leader)
    text = slip_of(signed_in(world.village_secretary), item)
    for words in ("立巡立改问题交办单", "先行交办", finding.title, finding.facts, item.number, "村党组织签收人"):
        assert words in text
    assert "交办单" in signed_in(world.township_secretary).get(item.get_absolute_url()).content.decode()
    assert signed_in(world.other_village_secretary).get(f"{item.get_absolute_url()}slip/").status_code == 404
    assert AuditEvent.objects.filter(action="download", object_id=item.pk).count() == 1


def test_what_came_with_a_feedback_was_not_handed_over_ahead(world, signed_in):
    (item,) = make.assigned_items(world, findings=1)
    text = slip_of(signed_in(world.village_secretary), item)
    assert "巡察整改事项交办单" in text
    assert "先行交办" not in text


def test_its_clock_is_its_own(world, finding):
    DeadlineSetting.objects.filter(kind="IMMEDIATE").update(amount=9)
    assert hand_over(finding, world.team_leader).deadline == today() + timedelta(days=9)


def test_township_and_village_are_told_at_once(world, finding):
    item = hand_over(finding, world.team_leader)
    told = Message.objects.filter(key__startswith=f"hand_over_now:{item.pk}")
    assert {one.recipient.username for one in told} == {"township_secretary", "township_officer", "village_secretary"}
    assert not any(finding.title in one.title + one.body for one in told)


def test_the_organisation_department_is_told_of_party_building_alone(world, running, finding):
    hand_over(finding, world.team_leader)
    party = running.checklist.items.filter(party_building=True).first()
    item = make.immediate_item(world, running, checklist_item=party)
    assert [one.key for one in Message.objects.filter(recipient=world.org_officer)] == [f"party:{item.pk}"]


def test_others_do_not_hand_over(world, finding, let_through):
    mine = ["team_leader", "spare_member", "county_head"]
    assert let_through(lambda user: hand_over(finding, user), except_for=mine) == set()


def test_only_what_is_marked_goes_ahead(world, running):
    ordinary = field.confirmed_finding(world, running, title="一般问题")
    with pytest.raises(ValidationError, match="立巡立改"):
        hand_over(ordinary, world.team_leader)


def test_only_what_is_confirmed_goes_ahead(world, running):
    draft = field.draft_finding(world, running, title="底稿", is_immediate=True)
    with pytest.raises(Conflict):
        hand_over(draft, world.team_leader)


def test_it_is_handed_over_once(world, finding):
    hand_over(finding, world.team_leader)
    with pytest.raises(Conflict):
        hand_over(finding, world.county_head)


def fed_back(world, running):
    inspection = field.leave(world, running)
    feedback = inspecting.draft_feedback(inspection=inspection, actor=world.county_officer)
    return feedback, services.hand_over(feedback=feedback, actor=world.county_head)


def test_the_feedback_lists_it_as_handed_over_and_makes_no_second_item(world, running, finding):
    early = hand_over(finding, world.team_leader)
    field.confirmed_finding(world, running, title="随反馈交办的问题")
    feedback, items = fed_back(world, running)
    assert [one.finding.title for one in items] == ["随反馈交办的问题"]
    assert RectificationItem.objects.filter(finding=finding).get() == early
    assert f"已先行交办，编号{early.number}" in feedback.opinion
    early.refresh_from_db()
    assert early.feedback is None


def test_neither_series_of_numbers_has_a_gap(world, running, finding):
    """One confirmed before it and taken back later, one made a clue: nothing tells of them."""
    first = field.confirmed_finding(world, running, title="之后不予认定")
    stays = field.confirmed_finding(world, running, title="随反馈交办")
    hand_over(finding, world.team_leader)
    inspecting.reject_finding(finding=first, actor=world.team_leader, note="查无实据")
    _feedback, items = fed_back(world, running)
    stays.refresh_from_db()
    numbers = RectificationItem.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"{running.number}-01", f"{running.number}-立01"]
    assert [one.number for one in items] == [stays.number]


def test_a_feedback_of_nothing_else_can_be_issued(world, running, finding):
    hand_over(finding, world.team_leader)
    feedback, items = fed_back(world, running)
    assert items == []
    feedback.refresh_from_db()
    assert feedback.status == "ISSUED"


def test_an_inspection_with_one_is_not_closed_without_its_feedback(world, running, finding):
    hand_over(finding, world.team_leader)
    inspection = field.leave(world, running)
    with pytest.raises(ValidationError, match="反馈意见还没有签发"):
        inspecting.close_inspection(inspection=inspection, actor=world.county_officer)


def test_nothing_goes_ahead_of_a_feedback_that_has_been_issued(world):
    items = make.assigned_items(world, findings=2)
    with pytest.raises((Conflict, PermissionDenied)):
        hand_over(items[1].finding, world.team_leader)


def test_it_is_worked_on_to_its_end_before_the_feedback(world, finding):
    item = make.closed_item(world, hand_over(finding, world.team_leader))
    assert item.status == "CLOSED"


def test_pages_of_it_say_that_it_went_ahead(world, running, finding, signed_in):
    leader = signed_in(world.team_leader)
    assert "立巡立改交办" in leader.get(finding.get_absolute_url()).content.decode()
    url = f"/rectification/findings/{finding.pk}/hand-over/"
    assert "已先行交办" in leader.get(url).content.decode()
    assert leader.post(url, {"confirmed": "1", "version": "999"}).status_code == 409
    assert leader.post(url, {"confirmed": "1", "version": finding.version}).status_code == 302
    item = RectificationItem.objects.get()
    township = signed_in(world.township_secretary)
    page = township.get(item.get_absolute_url()).content.decode()
    assert "立巡立改，先行交办" in page
    assert township.get(f"{item.get_absolute_url()}accept/").status_code == 200


def test_the_database_takes_no_other_item_without_a_feedback(world):
    item = make.assigned_items(world, findings=1)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        RectificationItem.objects.filter(pk=item.pk).update(feedback=None)


def test_it_stays_within_its_statements(world, finding, django_assert_max_num_queries):
    leader = field.fresh(world.team_leader)
    with django_assert_max_num_queries(20):  # two rows move: the finding is frozen, the item is made
        hand_over(finding, leader)
