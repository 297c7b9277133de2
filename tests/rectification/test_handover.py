from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message
from inspections.models import Feedback, Finding
from rectification import services
from rectification.models import DeadlineSetting, RectificationItem
from tests.factories import rectification as make
from tests.factories.world import told


@pytest.fixture
def draft(world):
    return make.drafted_feedback(world, findings=3)


def test_each_confirmed_finding_becomes_one_item(world, draft):
    items = services.hand_over(feedback=draft, actor=world.county_head)
    assert [one.number for one in items] == [one.finding.number for one in items]
    assert len(items) == 3
    assert {one.status for one in items} == {"ASSIGNED"}


def test_feedback_is_issued_and_findings_are_frozen(world, draft):
    services.hand_over(feedback=draft, actor=world.county_head)
    draft.refresh_from_db()
    assert draft.status == "ISSUED"
    assert draft.issued_by == world.county_head
    assert set(Finding.objects.values_list("status", flat=True)) == {"FED_BACK"}


def test_items_carry_the_scope_and_the_marks_of_their_findings(world, draft):
    first, second, third = services.hand_over(feedback=draft, actor=world.county_head)
    assert (first.county, first.township, first.village) == (world.county, world.township, world.village)
    assert second.is_immediate
    assert third.is_common
    assert not first.is_immediate


def test_deadlines_follow_the_kind_of_finding(world, draft):
    first, second, _third = services.hand_over(feedback=draft, actor=world.county_head)
    assert second.deadline == today() + timedelta(days=15)
    assert first.deadline > second.deadline


def test_every_item_has_its_event(world, draft):
    items = services.hand_over(feedback=draft, actor=world.county_head)
    events = AuditEvent.objects.filter(object_type="rectification.RectificationItem", action="hand_over")
    assert {one.object_id for one in events} == {str(one.pk) for one in items}


def test_township_and_village_are_told_without_what_was_found(world, draft):
    services.hand_over(feedback=draft, actor=world.county_head)
    told = Message.objects.filter(key=f"hand_over:{draft.pk}")
    assert set(told.values_list("recipient__username", flat=True)) == {
        "township_secretary",
        "township_officer",
        "village_secretary",
    }
    assert not any(make.TITLES[0] in one.title + one.body for one in told)


def test_the_drafter_cannot_issue(world):
    feedback = make.drafted_feedback(world)
    Feedback.objects.filter(pk=feedback.pk).update(drafted_by=world.county_head)
    feedback.refresh_from_db()
    with pytest.raises(PermissionDenied, match="拟稿"):
        services.hand_over(feedback=feedback, actor=world.county_head)


@pytest.mark.parametrize("name", ["county_officer", "other_county_head", "leading_group", "township_secretary"])
def test_only_the_head_of_the_county_office_issues(world, draft, name):
    with pytest.raises(PermissionDenied):
        services.hand_over(feedback=draft, actor=getattr(world, name))
    assert not RectificationItem.objects.exists()


def test_issuing_twice_makes_no_second_items(world, draft):
    services.hand_over(feedback=draft, actor=world.county_head)
    with pytest.raises(Conflict):
        services.hand_over(feedback=draft, actor=world.county_head)
    assert RectificationItem.objects.count() == 3


def test_nothing_is_half_done_when_a_setting_is_missing(world, draft):
    with told():
        DeadlineSetting.objects.filter(kind="IMMEDIATE").delete()
    with pytest.raises(ValidationError, match="立巡立改"):
        services.hand_over(feedback=draft, actor=world.county_head)
    draft.refresh_from_db()
    assert draft.status == "DRAFT"
    assert not RectificationItem.objects.exists()


def test_a_day_to_come_is_refused(world, draft):
    with pytest.raises(ValidationError, match="今天"):
        services.hand_over(feedback=draft, actor=world.county_head, on=today() + timedelta(days=1))
