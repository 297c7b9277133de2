"""What confirms a finding: by number, for team and office, frozen with the finding, and in no paper (D6, D7)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from common.errors import Conflict
from common.models import AuditEvent
from inspections import services
from inspections.models import Citation
from inspections.selectors.fieldwork import cited
from rectification import services as rectifying
from tests.factories import inspections as build
from tests.factories import rectification as make


@pytest.fixture
def finding(world):
    """A draft, in an inspection with a talk, a visit and a paper."""
    inspection = build.running_inspection(world)
    for record in (build.conversation, build.visit, build.document):
        record(world, inspection)
    return build.draft_finding(world, inspection)


def numbers(finding):
    return [one.number for one in cited(finding)]


def cite(world, finding, *wanted, name="team_member"):
    return services.cite(finding=finding, actor=world.people[name], numbers=wanted)


def test_a_finding_rests_on_exactly_what_was_chosen_last(world, finding):
    assert cite(world, finding, "Z-01", "T-01", "F-01") == 3
    assert numbers(finding) == ["T-01", "F-01", "Z-01"]
    cite(world, finding, "F-01")
    assert numbers(finding) == ["F-01"]
    cite(world, finding)
    assert numbers(finding) == []


def test_the_trail_tells_how_many_and_not_which(world, finding):
    cite(world, finding, "T-01", "Z-01")
    assert AuditEvent.objects.get(action="cite").changes == {"citations": [0, 2]}


def test_what_is_not_there_or_void_cannot_be_cited(world, finding):
    services.void_record(record=finding.inspection.visits.get(), actor=world.team_leader, reason="MISTAKE")
    for number in ("T-09", "F-01", "D-01", "x"):
        with pytest.raises(ValidationError):
            cite(world, finding, "T-01", number)
    assert numbers(finding) == []


def test_the_same_number_of_another_inspection_is_another_record(world):
    villages = [build.classed(world), build.classed(world, world.second_village)]
    round = build.opened_round(world, villages)
    team = build.staffed_team(world, round)
    here, there = (
        services.assign_team(inspection=one, team=team, actor=world.county_officer) for one in round.inspections.all()
    )
    build.reload_people(world)
    here, there = build.enter(world, here), build.enter(world, there)
    build.conversation(world, there)
    with pytest.raises(ValidationError):
        cite(world, build.draft_finding(world, here), "T-01")


@pytest.mark.parametrize("name", ["county_officer", "leading_group", "township_secretary", "other_county_officer"])
def test_only_the_team_cites(world, finding, name):
    with pytest.raises(PermissionDenied):
        cite(world, finding, "T-01", name=name)


def test_a_confirmed_finding_may_still_be_given_its_evidence(world, finding):
    confirmed = build.decided(world, finding)
    assert cite(world, confirmed, "T-01") == 1


def test_a_rejected_one_may_not(world, finding):
    rejected = services.reject_finding(finding=finding, actor=world.team_leader, note="查无实据")
    with pytest.raises(Conflict):
        cite(world, rejected, "T-01")


@pytest.fixture
def fed_back(world, finding):
    make.deadlines()
    cite(world, finding, "T-01")
    build.decided(world, finding)
    inspection = build.leave(world, finding.inspection)
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer)
    rectifying.hand_over(feedback=feedback, actor=world.county_head)
    finding.refresh_from_db()
    return finding


def test_after_the_feedback_nothing_changes_any_more(world, fed_back):
    with pytest.raises(Conflict):
        cite(world, fed_back, "F-01")
    citation = Citation.objects.get()
    for change in (citation.delete, lambda: Citation.objects.update(visit=None)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Citation.objects.create(finding=fed_back, visit=fed_back.inspection.visits.get())


def test_team_and_office_see_the_numbers_and_nobody_else_does(world, fed_back, signed_in):
    shown = {
        name
        for name, user in world.people.items()
        if "T-01" in signed_in(user).get(fed_back.get_absolute_url()).content.decode()
    }
    assert shown == {"county_officer", "county_head", "team_leader", "spare_member", "team_member"}


def test_the_feedback_says_nothing_of_it(world, fed_back):
    opinion = fed_back.inspection.feedbacks.get().opinion
    assert not any(word in opinion for word in ("T-01", "老教师", "李演示"))


# pages


def test_the_page_chooses_and_shows(world, finding, signed_in):
    client, url = signed_in(world.team_member), reverse("inspections:cite", args=[finding.pk])
    text = client.get(url).content.decode()
    assert "T-01 谈话 老教师" in text
    assert "李演示" not in text
    told = client.post(url, {"numbers": ["T-01", "Z-01"]}, follow=True).content.decode()
    assert "印证 2 项" in told
    assert "村集体资金明细账" in told
    assert client.post(url, {"numbers": ["T-09"]}).status_code == 422


def test_the_page_is_closed_after_the_feedback(world, fed_back, signed_in):
    assert signed_in(world.team_member).get(reverse("inspections:cite", args=[fed_back.pk])).status_code == 409


def test_without_records_the_page_says_where_to_begin(world, signed_in):
    finding = build.draft_finding(world)
    text = signed_in(world.team_member).get(reverse("inspections:cite", args=[finding.pk])).content.decode()
    assert "还没有可以引用的登记" in text
