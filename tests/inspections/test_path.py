"""The legal path from plan to closing, as one walk."""

from inspections.enums import FindingStatus, Stage
from inspections.models import Finding, Inspection
from tests.factories import inspections as build


def test_an_inspection_walks_from_plan_to_closing(world):
    inspection = build.closed_inspection(world)
    assert (inspection.status, inspection.number) == (Stage.CLOSED, f"FC-{inspection.round.plan.year}-1-001")


def test_issuing_freezes_every_finding(world):
    feedback = build.issued_feedback(world, findings=3)
    statuses = set(Finding.objects.filter(inspection=feedback.inspection).values_list("status", flat=True))
    assert statuses == {FindingStatus.FED_BACK}


def test_running_inspection_has_a_team_in_the_village(world):
    inspection = build.running_inspection(world)
    assert Inspection.objects.get(pk=inspection.pk).entered_on is not None
