"""整改台账, 三清单, 对账销号表 and 红黄绿灯 table; large exports by a worker (H3)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from common import progress
from common.calendar import today
from common.models import AuditEvent, Message
from rectification import selectors, services
from rectification.enums import LedgerKind
from rectification.models import LedgerExport
from rectification.services import export
from rectification.tasks import run_exports
from tests.factories import rectification as make


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    own = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": own}


def book_of(user, kind, **ledger):
    made = services.export_ledger(ledger=selectors.Ledger(user, **ledger), actor=user, kind=kind)
    return load_workbook(io.BytesIO(made))


def rows_of(sheet):
    head = [cell.value for cell in sheet[3]]
    return [dict(zip(head, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]


def test_the_three_lists_are_sheets_of_one_workbook(world, item):
    book = book_of(world.county_officer, LedgerKind.LISTS)
    assert book.sheetnames == ["问题清单", "责任清单", "任务清单"]
    problems, duties, tasks = (rows_of(sheet) for sheet in book.worksheets)
    assert {one["编号"] for one in problems} == {one["编号"] for one in duties} == set(numbers())
    assert [one["整改措施"] for one in tasks] == ["把补贴名单在公开栏补公示七天", "修订公示制度并逐项登记"]
    mine = next(one for one in duties if one["编号"] == item.number)
    assert (mine["统一抓"], mine["抓监督"], mine["具体责任"]) == (
        "张建国（镇党委书记）",
        "赵明（镇纪委书记）",
        "龙门村党组织",
    )


def numbers():
    from rectification.models import RectificationItem

    return RectificationItem.objects.values_list("number", flat=True)


def test_a_problem_list_says_amounts_in_numbers_and_dates_in_dates(world, assigned):
    sheet = book_of(world.county_officer, LedgerKind.LISTS).worksheets[0]
    row = rows_of(sheet)[0]
    assert row["交办日期"].date() == today()
    cell = next(one for one in sheet[4] if one.value == row["交办日期"])
    assert cell.number_format == "yyyy-mm-dd"


def test_the_closing_table_shows_what_was_done_and_who_signed(world, closed):
    (row,) = [
        one
        for one in rows_of(book_of(world.county_officer, LedgerKind.CLOSING).worksheets[0])
        if one["编号"] == closed.number
    ]
    assert row["整改结果"] == "名单已公示七天，群众没有异议。"
    assert row["佐证（份）"] == 1
    assert "符合要求" in row["村务监督委员会"]
    assert row["验收人"] == world.county_officer.full_name
    assert row["销号日期"].date() == today()


def test_the_lights_are_a_table_with_a_sum(world, item):
    make.dated(world, item, deadline=today() - timedelta(days=3))
    sheet = book_of(world.county_officer, LedgerKind.LIGHTS).worksheets[0]
    rows = rows_of(sheet)
    assert [(one["单位"], one["灯号"], one["超期（红）"], one["最长超期（天）"]) for one in rows[:2]] == [
        ("青义镇", "超期", 1, 3),
        ("合计", None, 1, 3),
    ]
    assert next(cell for cell in sheet[4] if cell.value == "超期").fill.fgColor.rgb.endswith("F8D7DA")


@pytest.mark.parametrize("kind", LedgerKind)
def test_every_table_is_laid_out_to_print(world, item, kind):
    for sheet in book_of(world.county_officer, kind).worksheets:
        page = sheet.page_setup
        paper = 8 if sheet.title in ("整改台账", "对账销号表") else 9  # A3 for those of many columns, else A4
        assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == ("landscape", paper, 1, 0)
        assert sheet.page_margins.bottom - sheet.page_margins.footer > 0.35  # else the page number is cut off
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


@pytest.mark.parametrize("kind", LedgerKind)
def test_a_township_exports_no_row_of_another(world, item, kind):
    for sheet in book_of(world.sibling_township_secretary, kind).worksheets:
        assert item.number not in str(rows_of(sheet))
        assert item.village.division.name not in str(rows_of(sheet))


@pytest.mark.parametrize("kind", LedgerKind)
def test_an_export_takes_as_many_statements_at_one_row_as_at_fifty(world, as_owner, kind):
    item = make.open_item(world)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            book_of(world.county_officer, kind)
        return len(captured)

    statements()
    one = statements()
    with as_owner():
        make.copies(item, 50)
    assert statements() == one <= 40


def test_whoever_exports_nothing_is_refused_by_the_service(world, item):
    with pytest.raises(PermissionDenied):
        book_of(world.village_secretary, LedgerKind.LEDGER)


def test_too_many_rows_ask_for_a_narrower_query(world, assigned, monkeypatch):
    monkeypatch.setattr(export, "MOST", 1)
    with pytest.raises(ValidationError, match="缩小范围"):
        book_of(world.county_officer, LedgerKind.LEDGER)


# ------------------------------------------------------------------ large ones


@pytest.fixture
def asked(world, item, monkeypatch):
    """An export that is too large to wait for."""
    monkeypatch.setattr(export, "AT_ONCE", 1)
    user = world.county_officer
    return services.export_ledger(ledger=selectors.Ledger(user, tab="open"), actor=user, kind=LedgerKind.LISTS)


def file_of(one):
    with default_storage.open(one.stored_as) as file:
        return load_workbook(io.BytesIO(file.read()))


def test_a_large_export_waits_for_a_worker_who_writes_the_same(world, asked):
    assert isinstance(asked, LedgerExport)
    run_exports()
    asked.refresh_from_db()
    assert asked.rows == 2
    assert file_of(asked).sheetnames == ["问题清单", "责任清单", "任务清单"]
    assert Message.objects.filter(recipient=world.county_officer, key=f"export-{asked.pk}").count() == 1
    assert AuditEvent.objects.filter(action="export").count() == 1


def test_the_filters_are_the_ones_that_were_asked_for(world, item, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 0)
    user = world.county_officer
    filters = selectors.Filters(immediate="yes", due_from=today(), due_to=today() + timedelta(days=400))
    one = services.export_ledger(ledger=selectors.Ledger(user, filters, tab="open"), actor=user)
    assert export.ledger_of(one).filters == filters
    run_exports()
    one.refresh_from_db()
    assert one.rows == 1


def test_nothing_to_do_is_nothing_done(world):
    assert export.run_next() is False


def test_an_export_is_written_once(world, asked):
    assert export.run_next() is True
    assert export.run_next() is False


def test_whoever_has_moved_gets_nothing_of_the_old_place(world, asked):
    """The rights are those of the moment at which it is written."""
    user = world.county_officer
    user.organ = world.other_county_officer.organ
    user.save(update_fields=["organ"])
    run_exports()
    asked.refresh_from_db()
    assert (asked.stored_as, asked.error) == ("", "您的单位已经变动，请重新导出。")


def test_a_failure_is_tried_three_times_and_then_told(world, asked, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(export, "_write", broken)
    for _attempt in range(3):
        with pytest.raises(RuntimeError):
            export.run_next()
    assert export.run_next() is True
    asked.refresh_from_db()
    assert "已经停止" in asked.error


def test_a_failure_leaves_no_file(world, asked, monkeypatch, settings):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(export.audit, "record", broken)
    with pytest.raises(RuntimeError):
        export.run_next()
    assert not list(settings.PRIVATE_MEDIA_ROOT.rglob("*.xlsx"))


def test_files_go_after_a_week(world, asked, django_capture_on_commit_callbacks):
    run_exports()
    asked.refresh_from_db()
    name = asked.stored_as
    LedgerExport.objects.update(finished_at=asked.finished_at - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        export.drop_old()
    asked.refresh_from_db()
    assert asked.stored_as == ""
    assert not default_storage.exists(name)


def test_the_page_waits_then_offers_the_file(world, asked, signed_in):
    client = signed_in(world.county_officer)
    url = asked.get_absolute_url()
    assert "等待后台任务开始" in client.get(url).content.decode()
    assert client.get(f"{url}file/").status_code == 409
    run_exports()
    assert f"{url}file/" in client.get(url).content.decode()
    response = client.get(f"{url}file/")
    assert load_workbook(io.BytesIO(response.content)).sheetnames[0] == "问题清单"
    assert AuditEvent.objects.filter(action="download", object_id=str(asked.pk)).count() == 1


def test_how_far_it_is_is_read_from_the_session_that_writes(world, asked):
    with connection.cursor() as cursor:
        progress.tell(cursor, services.export_job(asked), "write", 41.6)
    assert progress.of(services.export_job(asked)) == ("write", 42)


def test_the_export_of_another_is_not_found(world, asked, signed_in):
    run_exports()
    client = signed_in(world.county_head)
    for page in ("", "file/"):
        assert client.get(f"{asked.get_absolute_url()}{page}").status_code == 404


def test_the_ledger_offers_each_table_with_the_filters_of_the_page(world, item, signed_in):
    page = signed_in(world.county_officer).get("/rectification/?tab=open&immediate=yes").content.decode()
    for kind in LedgerKind:
        assert f"export/?tab=open&amp;immediate=yes&amp;kind={kind}" in page


def test_an_unknown_kind_is_the_ledger(world, item, signed_in):
    response = signed_in(world.county_officer).get("/rectification/export/?kind=NOTHING")
    assert load_workbook(io.BytesIO(response.content)).sheetnames == ["整改台账"]
