"""Self-checks and campaign tasks of villages that merge, move or come back: open ones follow, past ones stay (B5)."""

import pytest

from common import audit, integrity
from common.calendar import today
from inspections.models import Inspection
from inspections.services.villages import follow_villages as move_inspections
from oversight import services
from oversight.models import CampaignTask, SelfCheck
from oversight.selectors.self_checks import answers_tested, compared
from oversight.services.villages import follow_villages, loads
from tests.factories import inspections as build
from tests.factories import oversight as make
from tests.factories import rectification as items
from tests.factories.inspections import fresh
from tests.rectification.test_villages import merge
from villages.enums import Change
from villages.followers import Moved, Readjustment
from villages.models import RosterChange, Village

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


@pytest.fixture
def asked(world):
    """A notice to both villages of the township; the first one has answered."""
    items.assigned_items(world, findings=1)
    notice = make.notice(world, [world.village, world.second_village])
    item = notice.items.get()
    first, second = notice.checks.order_by("village__division__code")
    services.answer_check(check=first, answers={item.pk: ("NONE", "")}, actor=world.village_secretary)
    return first, second


@pytest.fixture
def task(world):
    item = items.assigned_items(world, findings=1)[0]
    return make.running_campaign(world, item.finding.checklist_item.code).tasks.get()


def merged(world, left, into):
    follow_villages(Readjustment(world.city_roster_admin, merged=[merge(left, into)]))


def lying(row):
    row.refresh_from_db()
    return row.village, row.origin


def strays() -> list[str]:
    return [line for one in integrity.ask() if "自查" in one.label for line in one.found]


def test_an_open_self_check_goes_to_the_successor_beside_its_own(world, asked):
    first, second = asked
    merged(world, world.village, world.second_village)
    assert lying(first) == (world.second_village, world.village)
    assert lying(second) == (world.second_village, None)
    assert audit.history(first).first().changes["village"] == ["龙门村", "方水村"]
    services.confirm_check(check=first, actor=world.township_secretary)
    assert strays() == []


def test_a_confirmed_self_check_stays_where_it_was_true(world, asked):
    first = services.confirm_check(check=asked[0], actor=world.township_secretary)
    merged(world, world.village, world.second_village)
    assert lying(first) == (world.village, None)


def denied(world, *villages):
    """A notice to these villages, each of which denied its item, on the township's word."""
    notice = make.notice(world, list(villages))
    who = {world.village.pk: world.village_secretary, world.second_village.pk: world.other_village_secretary}
    for check in notice.checks.all():
        answers = {notice.items.get().pk: ("NONE", "")}
        check = services.answer_check(check=check, answers=answers, actor=who[check.village_id])
        services.confirm_check(check=check, actor=world.township_secretary)
    return notice


def uncovered(world, notice):
    """Village → are its answers untrue? Of those that an inspection tested, on the page and in the figures alike."""
    user = fresh(world.county_officer)
    tested = answers_tested(SelfCheck.objects.filter(notice=notice))
    found = dict(tested.values_list("check_of__village", "untrue"))
    for check in notice.checks.select_related("village", "notice"):
        (row,) = compared(user, check)
        assert (row.fed_back, row.untrue) == (check.village_id in found, found.get(check.village_id, False))
    return found


def test_what_is_found_where_a_village_was_is_not_held_against_its_successor(world):
    build.checklist()
    build.term(world)
    notice = denied(world, world.village, world.second_village)
    inspection = build.running_inspection(world)
    change = Readjustment(world.city_roster_admin, merged=[merge(world.village, world.second_village)])
    move_inspections(change)
    follow_villages(change)
    inspection = Inspection.objects.get(pk=inspection.pk)
    assert (inspection.village, inspection.origin) == (world.second_village, world.village)
    items.services.hand_over(
        feedback=items.drafted_feedback(world, 1, inspection=inspection), actor=fresh(world.county_head)
    )
    assert uncovered(world, notice) == {world.village.pk: True}


@pytest.mark.parametrize(("act", "found"), [(Change.RECODED, True), (Change.MERGED, None)])
def test_a_village_under_a_new_code_answers_for_what_it_said_under_the_old(world, act, found):
    build.checklist()
    build.term(world)
    notice = denied(world, world.second_village)
    merge(world.second_village, world.village)
    RosterChange.objects.create(county=world.county, village=world.second_village, change=act, actor=world.roster_admin)
    items.assigned_items(world, findings=1)
    assert uncovered(world, notice).get(world.second_village.pk) is found


def test_an_open_self_check_comes_back_with_its_village(world, asked):
    merged(world, world.village, world.second_village)
    Village.objects.filter(pk=world.village.pk).update(status="ACTIVE", successor=None, valid_to=None)
    follow_villages(Readjustment(world.city_roster_admin, restored=[world.village.pk]))
    assert lying(asked[0]) == (world.village, None)


def test_open_work_moves_with_its_village_to_another_township(world, asked):
    Village.objects.filter(pk=world.village.pk).update(township=world.sibling_township)
    moved = [Moved(world.village.pk, world.sibling_township.pk)]
    follow_villages(Readjustment(world.city_roster_admin, moved=moved))
    asked[0].refresh_from_db()
    assert (asked[0].township, asked[0].origin) == (world.sibling_township, None)


def test_a_task_follows_and_shows_the_findings_of_the_village_it_came_from(world, task, signed_in):
    merged(world, world.village, world.second_village)
    assert lying(task) == (world.second_village, world.village)
    page = signed_in(world.department_officer).get(task.get_absolute_url()).content.decode()
    assert "方水村" in page
    assert "原龙门村" in page
    assert task.campaign.findings.get().finding.title in page
    assert (
        signed_in(world.department_officer).get(f"/villages/{world.second_village.division.code}/").status_code == 200
    )


def test_a_finished_task_stays_and_goes_on_at_the_successor_when_taken_up_again(world, task):
    given = {"result": "已补公示。", "done_on": today(), "actor": world.department_officer}
    task = services.finish_task(task=task, **given)
    merged(world, world.village, world.second_village)
    assert lying(task) == (world.village, None)
    task = services.resume_task(task=task, actor=world.department_officer, note="又有反映")
    assert (task.village, task.origin) == (world.second_village, world.village)
    assert strays() == []


def test_a_campaign_over_villages_that_merged_before_works_where_they_went(world):
    item = items.assigned_items(world, findings=1)[0]
    merged(world, world.village, world.second_village)
    task = make.campaign(world, item.finding.checklist_item.code).tasks.get()
    assert (task.village, task.origin) == (world.second_village, world.village)


def test_what_hangs_on_a_village_is_told_before_anybody_decides(world, task):
    make.notice(world, [world.village, world.second_village])
    told = {one.label: dict(one.counts) for one in loads([world.village.pk, world.second_village.pk])}
    assert told == {
        "未确认的自查": {world.village.pk: 1, world.second_village.pk: 1},
        "未完成的整治任务": {world.village.pk: 1},
    }
    assert SelfCheck.objects.count() == 2
    assert CampaignTask.objects.count() == 1


def test_a_township_reads_the_tasks_of_its_villages_and_not_the_campaign(world, task, signed_in):
    client = signed_in(world.township_secretary)
    page = client.get("/oversight/tasks/").content.decode()
    assert task.measure in page
    assert client.get(task.get_absolute_url()).status_code == 403
    there = signed_in(world.sibling_township_secretary).get("/oversight/tasks/").content.decode()
    assert task.measure not in there
    assert task.measure not in client.get("/oversight/tasks/?t=done").content.decode()
