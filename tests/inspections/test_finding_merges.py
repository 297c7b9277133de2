"""A duplicate goes into another finding of the same inspection (E1)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common.errors import Conflict
from inspections import services
from inspections.enums import FindingStatus
from inspections.selectors.fieldwork import cited
from inspections.selectors.findings import sources
from tests.factories import inspections as build

S = FindingStatus


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


def test_a_duplicate_goes_into_the_other_and_both_stay(world, inspection):
    kept, twin = build.draft_finding(world, inspection), build.signed_finding(world, inspection)
    build.document(world, inspection)
    services.cite(finding=twin, actor=world.team_member, numbers=["Z-01"])
    merged = services.merge_finding(finding=twin, into=kept, actor=world.team_leader, note="同一件事")
    assert (merged.status, merged.merged_into, list(sources(kept))) == (S.MERGED, kept, [twin])
    assert [one.number for one in cited(kept, *sources(kept))] == ["Z-01"]


def test_a_merged_finding_can_be_taken_out_again(world, inspection):
    kept, twin = build.draft_finding(world, inspection), build.draft_finding(world, inspection)
    twin = services.merge_finding(finding=twin, into=kept, actor=world.team_leader)
    twin = services.reopen_finding(finding=twin, actor=world.team_leader, note="并错了")
    assert (twin.status, twin.merged_into) == (S.DRAFT, None)


@pytest.mark.parametrize("name", ["team_member", "county_head", "county_officer", "leading_group"])
def test_only_leader_and_deputy_merge(world, inspection, name):
    kept, twin = build.draft_finding(world, inspection), build.draft_finding(world, inspection)
    with pytest.raises(PermissionDenied):
        services.merge_finding(finding=twin, into=kept, actor=getattr(world, name))


def test_a_finding_goes_into_no_rejected_one_not_into_itself_and_takes_its_sources_nowhere(world, inspection):
    kept, twin, third = (build.draft_finding(world, inspection) for _one in range(3))
    with pytest.raises(ValidationError, match="重新选择"):
        services.merge_finding(finding=twin, into=twin, actor=world.team_leader)
    services.reject_finding(finding=third, actor=world.team_leader, note="不实")
    with pytest.raises(ValidationError, match="重新选择"):
        services.merge_finding(finding=twin, into=third, actor=world.team_leader)
    services.merge_finding(finding=twin, into=kept, actor=world.team_leader)
    fourth = build.draft_finding(world, inspection)
    with pytest.raises(ValidationError, match="另一条并入它"):
        services.merge_finding(finding=kept, into=fourth, actor=world.team_leader)


def test_a_decided_finding_is_not_merged(world, inspection):
    kept, decided = build.draft_finding(world, inspection), build.confirmed_finding(world, inspection)
    with pytest.raises(Conflict):
        services.merge_finding(finding=decided, into=kept, actor=world.team_leader)
