"""Classes: proposed by the office, approved by another person who heads it, kept for ever."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common.errors import Conflict
from common.models import AuditEvent, Message
from tests.factories.villages import approved, proposed
from villages import selectors
from villages.enums import ClassificationStatus as S
from villages.enums import VillageClass
from villages.models import Classification, Village, VillageKind
from villages.selectors.suggestions import Suggestion
from villages.services import approve_class, approve_classes, propose_class, propose_suggested, reject_class


def test_a_proposal_waits_and_leaves_the_village_unclassified(world):
    one = proposed(world.village, world.county_officer)
    world.village.refresh_from_db()
    assert (one.status, one.proposer, one.county, world.village.klass) == (
        S.PROPOSED,
        world.county_officer,
        world.county,
        None,
    )
    assert AuditEvent.objects.get(action="propose").actor == world.county_officer


def test_approval_makes_the_class_the_villages(world):
    one = approved(world.village, officer=world.county_officer, head=world.county_head)
    world.village.refresh_from_db()
    assert (world.village.klass, one.approver, one.approved_on is not None) == ("RISK", world.county_head, True)


def test_an_earlier_class_is_kept_as_superseded(world):
    first = approved(world.village, officer=world.county_officer, head=world.county_head)
    second = approved(world.village, officer=world.county_officer, head=world.county_head, klass="ORDINARY")
    first.refresh_from_db()
    world.village.refresh_from_db()
    assert (first.status, second.status, world.village.klass) == (S.SUPERSEDED, S.APPROVED, "ORDINARY")


def test_approval_does_not_make_a_roster_preview_stale(world):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    assert Village.objects.get(pk=world.village.pk).version == world.village.version


def test_a_rejection_needs_a_reason_and_leaves_the_old_class(world):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    one = proposed(world.village, world.county_officer, "ORDINARY")
    with pytest.raises(ValidationError):
        reject_class(classification=one, actor=world.county_head, note=" ")
    assert reject_class(classification=one, actor=world.county_head, note="依据不足").status == S.REJECTED
    world.village.refresh_from_db()
    assert world.village.klass == "RISK"


def test_nobody_approves_the_own_proposal(world):
    one = proposed(world.village, world.county_head)
    with pytest.raises(PermissionDenied, match="由您本人提出"):
        approve_class(classification=one, actor=world.county_head)


@pytest.mark.parametrize(
    "name", ["county_officer", "roster_admin", "leading_group", "other_county_head", "city_officer"]
)
def test_only_the_head_of_the_office_approves(world, name):
    one = proposed(world.village, world.county_officer)
    with pytest.raises(PermissionDenied):
        approve_class(classification=one, actor=getattr(world, name))
    assert Classification.objects.get().status == S.PROPOSED


@pytest.mark.parametrize("name", ["township_secretary", "org_officer", "other_county_officer", "city_officer"])
def test_only_the_countys_office_proposes(world, name):
    with pytest.raises(PermissionDenied):
        proposed(world.village, getattr(world, name))


def test_one_proposal_at_a_time(world):
    proposed(world.village, world.county_officer)
    with pytest.raises(ValidationError, match="待审定"):
        proposed(world.village, world.county_officer)


def test_a_class_twice_approved_is_a_conflict(world):
    one = approved(world.village, officer=world.county_officer, head=world.county_head)
    with pytest.raises(Conflict):
        approve_class(classification=one, actor=world.county_head)
    assert Classification.objects.get().status == S.APPROVED


def test_a_kind_of_another_class_is_refused(world, reference_data):
    kinds = [VillageKind.objects.get(code="KEY_SUBURBAN")]
    with pytest.raises(ValidationError, match="细类不属于"):
        propose_class(village=world.village, klass="RISK", kinds=kinds, reason="x", actor=world.county_officer)


@pytest.mark.parametrize(("klass", "reason"), [("RISK", " "), ("OTHER", "x"), ("RISK", "字" * 301)])
def test_a_proposal_needs_a_class_and_a_reason_of_bearable_length(world, klass, reason):
    with pytest.raises(ValidationError):
        propose_class(village=world.village, klass=klass, kinds=[], reason=reason, actor=world.county_officer)


def test_a_village_that_is_no_more_gets_no_class(world):
    one = proposed(world.village, world.county_officer)
    Village.objects.filter(pk=world.village.pk).update(status="WITHDRAWN", valid_to="2026-01-01")
    with pytest.raises(ValidationError, match="已经撤并"):
        approve_class(classification=one, actor=world.county_head)
    with pytest.raises(ValidationError, match="已经撤并"):
        proposed(Village.objects.get(pk=world.village.pk), world.county_officer)


HINT = Suggestion("RISK", (), ("近三年信访件次达到 5 件次", "干群关系紧张"))


def test_suggestions_are_taken_over_together_with_their_reasons(world, reference_data, django_assert_num_queries):
    kind = VillageKind.objects.get(code="RISK_CADRES")
    hint = Suggestion("RISK", (kind,), HINT.reasons)
    villages = [world.village, world.second_village, world.sibling_village]
    with django_assert_num_queries(8):
        rows = propose_suggested(suggested=[(one, hint) for one in villages], actor=world.county_officer)
    assert {one.reason for one in rows} == {"近三年信访件次达到 5 件次；干群关系紧张"}
    assert {one.status for one in Classification.objects.all()} == {S.PROPOSED}
    assert all(list(one.kinds.all()) == [kind] for one in rows)
    assert AuditEvent.objects.filter(action="propose", object_text__contains="龙门村").count() == 1


def test_one_village_out_of_reach_keeps_all_suggestions_out(world):
    with pytest.raises(PermissionDenied):
        propose_suggested(suggested=[(world.village, HINT), (world.other_village, HINT)], actor=world.county_officer)
    assert not Classification.objects.exists()


def test_one_waiting_proposal_keeps_all_suggestions_out(world):
    proposed(world.second_village, world.county_officer)
    with pytest.raises(Conflict):
        propose_suggested(suggested=[(world.village, HINT), (world.second_village, HINT)], actor=world.county_officer)
    assert Classification.objects.count() == 1


def test_a_batch_is_approved_whole_or_not_at_all(world):
    rows = [proposed(world.village, world.county_officer), proposed(world.second_village, world.county_head)]
    with pytest.raises(PermissionDenied):
        approve_classes(classifications=rows, actor=world.county_head)
    assert {one.status for one in Classification.objects.all()} == {S.PROPOSED}


# ----------------------------------------------------------------------- reads


def test_unclassified_villages_are_active_without_class_and_without_proposal(world):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    proposed(world.second_village, world.county_officer)
    assert list(selectors.unclassified(world.county_officer)) == [world.sibling_village]
    assert list(selectors.unclassified(world.city_officer, county=world.other_county)) == [world.other_village]


def test_who_may_not_see_classes_sees_no_unclassified_ones(world):
    assert not selectors.unclassified(world.township_secretary).exists()


def test_the_head_finds_what_waits_for_approval_but_not_the_own(world):
    one = proposed(world.village, world.county_officer)
    proposed(world.second_village, world.county_head)
    assert list(selectors.waiting_proposals(world.county_head)) == [one]
    assert not selectors.waiting_proposals(world.county_officer).exists()


def test_active_villages_are_counted_by_class(world):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    Village.objects.filter(pk=world.sibling_village.pk).update(status="WITHDRAWN", valid_to="2026-01-01")
    assert selectors.active_counts_by_class(county=world.county) == {"RISK": 1, None: 1}
    assert selectors.active_counts_by_class(township=world.sibling_township) == {}
    assert selectors.active_counts_by_class() == {"RISK": 1, None: 2}


def test_the_head_is_told_once_a_day_of_single_proposals_and_once_of_a_batch(world):
    for village in (world.village, world.second_village):
        propose_class(village=village, klass="RISK", kinds=[], reason="信访多", actor=world.county_officer)
    told = Message.objects.values_list("recipient__username", "path")
    assert list(told) == [("county_head", "/villages/classes/?t=proposed")]
    suggestion = Suggestion(VillageClass.ORDINARY, (), ("民风淳",))
    propose_suggested(suggested=[(world.sibling_village, suggestion)], actor=world.county_officer)
    assert Message.objects.filter(title="有 1 个村的分类等您审定").count() == 1
