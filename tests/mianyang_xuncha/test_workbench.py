"""The workbench: who finds what, that figures and rows agree, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.calendar import today
from inspections.models import Finding
from mianyang_xuncha.workbench import desk_for
from rectification.models import RectificationItem
from tests.factories import inspections as inspecting
from tests.factories import rectification as rectifying
from tests.factories.world import World, told

MOST = 15


@pytest.fixture
def story(world) -> World:
    """Three items of the village: one overdue, one in supervision, one assigned."""
    items = rectifying.assigned_items(world, findings=3, on=today() - timedelta(days=90))
    rectifying.submitted_item(world, rectifying.open_item(world, items[0]))
    return world


@told()
def add_items(count: int, prefix: str) -> None:
    """Twins of the first item, written straight into the tables: only how many they are matters here."""
    first = RectificationItem.objects.order_by("id").first()
    findings = Finding.objects.bulk_create(twin(first.finding, None) for _n in range(count))
    items = enumerate(findings)
    RectificationItem.objects.bulk_create(twin(first, f"{prefix}-{n:03}", finding_id=one.pk) for n, one in items)


def twin(row, number, **changed):
    own = {"id", "number", "status", "closed_at", "closed_by_id", *changed}
    kept = [one.attname for one in row._meta.concrete_fields if one.attname not in own]
    return type(row)(number=number, **{name: getattr(row, name) for name in kept}, **changed)


def queries(client, user) -> int:
    client.force_login(user)
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        response = client.get("/")
    assert response.status_code == 200
    return len(seen)


# person of the cast → queries of the whole page, session and shell included
QUERIES = {
    "county_officer": 14,
    "county_head": 15,
    "roster_admin": 7,
    "leading_group": 8,
    "city_officer": 9,
    "city_roster_admin": 7,
    "team_leader": 10,
    "team_member": 10,
    "county_discipline": 7,
    "org_officer": 9,
    "department_officer": 7,
    "township_secretary": 12,
    "discipline_officer": 7,
    "village_secretary": 10,
    "supervisor": 7,
    "sysadmin": 6,
    "auditor": 5,
}
PEOPLE = list(QUERIES)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_desk_takes_the_same_queries_with_10_and_300_items(client, story, name):
    add_items(7, "X")
    assert queries(client, story.people[name]) == QUERIES[name]
    add_items(290, "Y")
    assert queries(client, story.people[name]) == QUERIES[name]


def test_no_desk_takes_more_than_15_queries():
    assert max(QUERIES.values()) <= MOST


def figure(desk, label: str) -> str:
    return next(str(one["value"]) for one in desk.kpis if one["label"] == label)


@pytest.mark.parametrize("name", ["county_officer", "city_officer", "leading_group", "county_discipline"])
def test_figures_agree_with_the_rows_behind_them(client, story, name):
    user = story.people[name]
    client.force_login(user)
    desk = desk_for(user)
    late = next(one for one in desk.kpis if one["label"] == "超期未改")
    shown = client.get(late["url"]).content.decode()
    numbers = RectificationItem.objects.filter(deadline__lt=today()).values_list("number", flat=True)
    assert str(late["value"]) == str(len(numbers)) != "0"
    assert all(number in shown for number in numbers)


def test_no_link_of_any_desk_is_dead(client, story):
    for name in PEOPLE:
        client.force_login(story.people[name])
        page = client.get("/").content.decode()
        main = page[page.index("<main") : page.index("</main>")] + page[page.index("<nav") : page.index("</nav>")]
        links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"]*)"', main)}
        bad = {link: code for link in links if (code := client.get(link).status_code) != 200}
        assert (name, bad) == (name, {})


def test_the_office_urges_all_overdue_items_from_its_desk(client, story):
    client.force_login(story.county_officer)
    page = client.get("/").content.decode()
    ids = desk_for(story.county_officer).urge
    assert f"一键催办 {len(ids)} 件超期" in page
    assert "批量催办" in client.post("/rectification/batch/urge/", {"ids": ids}).content.decode()


def test_a_township_finds_its_tasks_with_the_next_act(client, story):
    client.force_login(story.township_secretary)
    page = client.get("/").content.decode()
    assigned = RectificationItem.objects.filter(status="ASSIGNED").first()
    assert f"/rectification/{assigned.pk}/accept/" in page
    assert "批量签收" in page


def test_supervisors_find_what_they_have_to_sign_until_they_have_signed(client, story):
    client.force_login(story.supervisor)
    item = RectificationItem.objects.get(status="UNDER_SUPERVISION")
    assert f"/rectification/{item.pk}/sign/" in client.get("/").content.decode()
    rectifying.sign(item, story.supervisor)
    assert f"/rectification/{item.pk}/sign/" not in client.get("/").content.decode()


def test_the_village_finds_its_own_items_only(client, story):
    client.force_login(story.village_secretary)
    own = client.get("/").content.decode()
    client.force_login(story.other_village_secretary)
    other = client.get("/").content.decode()
    title = RectificationItem.objects.first().finding.title
    assert title in own
    assert title not in other


def test_a_team_member_finds_the_village_with_the_button_to_record(client, world):
    inspection = inspecting.running_inspection(world)
    client.force_login(world.team_member)
    page = client.get("/").content.decode()
    assert f"/inspections/{inspection.pk}/findings/new/" in page
    assert "记录问题" in page


def test_a_leader_finds_the_drafts_to_decide(client, world):
    inspecting.reviewed_finding(world)
    client.force_login(world.team_leader)
    assert "审定底稿" in client.get("/").content.decode()


def test_the_leading_group_finds_the_plan_to_approve(client, world):
    from inspections import services

    services.submit_plan(plan=inspecting.draft_plan(world), actor=world.county_officer)
    client.force_login(world.leading_group)
    assert "审批 涪城区" in client.get("/").content.decode()


def test_the_head_finds_classes_to_approve_but_not_the_own_proposals(client, world):
    from villages.services import propose_class

    propose_class(village=world.village, klass="RISK", kinds=[], reason="信访较多", actor=world.county_officer)
    client.force_login(world.county_head)
    assert "1 个村的分类待审定" in client.get("/").content.decode()
    propose_class(village=world.second_village, klass="RISK", kinds=[], reason="信访较多", actor=world.county_head)
    assert "1 个村的分类待审定" in client.get("/").content.decode()


def test_the_system_administrator_finds_accounts_and_no_business(client, story):
    client.force_login(story.sysadmin)
    page = client.get("/").content.decode()
    assert "在用账号" in page
    assert "整改" not in page


def test_the_auditor_finds_what_was_refused(client, story):
    client.force_login(story.village_secretary)
    client.get("/accounts/audit/")
    client.force_login(story.auditor)
    assert "/accounts/audit/" in client.get("/").content.decode()
    assert figure(desk_for(story.auditor), "越权被拒") == "1"


def test_a_department_without_anything_is_told_so(client, story):
    client.force_login(story.department_officer)
    assert "现在没有交给您单位的事项" in client.get("/").content.decode()


def test_coverage_counts_a_closed_inspection_once(client, world):
    inspecting.closed_inspection(world)
    desk = desk_for(world.county_officer)
    assert desk.kpis[0]["unit"] == "% · 1 / 3 村"
    assert figure(desk, "本届巡察覆盖") == "33.3"
