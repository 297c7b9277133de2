"""What waits for whom on the workbench (H1)."""

from datetime import timedelta

import pytest
import time_machine

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
        ("draft", "findings_sign", "team_leader"),
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
    services.file_round(round=inspection.round, actor=world.county_officer)
    assert kinds(world, "county_officer") == ["feedback_draft"]
    assert kinds(world, "county_head") == []
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer)
    assert kinds(world, "county_officer") == []
    assert kinds(world, "county_head") == []  # to issue it is told by rectification
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


def test_a_filed_plan_waits_for_the_city_and_a_returned_one_for_the_county(world):
    plan = services.file_plan(plan=build.approved_plan(world), actor=world.county_officer)
    assert kinds(world, "city_officer") == ["filing_answer"]
    assert kinds(world, "city_roster_admin") == []
    assert kinds(world, "county_officer") == ["round_open"]
    services.return_filing(filing=plan.filings.get(), actor=world.city_officer, note="重点关注村太少")
    assert kinds(world, "city_officer") == []
    assert kinds(world, "county_officer") == ["plan_revise"]
    services.revise_plan(plan=plan, actor=world.county_officer)
    assert kinds(world, "county_officer") == ["plan_draft"]


def test_a_round_is_to_be_filed_until_the_city_has_it(world):
    inspection = build.arranged_inspection(world)
    assert "round_file" not in kinds(world, "county_officer")
    services.file_plan(plan=AnnualPlan.objects.get(), actor=world.county_officer)
    row = next(one for one in todo(world.county_officer) if one["kind"] == "round_file")
    assert (row["title"][:5], row["due"]) == ("报市备案：", inspection.round.starts_on - timedelta(days=3))
    filing = services.file_round(round=inspection.round, actor=world.county_officer)
    assert "round_file" not in kinds(world, "county_officer")
    services.return_filing(filing=filing, actor=world.city_officer, note="两组力量不均")
    assert [one["title"][:4] for one in todo(world.county_officer) if one["kind"] == "round_file"] == ["市里退回"]


@pytest.mark.parametrize("ground", ["native", "serves", "declared", "lapsed", "elsewhere"])
def test_a_team_with_one_who_must_keep_away_is_on_the_offices_desk(world, ground):
    build.arranged_inspection(world)
    member = world.team_member
    if ground == "native":
        type(member).objects.filter(pk=member.pk).update(native_township=world.township)
    elif ground == "serves":
        type(member).objects.filter(pk=member.pk).update(organ=world.village_secretary.organ)
    else:
        place = world.sibling_township if ground == "elsewhere" else world.township
        until = build.today() if ground == "lapsed" else None
        services.declare_recusal(
            user=member,
            township=place,
            kind="RELATIVE",
            declared_on=build.today(),
            until=until,
            detail="表兄任村主任",
            actor=world.county_officer,
        )
    day = build.today() + timedelta(days=1)
    with time_machine.travel(f"{day}T09:00:00+08:00", tick=False):
        rows = [one for one in todo(build.fresh(world.county_officer)) if one["kind"] == "recused"]
    assert [("1 个村" in one["title"], "表兄" in str(one)) for one in rows] == (
        [(True, False)] if ground in ("native", "serves", "declared") else []
    )


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
