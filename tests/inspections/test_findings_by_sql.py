"""What the database itself refuses of findings: to sign for others, to decide on one's own, to skip a step (C1)."""

import pytest
from django.db import DatabaseError, connection, transaction

from common.audit import record
from inspections import services
from inspections.enums import FindingStatus
from tests.factories import inspections as build

S = FindingStatus


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


def raw(finding, status, actor, **columns):
    """The move by SQL as the application's role, with an event such as the program writes."""
    record("x", finding, actor=actor, source=finding.status, target=status)
    values = {"status": status} | columns
    names = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE inspections_finding SET {names} WHERE id = %s", [*values.values(), finding.pk])


def refused(*args, **columns):
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(*args, **columns)
    return True


def test_by_sql_nobody_but_the_second_inspector_signs(world, inspection):
    finding = build.draft_finding(world, inspection)
    assert refused(finding, "SIGNED", world.team_member)
    assert refused(finding, "SIGNED", world.spare_member)
    raw(finding, "SIGNED", world.team_leader)


def test_by_sql_nobody_reviews_or_decides_on_his_own(world, inspection):
    finding = build.signed_finding(world, inspection)
    assert refused(finding, "REVIEWED", world.team_member, reviewed_by_id=world.team_member.pk)
    assert refused(finding, "REVIEWED", world.team_leader, reviewed_by_id=world.team_leader.pk)  # signed it
    assert refused(finding, "REVIEWED", world.spare_member, reviewed_by_id=world.team_leader.pk)
    finding = services.review_finding(finding=finding, actor=world.spare_member)
    number = {"number": "X-1"}
    assert refused(finding, "CONFIRMED", world.team_member, approved_by_id=world.team_member.pk, **number)
    assert refused(finding, "CONFIRMED", world.spare_member, approved_by_id=world.spare_member.pk, **number)
    assert refused(
        finding,
        "CONFIRMED",
        world.spare_member,
        approved_by_id=world.spare_member.pk,
        reviewed_by_id=world.team_leader.pk,
        **number,
    )
    raw(finding, "CONFIRMED", world.team_leader, approved_by_id=world.team_leader.pk, **number)


@pytest.mark.parametrize(
    ("state", "target"),
    [("draft", "REVIEWED"), ("draft", "CONFIRMED"), ("signed", "CONFIRMED"), ("signed", "FED_BACK")],
)
def test_by_sql_no_step_is_skipped(world, inspection, state, target):
    finding = getattr(build, f"{state}_finding")(world, inspection)
    who = {"reviewed_by_id": world.spare_member.pk, "approved_by_id": world.team_leader.pk}
    assert refused(finding, target, world.team_leader, number="X-1", **who)


@pytest.mark.parametrize("state", ["signed", "reviewed", "confirmed"])
@pytest.mark.parametrize(
    "column", [{"title": "改"}, {"facts": "改"}, {"amount": 1}, {"severity": "MINOR"}, {"second_inspector_id": None}]
)
def test_by_sql_what_was_signed_does_not_change(world, inspection, state, column):
    finding = getattr(build, f"{state}_finding")(world, inspection)
    assert refused(finding, finding.status, world.team_leader, **column)


def test_by_sql_the_author_stays_the_author_and_the_number_the_number(world, inspection):
    draft, confirmed = build.draft_finding(world, inspection), build.confirmed_finding(world, inspection)
    assert refused(draft, "DRAFT", world.team_leader, inspector_id=world.team_leader.pk)
    assert refused(confirmed, "CONFIRMED", world.team_leader, number="X-9")
    assert refused(confirmed, "CONFIRMED", world.team_leader, reviewed_by_id=world.team_member.pk)


def test_by_sql_a_finding_is_merged_within_its_inspection_only(world, inspection):
    finding = build.draft_finding(world, inspection)
    assert refused(finding, "MERGED", world.team_leader, merged_into_id=finding.pk)
    assert refused(finding, "MERGED", world.team_leader)
