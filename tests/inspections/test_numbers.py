"""Numbers stay unique when two people press at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common.errors import Conflict
from inspections import services
from inspections.models import Feedback, Finding, Round
from tests.factories import inspections as build
from tests.factories import world as place


def at_once(*calls):
    """Run all calls together, each on a connection of its own; exceptions come back as results."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def cast(transactional_db):
    return place.build()


def test_findings_decided_at_once_get_numbers_of_their_own(cast):
    inspection = build.running_inspection(cast)
    waiting = [build.reviewed_finding(cast, inspection) for _one in range(4)]

    def decide(finding):
        return lambda: services.confirm_finding(finding=finding, actor=build.fresh(cast.team_leader))

    results = at_once(*map(decide, waiting))
    assert [one for one in results if isinstance(one, Exception)] == []
    numbers = sorted(Finding.objects.values_list("number", flat=True))
    assert numbers == [f"{inspection.number}-0{n}" for n in (1, 2, 3, 4)]


def test_a_round_opened_by_two_at_once_opens_once(cast):
    build.checklist()
    plan = build.approved_plan(cast)

    def open_it():
        return services.open_round(
            plan=plan, number=1, starts_on=build.today(), ends_on=build.today(), actor=build.fresh(cast.county_officer)
        )

    results = at_once(open_it, open_it)
    assert sum(isinstance(one, Round) for one in results) == 1
    assert Round.objects.get().inspections.count() == 1


def test_feedback_drafted_by_two_at_once_is_drafted_once(cast):
    inspection = build.left_inspection(cast)

    def draft():
        return services.draft_feedback(inspection=inspection, actor=build.fresh(cast.county_officer))

    results = at_once(draft, draft)
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert Feedback.objects.count() == 1


def test_recording_while_issuing_leaves_no_draft_behind(cast):
    feedback = build.feedback_draft(cast)
    inspection = feedback.inspection
    item = inspection.checklist.items.first()

    def issue():
        return services.issue_feedback(
            feedback=feedback,
            actor=build.fresh(cast.county_head),
            on=build.today(),
            deadline=build.today(),
            plan_due_on=None,
            document_number="",
        )

    def record():
        return services.record_finding(
            inspection=inspection, actor=build.fresh(cast.team_member), checklist_item=item, title="x", facts="y"
        )

    at_once(issue, record)
    issued = Feedback.objects.get().status == "ISSUED"
    assert issued is not Finding.objects.filter(status="DRAFT").exists()
