"""What waits for whom on the workbench (H1)."""

import pytest

from inspections import services
from inspections.models import AnnualPlan, Inspection
from inspections.selectors.todo import todo
from tests.factories import inspections as build


def kinds(world, name):
    return [one["kind"] for one in todo(build.fresh(getattr(world, name)))]


def test_draft_plan_waits_for_the_office(world):
    build.draft_plan(world)
    assert kinds(world, "county_officer") == ["plan_draft"]
    assert kinds(world, "leading_group") == []


def test_submitted_plan_waits_for_the_leading_group(world):
    services.submit_plan(plan=build.draft_plan(world), actor=world.county_officer)
    assert kinds(world, "leading_group") == ["plan_approve"]
    assert kinds(world, "county_officer") == []


def test_approved_plan_is_to_be_filed_and_begun(world):
    build.approved_plan(world)
    assert sorted(kinds(world, "county_officer")) == ["plan_file", "round_open"]


def test_inspections_without_team_wait_by_round(world):
    build.opened_round(world)
    found = [one for one in todo(world.county_officer) if one["kind"] == "team"]
    assert len(found) == 1
    assert "1 个村还没有派组" in found[0]["title"]


def test_leader_is_to_enter(world):
    build.arranged_inspection(world)
    assert kinds(world, "team_leader") == ["enter"]
    assert kinds(world, "team_member") == []


@pytest.mark.parametrize(
    ("state", "waits", "who"),
    [
        ("draft", "findings_sign", "spare_member"),
        ("signed", "findings_review", "spare_member"),
        ("reviewed", "findings_confirm", "team_leader"),
    ],
)
def test_a_paper_waits_for_whose_turn_it_is(world, state, waits, who):
    getattr(build, f"{state}_finding")(world)
    found = {name: set(kinds(world, name)) for name in ("team_member", "spare_member", "team_leader")}
    papers = {name: {one for one in rows if one.startswith("findings_")} for name, rows in found.items()}
    assert papers == {name: {waits} if name == who else set() for name in found}


def test_feedback_goes_from_officer_to_head_to_closing(world):
    inspection = build.left_inspection(world)
    services.file_plan(plan=AnnualPlan.objects.get(), actor=world.county_officer)
    assert kinds(world, "county_officer") == ["feedback_draft"]
    assert kinds(world, "county_head") == []
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer)
    assert kinds(world, "county_officer") == []
    assert kinds(world, "county_head") == ["feedback_issue"]
    services.issue_feedback(
        feedback=feedback,
        actor=world.county_head,
        on=build.today(),
        deadline=build.today(),
        plan_due_on=None,
        document_number="",
    )
    assert kinds(world, "county_officer") == ["close"]
    services.close_inspection(inspection=Inspection.objects.get(), actor=world.county_officer)
    assert kinds(world, "county_officer") == []


@pytest.mark.parametrize(
    "name",
    ["other_county_officer", "other_county_head", "township_secretary", "city_officer", "auditor"],
)
def test_nothing_of_it_reaches_others(world, name):
    build.draft_finding(world)
    assert kinds(world, name) == []


def test_every_row_can_be_opened_by_its_reader(world, signed_in):
    build.draft_finding(world)
    for name in ("county_officer", "team_leader", "team_member"):
        client = signed_in(getattr(world, name))
        for row in todo(build.fresh(getattr(world, name))):
            assert client.get(row["url"]).status_code == 200
            assert set(row) == {"kind", "title", "url", "organ", "when", "due"}


@pytest.mark.parametrize(("name", "most"), [("county_officer", 6), ("team_leader", 3), ("leading_group", 3)])
def test_todo_asks_few_questions(world, django_assert_max_num_queries, name, most):
    build.draft_finding(world)
    user = build.fresh(getattr(world, name))
    with django_assert_max_num_queries(most):
        todo(user)
