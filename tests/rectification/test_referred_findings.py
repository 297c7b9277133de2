"""A finding that becomes a clue: nothing of it is left behind, and rejected it comes back whole (E4)."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common import policy
from common.errors import Conflict
from common.models import AuditEvent
from inspections import services as inspecting
from inspections.enums import FindingStatus
from inspections.models import Finding
from rectification import services
from rectification.enums import ClueRefusal, ClueStatus
from rectification.models import Clue
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.rectification.test_clues import SAID, column


@pytest.fixture
def inspection(world):
    make.deadlines()
    return build.running_inspection(world)


def test_a_finding_that_becomes_a_clue_is_gone_with_all_it_said(world, inspection):
    finding = build.confirmed_finding(world, inspection, title="套取补贴", facts=SAID, amount=5000)
    clue = make.clue(world, inspection, finding=finding, version=finding.version)
    empty = Finding.objects.get(pk=finding.pk)
    assert (empty.status, empty.title, empty.facts, empty.amount) == (FindingStatus.REFERRED, "已转出", "", None)
    for name in ("team_leader", "team_member", "county_head", "county_officer", "leading_group", "city_officer"):
        assert not policy.visible(build.fresh(getattr(world, name)), Finding.objects.all()).exists(), name
    event = AuditEvent.objects.get(action="refer")
    assert SAID not in f"{event.changes}{event.object_text}{event.note}"
    assert SAID not in column(clue, "origin")


def test_once_approved_nothing_is_kept_of_the_finding(world, inspection):
    finding = build.draft_finding(world, inspection, facts=SAID)
    clue = make.clue(world, inspection, finding=finding)
    services.approve_clue(clue=clue, actor=world.county_head, receiver=world.county_discipline)
    assert column(clue, "origin") == ""


def test_a_clue_that_is_rejected_gives_the_finding_back_whole(world, inspection):
    finding = build.draft_finding(
        world, inspection, title="账目不清", facts=SAID, amount=Decimal("1200.50"), people_affected=3
    )
    clue = make.clue(world, inspection, finding=finding)
    services.reject_clue(clue=clue, actor=world.county_head, refusal=ClueRefusal.ORDINARY)
    back = Finding.objects.get(pk=finding.pk)
    assert (back.status, back.title, back.facts) == (FindingStatus.DRAFT, "账目不清", SAID)
    assert (str(back.amount), back.people_affected, back.number) == ("1200.50", 3, finding.number)
    assert make.clue(world, inspection, finding=back).status == ClueStatus.PROPOSED


def test_a_finding_is_not_referred_while_a_draft_tells_of_it(world):
    make.deadlines()
    inspection = build.left_inspection(world, findings=2)
    inspecting.draft_feedback(inspection=inspection, actor=world.county_officer)
    finding = inspection.findings.first()
    with pytest.raises(ValidationError, match="请先在草稿里删去"):
        make.clue(world, inspection, finding=finding)
    assert Clue.objects.count() == 0


def test_what_was_fed_back_is_no_clue_any_more(world):
    item = make.assigned_items(world)[0]
    with pytest.raises((Conflict, PermissionDenied)):
        make.clue(world, item.inspection, finding=item.finding)


def test_a_referred_finding_leaves_no_gap_in_the_numbers(world, inspection):
    build.confirmed_finding(world, inspection, title="一")
    gone = build.confirmed_finding(world, inspection, title="补贴去向不明")
    build.confirmed_finding(world, inspection, title="三")
    make.clue(world, inspection, finding=gone)
    feedback = inspecting.draft_feedback(inspection=build.leave(world, inspection), actor=world.county_officer)
    items = services.hand_over(feedback=feedback, actor=world.county_head)
    assert [one.number for one in items] == [f"{inspection.number}-01", f"{inspection.number}-02"]
    assert [one.finding.title for one in items] == ["一", "三"]
    assert "补贴去向不明" not in feedback.opinion


def test_the_leader_refers_a_finding_in_the_browser(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    client = signed_in(world.team_leader)
    url = reverse("rectification:clue_refer", args=[finding.pk])
    assert url in client.get(finding.get_absolute_url()).content.decode()
    sent = {"seal_number": "密封 7", "pages": 2, "key": uuid.uuid4(), "version": finding.version}
    assert client.post(url, {**sent, "pages": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert client.get(finding.get_absolute_url()).status_code == 404
    assert client.post(url, sent).status_code in (404, 409)
    assert Clue.objects.get().finding == finding
