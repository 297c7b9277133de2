"""激励考核: figures recounted by SQL of its own, marks by who led and for nobody oneself, seen by few (G7)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from inspections import services as inspecting
from inspections.models import Inspection, Team
from oversight import services
from oversight.models import QualityMark
from oversight.selectors import appraisals as read
from tests.factories import assessments as a
from tests.factories import inspections as build
from tests.factories.inspections import fresh

GOOD, POOR = ("GOOD", ""), ("POOR", "谈话印证偏少")
MOST = 20  # statements of the page


@pytest.fixture
def closed(world):
    """Closed; one of its two papers had been sent back at the review."""
    inspection = build.running_inspection(world)
    build.confirmed_finding(world, inspection)
    signed = build.signed_finding(world, inspection, title="水渠淤塞无人管护")
    build.decided(world, inspecting.reopen_finding(finding=signed, actor=world.team_leader, note="事实不清"))
    feedback = inspecting.draft_feedback(inspection=build.leave(world, inspection), actor=world.county_officer)
    inspecting.issue_feedback(
        feedback=feedback,
        actor=world.county_head,
        on=today(),
        deadline=today() + timedelta(days=60),
        plan_due_on=today() + timedelta(days=20),
        document_number="涪巡办反〔2026〕1号",
    )
    return build.close(world, Inspection.objects.get(pk=inspection.pk))


def mark(inspection, actor, **marks):
    return services.mark_papers(inspection=inspection, marks={int(k[1:]): v for k, v in marks.items()}, actor=actor)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def asked(world, person=None):
    return read.Asked(today().year, county=None if person else world.county, person=person)


def test_members_and_teams_are_recounted(world, closed):
    mark(closed, fresh(world.team_leader), **{f"u{world.team_member.pk}": POOR})
    a.commended(world, a.appraisal(world), member=world.team_member)
    a.commended(world, a.appraisal(world, title="再次考核"), team=closed.team)
    returned = (
        "EXISTS (SELECT 1 FROM common_auditevent e WHERE e.object_type = 'inspections.Finding' AND e.action = 'reopen'"
        " AND e.object_id = f.id::text AND e.source IN ('SIGNED', 'REVIEWED'))"
    )
    rows = sql(
        "SELECT m.user_id, count(DISTINCT i.id) FILTER (WHERE i.status IN ('DURING', 'AFTER', 'CLOSED')),"
        " count(DISTINCT i.id) FILTER (WHERE i.status = 'CLOSED'),"
        " count(DISTINCT f.id) FILTER (WHERE f.status IN ('CONFIRMED', 'FED_BACK')),"
        f" count(DISTINCT f.id) FILTER (WHERE {returned})"
        " FROM inspections_teammember m JOIN inspections_inspection i ON i.team_id = m.team_id"
        " LEFT JOIN inspections_finding f"
        " ON f.inspection_id = i.id AND m.user_id IN (f.inspector_id, f.second_inspector_id)"
        " GROUP BY 1"
    )
    names = dict(sql("SELECT id, full_name FROM accounts_user"))
    shown = {one.name: one for one in read.members(asked(world))}
    assert shown.keys() == {names[pk] for pk, *_counts in rows}
    for pk, *counts in rows:
        mine = shown[names[pk]].counts
        assert [mine[key] for key in ("entered", "closed", "confirmed", "returned")] == counts
    member, leader = shown[world.team_member.full_name].counts, shown[world.team_leader.full_name].counts
    assert (member["confirmed"], member["returned"], member["POOR"], member["commended"]) == (2, 1, 1, 1)
    assert (leader["POOR"], leader["commended"]) == (0, 0)
    (team,) = [one for one in read.teams(asked(world)) if one.counts["entered"]]
    assert [team.counts[key] for key in ("closed", "confirmed", "returned", "POOR", "commended")] == [1, 2, 1, 1, 1]


LINK = re.compile(r'<a[^>]* href="([^"]+)"[^>]*>(\d+)</a>')


def test_every_figure_opens_as_many_rows_as_it_says(world, closed, signed_in):
    mark(closed, fresh(world.team_leader), **{f"u{world.team_member.pk}": POOR, f"u{world.spare_member.pk}": GOOD})
    a.commended(world, a.appraisal(world), member=world.team_member)
    a.commended(world, a.appraisal(world, title="再次考核"), team=closed.team)
    client = signed_in(fresh(world.county_head))
    page = client.get(reverse("oversight:appraisal")).content.decode()
    own = reverse("oversight:appraisal") + "?"
    found = [(unescape(url), int(n)) for url, n in LINK.findall(page) if not unescape(url).startswith(("?", own))]
    assert {url.partition("?")[0] for url, _n in found} == {
        reverse(f"{name}") for name in ("inspections:list", "inspections:findings", "oversight:appraisal_rows")
    }
    assert len(found) >= 16
    for url, n in found:
        response = client.get(url)
        assert (response.status_code, response.context["page"].count) == (200, n), url


@pytest.mark.parametrize("name", ["township_secretary", "village_secretary"])
def test_who_reads_what_was_fed_back_cannot_ask_who_found_it(world, closed, signed_in, name):
    client, findings = signed_in(fresh(world.people[name])), reverse("inspections:findings")
    assert client.get(findings).context["page"].count == 2
    for asked in ({"member": world.team_member.pk}, {"team": closed.team_id}, {"returned": "yes"}):
        assert client.get(findings, asked).context["page"].count == 0


def test_a_person_reads_the_own_figures_alone(world, closed, signed_in):
    mark(closed, fresh(world.team_leader), **{f"u{world.team_member.pk}": POOR, f"u{world.spare_member.pk}": GOOD})
    (mine,) = read.members(asked(world, fresh(world.team_member)))
    assert (mine.name, mine.counts["POOR"], mine.counts["GOOD"]) == (world.team_member.full_name, 1, 0)
    page = signed_in(fresh(world.team_member)).get(reverse("oversight:my_appraisal")).content.decode()
    assert "谈话印证偏少" in page
    assert world.spare_member.full_name not in page


@pytest.mark.parametrize("name", ["township_secretary", "village_secretary", "discipline_officer", "supervisor"])
def test_townships_and_villages_see_none_of_it(world, closed, signed_in, name):
    client = signed_in(fresh(world.people[name]))
    for page in ("oversight:appraisal", "oversight:my_appraisal"):
        assert client.get(reverse(page)).status_code == 403
    assert "激励考核" not in client.get("/").content.decode()


def test_only_leaders_and_the_head_mark_and_nobody_himself(world, closed):
    for user in (world.team_member, world.county_officer, world.township_secretary):
        with pytest.raises(PermissionDenied):
            mark(closed, fresh(user), **{f"u{world.spare_member.pk}": GOOD})
    with pytest.raises(ValidationError, match="不在这个巡察组"):
        mark(closed, fresh(world.team_leader), **{f"u{world.team_leader.pk}": GOOD})
    assert len(mark(closed, world.county_head, **{f"u{world.team_leader.pk}": GOOD})) == 1
    with pytest.raises(ValidationError, match="已经评价过"):
        mark(closed, world.county_head, **{f"u{world.team_leader.pk}": GOOD})
    with pytest.raises(ValidationError, match="改进什么"):
        mark(closed, world.county_head, **{f"u{world.team_member.pk}": ("POOR", " ")})


def test_papers_are_marked_once_the_inspection_is_closed(world):
    running = build.running_inspection(world)
    with pytest.raises(Conflict, match="办结之后"):
        mark(running, world.county_head, **{f"u{world.team_member.pk}": GOOD})
    row = QualityMark(
        inspection=running,
        county=world.county,
        member=world.team_member,
        grade="GOOD",
        given_by=world.county_head,
        given_on=today(),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()


def test_marks_stay(world, closed):
    mark(closed, world.county_head, **{f"u{world.team_member.pk}": GOOD})
    for statement in ("UPDATE oversight_qualitymark SET grade = 'FAIR'", "DELETE FROM oversight_qualitymark"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement)


def test_leaders_find_on_their_desk_what_is_to_be_marked(world, closed):
    leader = fresh(world.team_leader)
    assert list(read.to_mark(leader)) == [closed]
    others = [one.user_id for one in read.to_be_marked(closed, leader)]
    mark(closed, leader, **{f"u{pk}": GOOD for pk in others})
    assert list(read.to_mark(leader)) == []
    assert list(read.to_mark(fresh(world.team_member))) == []


def test_commended_by_an_appraisal_that_was_held_and_only_who_inspected_there(world, closed):
    planned = a.appraisal(world, held=False)
    with pytest.raises(PermissionDenied, match="已经进行"):
        a.commended(world, planned, team=closed.team)
    held = a.appraisal(world, title="年末考核")
    with pytest.raises(ValidationError, match="参加过巡察"):
        a.commended(world, held, member=world.township_secretary)
    a.commended(world, held, team=closed.team)
    with pytest.raises(ValidationError, match="已经表扬过"):
        a.commended(world, held, team=Team.objects.get(pk=closed.team_id))


def test_the_page_asks_as_often_for_three_teams_as_for_one(world, closed, signed_in):
    client, url = signed_in(fresh(world.county_head)), reverse("oversight:appraisal")

    def count():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    before = count()
    for number in range(3):
        team = Team.objects.create(round=closed.round, organ=closed.team.organ, name=f"增派{number}组")
        team.members.create(user=world.spare_member, starts_on=today(), ends_on=today())
    assert count() == before <= MOST
