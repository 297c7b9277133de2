"""check_integrity: silent on a sound database, and each question finds what it is there to find."""

import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from common import integrity
from common.files import path_of
from inspections import services
from inspections.models import Duty, DutyList, DutyTemplate
from rectification.models import Attachment
from rectification.services.reminders import send_reminders, set_reminders
from tests.factories import inspections as inspecting
from tests.factories import rectification as make
from villages.models import Village

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


def found() -> str:
    return "\n".join(line for answer in integrity.ask() for line in answer.found)


def past_the_rules(as_owner, sql: str, *values: object) -> None:
    """Somebody with the owner's rights and the triggers off, which the application never has."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(sql, values)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def test_a_whole_story_adds_up(world):
    set_reminders(county=world.county, on=True, actor=world.county_head)
    item = make.closed_item(world)
    send_reminders(on=item.deadline)
    assert found() == ""


def test_the_command_is_content_with_a_sound_database(world):
    out = io.StringIO()
    call_command("check_integrity", stdout=out)
    assert out.getvalue().strip() == "全部一致。"


def test_the_command_lists_and_fails(world, as_owner):
    past_the_rules(as_owner, "UPDATE villages_village SET klass = 'RISK' WHERE division_id = %s", world.village.pk)
    out = io.StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("check_integrity", stdout=out)
    assert failure.value.returncode == 1
    assert "龙门村" in out.getvalue()


def test_a_village_in_another_township_than_the_tree_says(world):
    Village.objects.filter(pk=world.village.pk).update(township=world.sibling_township)
    assert "与区划树不一致" in found()


def test_a_row_that_lies_elsewhere_than_its_village(world, as_owner):
    item = make.assigned_items(world, findings=1)[0]
    past_the_rules(
        as_owner,
        "UPDATE rectification_rectificationitem SET township_id = %s WHERE id = %s",
        world.sibling_township.pk,
        item.pk,
    )
    assert f"整改事项 {item.pk}：县或乡镇与村" in found()


def test_a_closed_item_keeps_the_township_of_its_day(world, as_owner):
    item = make.closed_item(world)
    past_the_rules(
        as_owner,
        "UPDATE rectification_rectificationitem SET township_id = %s WHERE id = %s",
        world.sibling_township.pk,
        item.pk,
    )
    assert f"整改事项 {item.pk}：县或乡镇" not in found()


def test_a_village_division_without_a_village(world):
    from accounts.enums import Tier
    from tests.factories.world import division

    division("510703103299", "新村", Tier.VILLAGE, world.township)
    assert "510703103299 新村 没有村（社区）档案" in found()


def test_a_status_changed_past_the_one_door(world, as_owner):
    item = make.open_item(world)
    past_the_rules(as_owner, "UPDATE rectification_rectificationitem SET status = 'ASSIGNED' WHERE id = %s", item.pk)
    assert "最近的办理记录是 IN_PROGRESS" in found()


def test_a_deadline_changed_without_a_decision(world, as_owner):
    item = make.open_item(world)
    past_the_rules(
        as_owner, "UPDATE rectification_rectificationitem SET deadline = '2099-01-01' WHERE id = %s", item.pk
    )
    assert "时限是 2099-01-01" in found()


def test_a_granted_extension_is_no_fault(world):
    item = make.open_item(world)
    make.due_on(world, item, item.deadline.replace(year=item.deadline.year + 1))
    assert found() == ""


def test_a_closed_item_with_two_signatures(world, as_owner):
    item = make.closed_item(world)
    past_the_rules(
        as_owner,
        "DELETE FROM rectification_supervisioncheck WHERE item_id = %s AND link = 'VILLAGE_SUPERVISORY_COMMITTEE'",
        item.pk,
    )
    assert "只签了 2 个环节" in found()


def test_a_missing_file(world):
    make.reported_item(world)
    path_of(Attachment.objects.get().pk).unlink()
    assert "有记录而没有文件" in found()


def test_a_changed_file(world):
    make.reported_item(world)
    path_of(Attachment.objects.get().pk).write_bytes(b"other")
    assert "指纹不符" in found()


def test_a_file_without_a_row(world):
    import uuid

    path = path_of(uuid.uuid4())
    path.parent.mkdir(parents=True)
    path.touch()
    assert "没有对应的记录" in found()


def test_a_reminder_in_somebody_elses_digest(world):
    from rectification.models import ReminderLine

    set_reminders(county=world.county, on=True, actor=world.county_head)
    item = make.assigned_items(world, findings=1)[0]
    send_reminders(on=item.deadline)
    line = ReminderLine.objects.filter(recipient=world.village_secretary).get()
    ReminderLine.objects.filter(pk=line.pk).update(recipient=world.supervisor)
    assert "不是发给本人的提醒" in found()


@pytest.fixture
def cited(world):
    """A talk that a draft rests on."""
    inspection = inspecting.running_inspection(world)
    talk, finding = inspecting.conversation(world, inspection), inspecting.draft_finding(world, inspection)
    services.cite(finding=finding, actor=world.team_member, numbers=["T-01"])
    return talk


def test_a_citation_of_what_is_void(cited, as_owner):
    assert found() == ""
    past_the_rules(as_owner, "UPDATE inspections_conversation SET status = 'VOID' WHERE id = %s", cited.pk)
    assert "引用的 T-01 不属于这次巡察或已作废" in found()


def test_duties_from_two_lists(world):
    inspection = inspecting.arranged_inspection(world)
    assert found() == ""
    other = DutyTemplate.objects.create(
        duty_list=DutyList.objects.create(county=world.county, number=1),
        **{"stage": "BEFORE", "order": 1, "title": "多出的一项", "who": "TEAM", "anchor": "ENTER", "days": 0},
    )
    Duty.objects.create(inspection=inspection, template=other)
    assert "的责任事项出自 2 版清单" in found()


def test_a_secret_without_its_key(cited, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert f"谈话 {cited.pk} 的姓名打不开" in found()


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(integrity, "_questions", [("很多", lambda: (str(n) for n in range(500)))])
    answer = next(iter(integrity.ask()))
    assert (len(answer.found), answer.more) == (integrity.MOST, True)


def test_a_circle_of_mergers(world, as_owner):
    merged = "status = 'MERGED', successor_id = %s, valid_to = '2026-01-01'"
    sql = f"UPDATE villages_village SET {merged} WHERE division_id = %s"
    past_the_rules(as_owner, sql, world.second_village.pk, world.village.pk)
    past_the_rules(as_owner, sql, world.village.pk, world.second_village.pk)
    assert f"村（社区） {world.village.pk} 并入的路径绕成一圈" in found()


def test_a_village_that_became_one_not_yet_set_up(world):
    Village.objects.filter(pk=world.second_village.pk).update(valid_from="2026-05-01")
    Village.objects.filter(pk=world.village.pk).update(
        status="MERGED", successor=world.second_village, valid_to="2026-01-01"
    )
    assert "510703103201 龙门村 2026-01-01 并入方水村，后者那时还没有设立" in found()


def test_a_merged_finding_whose_target_lies_elsewhere_is_found(world, as_owner):
    inspection = inspecting.running_inspection(world)
    kept, twin = (inspecting.draft_finding(world, inspection) for _one in range(2))
    services.merge_finding(finding=twin, into=kept, actor=world.team_leader)
    assert "另一次巡察" not in found()
    past_the_rules(as_owner, "UPDATE inspections_finding SET inspection_id = 0 WHERE id = %s", twin.pk)
    assert "另一次巡察" in found()


def test_a_plan_that_was_filed_without_a_filing_is_found(world, as_owner):
    plan = services.file_plan(plan=inspecting.approved_plan(world), actor=world.county_officer)
    assert found() == ""
    past_the_rules(
        as_owner, "UPDATE inspections_filing SET county_id = %s WHERE plan_id = %s", world.other_county.pk, plan.pk
    )
    assert "不在同一个县" in found()
    past_the_rules(as_owner, "DELETE FROM inspections_filing WHERE plan_id = %s", plan.pk)
    assert "没有报备记录" in found()
