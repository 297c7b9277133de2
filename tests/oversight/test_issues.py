"""Common issues and campaigns: detection, the committee, the department and what it may see (A8, F1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import OrganKind
from accounts.services import open_organ
from common import policy
from common.calendar import today
from common.errors import Conflict
from common.models import Message
from inspections.models import Conversation, Finding
from oversight import services
from oversight.models import Campaign, CampaignFinding, CampaignTask, CommonIssue
from oversight.selectors import campaigns as reading
from oversight.selectors import common as read
from rectification.models import RectificationItem
from tests.factories import oversight as make
from tests.factories.inspections import fresh
from tests.factories.story_parts import OTHER, OWN, SIBLING
from tests.factories.world import person
from villages.models import Village

CODE, PARTY = "B1-01", "B2-01"


@pytest.fixture
def w(story):
    """The cast, none of whom remembers an earlier test; the story's own issues and campaigns are put out of the way."""
    story.world.people = {name: fresh(user) for name, user in story.world.people.items()}
    return story.world


def thresholds(w, villages=2, townships=2, share=50):
    return services.set_thresholds(
        county=w.county, villages=villages, townships=townships, share=share, actor=w.county_head
    )


def opened(w, code=CODE, **fields):
    values = {"department": make.department(w), "deadline": today() + timedelta(days=60), "analysis": "制度空转。"}
    return services.open_issue(county=w.county, code=code, actor=w.county_officer, **values | fields)


def row(w, code=CODE):
    return read.recurring(w.county_officer, w.county, code)


def test_an_item_is_common_when_all_three_thresholds_are_reached(w):
    thresholds(w)
    found = row(w)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT f.village_id), count(DISTINCT f.township_id), count(*) FROM inspections_finding f"
            " JOIN inspections_checklistitem i ON i.id = f.checklist_item_id"
            " WHERE f.status = 'FED_BACK' AND i.code = %s AND f.county_id = %s",
            [CODE, w.county.pk],
        )
        assert (found.villages, found.townships, found.findings) == cursor.fetchone()
    assert (found.is_common, found.share) == (True, 100.0)


@pytest.mark.parametrize("limits", [{"villages": 3}, {"townships": 3}])
def test_below_one_threshold_nothing_is_common(w, limits):
    thresholds(w, **limits)
    assert not row(w).is_common
    with pytest.raises(ValidationError, match="没有达到"):
        opened(w)


