"""Taking an import back: everything as it was before, while nothing depends on it; else refused, and why."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Division
from common import integrity
from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent
from inspections.models import Inspection
from rectification.models import RectificationItem
from tests.factories import rectification as make
from tests.factories.villages import approved, book, confirmed, lacking, row, uploaded
from villages.enums import Act, ImportState
from villages.models import RosterChange, RosterImport, Village
from villages.roster import jobs, undoing
from villages.services import Decision, Order, decide, edit_village, restore

REASON = "传错了文件"
MERGE = row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103203")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def imported(world, *rows, name="名册.xlsx"):
    return confirmed(uploaded(book(*rows), world.roster_admin, name), world.roster_admin)


def undo(roster, world, reason=REASON):
    return undoing.undo(roster=roster, reason=reason, actor=world.roster_admin)


def bars(roster, world):
    return "".join(undoing.bars(roster=roster, actor=world.roster_admin))


def state_of_all():
    """Every village and township to the last field, but for versions and times."""
    villages = Village.objects.order_by("pk").values()
    kept = [{key: value for key, value in one.items() if key not in ("version", "updated_at")} for one in villages]
    return kept, list(Division.objects.order_by("pk").values())


def test_everything_is_as_it_was_and_the_history_says_so(world):
    Village.objects.filter(pk=world.village.pk).update(households=7, remark="旧")
    before = state_of_all()
    roster = imported(
        world,
        row("510703103201", "龙门社区", 户数=9, 备注="新", 是否一肩挑="是"),
        row("510703103202", "方水村", 调整类型="撤销"),
        row(户数=320),
        row("510703199201", "远村", "新设镇"),
        row("510703100201", "二社村", "丰谷街道"),
    )
    assert Village.objects.count() == 6
    undo(roster, world)
    assert state_of_all() == before

    roster.refresh_from_db()
    assert (roster.state, roster.undone_by, roster.undo_reason) == (ImportState.UNDONE, world.roster_admin, REASON)
    assert AuditEvent.objects.get(action="undo_roster").note == REASON
    done = RosterChange.objects.filter(roster=roster, change__in=("UNDONE", "REMOVED"))
    assert sorted(done.values_list("code", "change")) == [
        ("510703103201", "UNDONE"),
        ("510703103202", "UNDONE"),
        ("510703103203", "REMOVED"),
        ("510703199201", "REMOVED"),
    ]
    assert done.get(code="510703103201").fields["households"] == [9, 7]
    assert [line for one in integrity.ask() for line in one.found] == []


def test_open_work_returns_from_the_village_that_took_it(world):
    make.assigned_items(world)
    roster = imported(world, row(), MERGE)
    new = Village.objects.get(division__code="510703103203")
    assert set(RectificationItem.objects.values_list("village", flat=True)) == {new.pk}
    assert "已有“" in bars(roster, world)


def test_a_merger_into_a_village_that_was_there_is_taken_back_with_its_work(world):
    make.assigned_items(world)
    roster = imported(world, row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202"))
    assert set(RectificationItem.objects.values_list("village", flat=True)) == {world.second_village.pk}
    undo(roster, world)
    assert set(RectificationItem.objects.values_list("village", flat=True)) == {world.village.pk}
    inspection = Inspection.objects.get()
    assert (inspection.village, inspection.origin) == (world.village, None)
    assert Village.objects.get(pk=world.village.pk).status == "ACTIVE"


def test_a_restored_village_ends_again(world):
    first = imported(world, row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202"))
    ended = Village.objects.get(pk=world.village.pk)
    second = imported(world, row("510703103201", "龙门村", 调整类型="保留"), name="第二份.xlsx")
    assert Village.objects.get(pk=world.village.pk).status == "ACTIVE"
    assert "之后又导入了“第二份.xlsx”" in bars(first, world)
    undo(second, world)
    again = Village.objects.get(pk=world.village.pk)
    assert (again.status, again.successor_id, again.valid_to) == ("MERGED", ended.successor_id, ended.valid_to)
    undo(first, world)
    assert Village.objects.get(pk=world.village.pk).status == "ACTIVE"


def test_what_waits_for_a_decision_waits_as_before(world):
    earlier = lacking(world.village)
    roster = imported(world, row("510703103201", "龙门村"), row())
    assert Village.objects.get(pk=world.village.pk).missing_from is None
    assert Village.objects.get(pk=world.second_village.pk).missing_from == roster
    undo(roster, world)
    assert Village.objects.get(pk=world.village.pk).missing_from == earlier
    assert Village.objects.get(pk=world.second_village.pk).missing_from is None


def test_a_second_upload_of_the_same_file_imports_again(world):
    undo(imported(world, row()), world)
    again = imported(world, row())
    assert (again.result["created"], again.state) == (1, ImportState.COMMITTED)
    undo(again, world)
    assert not Village.objects.filter(division__code="510703103203").exists()


# ------------------------------------------------------------------------ refused


def test_a_village_edited_since_bars_it_and_nothing_is_written(world):
    roster = imported(world, row("510703103201", "龙门村", 户数=9), row())
    edit_village(village=Village.objects.get(pk=world.village.pk), actor=world.county_officer, version=2, households=10)
    before = state_of_all()
    with pytest.raises(ValidationError, match="“龙门村”之后又有了变化"):
        undo(roster, world)
    assert state_of_all() == before
    assert roster.changes.filter(change="UNDONE").count() == 0


def test_a_field_that_an_inspection_has_set_since_bars_it(world):
    roster = imported(world, row("510703103201", "龙门村", 上次巡察时间="2019-04-22"))
    Village.objects.filter(pk=world.village.pk).update(last_inspected_on="2026-01-01")
    assert "“龙门村”之后又有了变化" in bars(roster, world)


def test_a_class_of_a_new_village_bars_it_and_names_what_it_is(world):
    roster = imported(world, row())
    approved(Village.objects.get(division__code="510703103203"), officer=world.county_officer, head=world.county_head)
    assert bars(roster, world) == "新增的“新村”已有“村分类”，不能移除。"


def test_a_decision_about_what_it_lacked_bars_it_until_taken_back(world):
    roster = imported(world, row())
    decided = Village.objects.get(pk=world.second_village.pk)
    order = Order("川民函〔2020〕8号", today(), "两项改革")
    decision = Decision(decided.pk, Act.MERGE, decided.version, world.village.pk)
    decide(decisions=[decision], order=order, actor=world.roster_admin)
    assert "“方水村”之后决定了去向" in bars(roster, world)
    fresh = Village.objects.get(pk=decided.pk)
    restore(village=fresh, order=Order(reason="弄错"), actor=world.roster_admin, version=fresh.version)
    undo(roster, world)
    assert not Village.objects.filter(division__code="510703103203").exists()


def test_another_village_in_a_new_township_bars_it(world):
    roster = imported(world, row("510703199201", "远村", "新设镇"))
    Village.objects.filter(pk=world.village.pk).update(township=Division.objects.get(code="510703199000"))
    assert "新建的“新设镇”已有“村（社区）”" in bars(roster, world)


def test_a_township_renamed_since_bars_it(world):
    roster = imported(world, row("510703100201", "二社村", "丰谷街道"))
    Division.objects.filter(pk=world.sibling_township.pk).update(name="丰谷新区")
    assert "乡镇“丰谷街道”之后又改了名" in bars(roster, world)


def test_a_reason_is_asked_for(world):
    with pytest.raises(ValidationError, match="写明撤回的理由"):
        undo(imported(world, row()), world, "  ")


def test_only_who_may_confirm_may_take_back(world):
    roster = imported(world, row())
    for person in (world.county_officer, world.other_county_head):
        with pytest.raises(PermissionDenied):
            undoing.undo(roster=roster, reason=REASON, actor=person)


def test_twice_or_before_it_is_written_is_a_conflict(world):
    roster = uploaded(book(row()), world.roster_admin)
    with pytest.raises(Conflict, match="待确认"):
        undo(roster, world)
    undo(confirmed(roster, world.roster_admin), world)
    with pytest.raises(Conflict, match="已撤回"):
        undo(roster, world)


# ------------------------------------------------------------------------ large ones, pages


def test_a_large_one_is_left_to_a_worker(world, settings):
    roster = imported(world, row())
    settings.IMPORT_AT_ONCE_CELLS = 0
    undo(roster, world)
    roster.refresh_from_db()
    assert (roster.state, Village.objects.count()) == (ImportState.UNDOING, 5)
    assert jobs.run_next()
    roster.refresh_from_db()
    assert (roster.state, roster.undone_by, Village.objects.count()) == (ImportState.UNDONE, world.roster_admin, 4)


def test_what_came_between_stops_the_worker_and_the_page_says_why(world, settings, signed_in):
    roster = imported(world, row())
    settings.IMPORT_AT_ONCE_CELLS = 0
    undo(roster, world)
    approved(Village.objects.get(division__code="510703103203"), officer=world.county_officer, head=world.county_head)
    jobs.run_next()
    roster.refresh_from_db()
    assert (roster.state, Village.objects.count()) == (ImportState.COMMITTED, 5)
    assert "不能移除" in signed_in(world.roster_admin).get(roster.get_absolute_url()).content.decode()


@pytest.fixture
def admin(signed_in, world):
    return signed_in(world.roster_admin)


def test_the_page_asks_for_a_reason_and_takes_back(admin, world):
    roster = imported(world, row())
    address = f"{roster.get_absolute_url()}undo/"
    assert address in admin.get(roster.get_absolute_url()).content.decode()
    asked = admin.post(address)
    assert (asked.status_code, "写入的 1 行全部退回" in asked.content.decode()) == (200, True)
    assert admin.post(address, {"confirmed": "1", "reason": ""}).status_code == 422
    page = admin.post(address, {"confirmed": "1", "reason": REASON}, follow=True).content.decode()
    assert all(word in page for word in ("已撤回", "撤回名册导入", f"撤回：{REASON}。"))
    assert address not in page
    assert "已撤回" in admin.get("/villages/import/").content.decode()


def test_the_page_says_what_bars_it_before_asking(admin, world):
    roster = imported(world, row())
    approved(Village.objects.get(division__code="510703103203"), officer=world.county_officer, head=world.county_head)
    page = admin.post(f"{roster.get_absolute_url()}undo/", follow=True).content.decode()
    assert "不能撤回：新增的“新村”已有“村分类”，不能移除。" in page


def test_a_citys_import_is_not_for_a_county_to_take_back(admin, world):
    roster = confirmed(uploaded(book(row()), world.city_roster_admin), world.city_roster_admin)
    assert admin.post(f"{roster.get_absolute_url()}undo/").status_code == 404
    assert RosterImport.objects.get(pk=roster.pk).undone_at is None