def test_the_share_is_that_of_the_villages_that_were_given_feedback(w, as_owner):
    thresholds(w, share=100)
    assert row(w).is_common
    item = Finding.objects.filter(county=w.county, status="FED_BACK", checklist_item__code=CODE).first().checklist_item
    one = w.village.pk
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE inspections_finding SET checklist_item_id = (SELECT id FROM inspections_checklistitem"
            " WHERE code = %s LIMIT 1) WHERE village_id = %s AND checklist_item_id = %s",
            [PARTY, one, item.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    assert row(w).share == 50.0
    assert not row(w).is_common


def test_the_spread_is_told_by_township(w):
    found = {one.township.name: (one.villages, one.inspected) for one in read.spread(w.county_officer, w.county, CODE)}
    assert found == {"青义镇": (1, 1), "丰谷镇": (1, 1)}


def test_only_the_head_sets_the_thresholds(w):
    with pytest.raises(PermissionDenied):
        services.set_thresholds(county=w.county, villages=3, townships=2, share=20, actor=w.county_officer)
    with pytest.raises(PermissionDenied):
        services.set_thresholds(county=w.county, villages=3, townships=2, share=20, actor=w.other_county_head)


def test_an_issue_is_opened_once_until_its_campaign_has_ended(w):
    thresholds(w)
    with pytest.raises(Conflict):
        opened(w)  # the story's campaign on it is running
    finish(w, Campaign.objects.get(issue__county=w.county, issue__code=CODE))
    assert opened(w).villages == 2
    with pytest.raises(Conflict):
        opened(w)


def finish(w, campaign):
    for task in campaign.tasks.filter(status="OPEN"):
        services.finish_task(task=task, result="已补公示", done_on=today(), actor=w.department_officer)
    reported = services.report_campaign(campaign=campaign, result="制度已修订", actor=w.department_officer)
    return services.close_campaign(campaign=reported, actor=w.county_officer)


@pytest.mark.parametrize(
    ("fields", "at"), [({"deadline": today()}, "deadline"), ({"analysis": " "}, "analysis"), ({}, "department")]
)
def test_an_issue_needs_a_deadline_to_come_an_analysis_and_a_department_of_the_county(w, fields, at):
    thresholds(w)
    finish(w, Campaign.objects.get(issue__county=w.county, issue__code=CODE))
    values = fields or {"department": w.county_officer.organ}
    with pytest.raises(ValidationError) as refused:
        opened(w, **values)
    assert at in refused.value.message_dict


def test_the_head_of_the_leading_group_decides_and_nobody_else(w, story):
    issue = story.places[OWN].issue
    for name in ("county_officer", "county_head", "city_officer", "department_officer", "township_secretary"):
        with pytest.raises(PermissionDenied):
            services.approve_issue(issue=issue, actor=w.people[name])
    approved = services.approve_issue(issue=issue, actor=w.leading_group)
    assert approved.campaign.status == "ASSIGNED"
    assert Message.objects.filter(recipient=w.department_officer, path=approved.campaign.get_absolute_url()).exists()


def test_what_is_returned_is_mended_and_proposed_again(w, story):
    issue = services.return_issue(issue=story.places[OWN].issue, actor=w.leading_group, note="时限太长")
    values = {"department": issue.department, "deadline": today() + timedelta(days=20), "analysis": "改过"}
    again = services.propose_again(issue=issue, actor=w.county_officer, **values)
    assert (again.status, again.analysis) == ("PROPOSED", "改过")


def test_an_issue_given_to_another_department_leaves_the_report_to_the_first(w, story):
    report = make.issued(w, make.report(w, f"item:{CODE}"))
    other = open_organ(division=w.county, kind=OrganKind.FUNCTIONAL_DEPARTMENT, name="水利局", actor=None)
    for department, stands in ((report.department, report), (other, None)):
        issue = make.issue(w, PARTY, report=report)
        services.return_issue(issue=issue, actor=w.leading_group, note="再议")
        values = {"department": department, "deadline": today() + timedelta(days=20), "analysis": "改过"}
        again = services.propose_again(issue=issue, actor=w.county_officer, **values)
        assert (again.department, again.report) == (department, stands)


def test_what_has_quotes_in_its_name_is_quoted_as_one(w, story):
    one = make.campaign(w)
    with pytest.raises(Conflict, match=r"^“‘.*’专项整治”现在是“待部门受领”，不能再“验收结束”"):
        services.close_campaign(campaign=one, actor=w.county_officer)


def test_the_approval_fixes_villages_and_findings(w):
    campaign = Campaign.objects.get(issue__county=w.county, issue__code=CODE)
    own = Finding.objects.filter(county=w.county, status="FED_BACK", checklist_item__code=CODE)
    assert set(campaign.findings.values_list("finding", flat=True)) == set(own.values_list("pk", flat=True))
    assert set(campaign.tasks.values_list("village", flat=True)) == set(own.values_list("village", flat=True))
    assert campaign.tasks.count() == 2


# What the department sees


def test_a_department_sees_its_campaigns_findings_and_nothing_else(w):
    user = w.department_officer
    mine = set(Finding.objects.filter(county=w.county, status="FED_BACK", checklist_item__code=CODE))
    assert set(policy.visible(user, Finding.objects.all())) == mine
    assert {one.finding for one in policy.visible(user, RectificationItem.objects.select_related("finding"))} == mine
    assert set(policy.visible(user, Village.objects.all()).values_list("pk", flat=True)) == {
        one.village_id for one in mine
    }
    assert not policy.may(user, "view", Conversation)
    assert not policy.may(user, "export", RectificationItem)


def test_another_department_of_the_county_sees_neither_campaign_nor_findings(w):
    water = open_organ(division=w.county, kind=OrganKind.FUNCTIONAL_DEPARTMENT, name="水利局", actor=None)
    other = person("water", "水利局干部", w.township, OrganKind.PARTY_COMMITTEE)
    type(other).objects.filter(pk=other.pk).update(organ=water)
    other = fresh(other)
    assert not policy.visible(other, Campaign.objects.all()).exists()
    for model in (Finding, RectificationItem, Village):
        assert not policy.may(other, "view", model)
    client = Client()
    client.force_login(other)
    running = Campaign.objects.get(issue__county=w.county, issue__code=CODE)
    assert client.get(running.get_absolute_url()).status_code == 404


def test_no_page_of_the_department_shows_a_source_or_another_finding(w, story):
    client = Client()
    client.force_login(w.department_officer)
    finding = story.places[SIBLING].items["closed"].finding
    page = client.get(finding.get_absolute_url()).content.decode()
    assert finding.title in page
    assert "T-01" not in page
    assert client.get(story.places[SIBLING].items["party"].finding.get_absolute_url()).status_code == 404
    listed = client.get(reverse("inspections:findings")).content.decode()
    assert story.places[SIBLING].items["party"].finding.title not in listed


# The campaign


def test_tasks_are_finished_one_by_one_before_the_result_is_reported(w):
    campaign = Campaign.objects.get(issue__county=w.county, issue__code=CODE)
    with pytest.raises(ValidationError, match="还有 2 个村"):
        services.report_campaign(campaign=campaign, result="完成", actor=w.department_officer)
    closed = finish(w, campaign)
    assert (closed.status, closed.closed_on) == ("CLOSED", today())


def test_the_office_may_return_the_result_and_a_village_is_worked_at_again(w):
    campaign = Campaign.objects.get(issue__county=w.county, issue__code=CODE)
    for task in campaign.tasks.all():
        services.finish_task(task=task, result="已补公示", done_on=today(), actor=w.department_officer)
    reported = services.report_campaign(campaign=campaign, result="完成", actor=w.department_officer)
    task = campaign.tasks.first()
    with pytest.raises(ValidationError, match="不在整治中"):
        services.resume_task(task=task, actor=w.department_officer, note="不实")
    with pytest.raises(PermissionDenied):
        services.close_campaign(campaign=reported, actor=w.department_officer)
    services.return_campaign(campaign=reported, actor=w.county_officer, note="一个村没有公示")
    again = services.resume_task(task=CampaignTask.objects.get(pk=task.pk), actor=w.department_officer, note="重做")
    assert (again.status, again.done_on) == ("OPEN", None)


def test_a_village_has_until_the_campaigns_deadline(w, story):
    approved = services.approve_issue(issue=story.places[OWN].issue, actor=w.leading_group)
    given = {"campaign": approved.campaign, "plan": "措施", "measure": "任务", "actor": w.department_officer}
    with pytest.raises(ValidationError) as refused:
        services.take_on(deadline=approved.deadline + timedelta(days=1), **given)
    assert "deadline" in refused.value.message_dict
    taken = services.take_on(deadline=approved.deadline, **given)
    assert {one.measure for one in taken.tasks.all()} == {"任务"}


def test_what_waits_for_whom(w, story):
    assert [one.pk for one in read.to_decide(w.leading_group)] == [story.places[OWN].issue.pk]
    assert list(read.to_decide(w.county_head)) == []
    running = Campaign.objects.get(issue__county=w.county, issue__code=CODE)
    assert list(reading.waiting(w.department_officer)) == [running]
    assert list(reading.waiting(w.county_officer)) == []
    home = Client()
    home.force_login(w.leading_group)
    assert f"共性问题：{story.places[OWN].issue.text}" in home.get("/").content.decode()
    home.force_login(w.department_officer)
    assert str(running) in home.get("/").content.decode()


# The database refuses as well


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE oversight_commonissue SET status = 'APPROVED', decided_by_id = opened_by_id",
        "UPDATE oversight_commonissue SET status = 'RETURNED' WHERE status = 'PROPOSED'",
        "UPDATE oversight_campaign SET status = 'CLOSED', closed_on = now() WHERE status = 'RUNNING'",
        "UPDATE oversight_campaigntask SET status = 'DONE', result = 'x', done_on = now(), done_by_id = 1",
        "UPDATE oversight_campaignfinding SET finding_id = finding_id + 1",
        "DELETE FROM oversight_campaigntask",
        "DELETE FROM oversight_commonissue",
    ],
)
def test_sql_cannot_do_what_the_pages_cannot(story, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_department_gets_no_more_findings_by_sql(w, story):
    """As the application's own database role, which may only add."""
    link = CampaignFinding.objects.first()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        CampaignFinding.objects.filter(pk=link.pk).update(finding=story.places[OTHER].finding)
    assert CommonIssue.objects.filter(county=w.other_county).count() == 2
