"""A township sends a fortnight's progress in as one workbook; refused rows come back (E6, H5)."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from common import workflow
from common.errors import Conflict
from common.models import AuditEvent
from common.spreadsheets.files import FileRefused
from rectification import services
from rectification.models import ProgressReport, ProgressRow, RectificationItem
from tests.factories import rectification as make

TITLES = ("编号", "本次进展", "完成的措施序号", "校验码")


def sheet_of(user):
    """The downloaded workbook, its first sheet, and which column is which."""
    book = load_workbook(io.BytesIO(services.progress_workbook(actor=user)))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[3]}
    return book, sheet, places


def sent(book, user, name="整改进展.xlsx"):
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return services.receive_progress(file=file, name=name, actor=user)


def filled(user, **cells):
    """The first row of the person's workbook with these cells, sent in."""
    book, sheet, places = sheet_of(user)
    for title, value in ({"本次进展": "已公示七天，没有异议。"} | cells).items():
        sheet.cell(4, places[title]).value = value
    return sent(book, user)


def confirmed(sheet, user):
    return services.confirm_progress(sheet=sheet, actor=user, sha256=sheet.sha256, proxy_reason="ENTRUSTED")


def reasons(sheet):
    return [one.reason for one in sheet.rows.all() if one.reason]


def test_the_workbook_holds_the_own_items_that_are_being_put_right(world, item):
    _book, sheet, places = sheet_of(world.township_secretary)
    assert [sheet.cell(row, places["编号"]).value for row in range(4, sheet.max_row + 1)] == [item.number]
    assert sheet.cell(4, places["整改措施"]).value.startswith("1. 把补贴名单在公开栏补公示七天\n2. ")


def test_without_items_there_is_nothing_to_download(world, assigned):
    with pytest.raises(ValidationError, match="没有正在整改的事项"):
        services.progress_workbook(actor=world.township_secretary)


def test_a_preview_reports_nothing(world, item):
    sheet = filled(world.township_secretary)
    assert [one.item for one in sheet.rows.all()] == [item]
    assert not ProgressReport.objects.exists()


def test_confirming_reports_in_the_name_of_the_sender_and_finishes_measures(world, item):
    sheet = filled(world.township_secretary, 完成的措施序号="２、1")
    assert confirmed(sheet, world.township_secretary) == 1
    report = ProgressReport.objects.get()
    assert (report.item, report.text, report.is_proxy) == (item, "已公示七天，没有异议。", True)
    assert all(one.done_on for one in item.measures.all())
    events = AuditEvent.objects.filter(object_type="rectification.RectificationItem", object_id=str(item.pk))
    assert events.filter(action="report").count() == 1
    assert events.filter(action="complete_measure").count() == 2


def test_a_village_sends_its_own(world, item):
    assert confirmed(filled(world.village_secretary), world.village_secretary) == 1
    assert ProgressReport.objects.get().is_proxy is False


def test_confirming_twice_reports_once(world, item):
    sheet = filled(world.township_secretary)
    confirmed(sheet, world.township_secretary)
    with pytest.raises(Conflict, match="已经上报"):
        confirmed(sheet, world.township_secretary)
    assert ProgressReport.objects.count() == 1


def test_the_same_file_is_not_taken_twice(world, item):
    book, sheet, places = sheet_of(world.township_secretary)
    sheet.cell(4, places["本次进展"]).value = "已公示七天。"
    file = io.BytesIO()
    book.save(file)
    once = services.receive_progress(file=io.BytesIO(file.getvalue()), name="a.xlsx", actor=world.township_secretary)
    confirmed(once, world.township_secretary)
    with pytest.raises(FileRefused, match="上报过"):
        services.receive_progress(file=io.BytesIO(file.getvalue()), name="b.xlsx", actor=world.township_secretary)


def test_the_same_words_again_are_refused(world, item):
    confirmed(filled(world.township_secretary), world.township_secretary)
    again = filled(world.township_secretary)
    assert reasons(again) == ["与上一次上报的进展完全相同。没有新进展的请留空。"]


def as_the_sibling(world, **cells):
    """A workbook with the number of another township's item, sent in by whoever has no part in it."""
    book, sheet, places = sheet_of(world.township_secretary)
    for title, value in ({"本次进展": "代别人填的"} | cells).items():
        sheet.cell(4, places[title]).value = value
    return sent(book, world.sibling_township_secretary)


def test_a_number_of_another_township_is_refused_like_one_that_does_not_exist(world, item):
    one, other = as_the_sibling(world), as_the_sibling(world, 编号="没有这个")
    assert reasons(one) == reasons(other) != []
    with pytest.raises(ValidationError, match="没有可以上报的行"):
        confirmed(one, world.sibling_township_secretary)
    assert not item.reports.exists()


def test_a_number_moved_to_another_row_is_found_out(world):
    items = make.assigned_items(world, findings=2)
    for one in items:
        make.open_item(world, one)
    book, sheet, places = sheet_of(world.township_secretary)
    numbers = [sheet.cell(row, places["编号"]).value for row in (4, 5)]
    sheet.cell(4, places["编号"]).value, sheet.cell(5, places["编号"]).value = numbers[::-1]
    for row in (4, 5):
        sheet.cell(row, places["本次进展"]).value = f"第 {row} 行的进展"
    found = reasons(sent(book, world.township_secretary))
    assert len(found) == 2
    assert all("校验码对不上" in one for one in found)


def test_a_number_typed_over_does_not_take_the_right_row_with_it_nor_come_back_as_that_item(world):
    for one in make.assigned_items(world, findings=2):
        make.open_item(world, one)
    book, sheet, places = sheet_of(world.township_secretary)
    wrong, right = sheet.cell(4, places["编号"]), sheet.cell(5, places["编号"])
    wrong.value, code = right.value, sheet.cell(4, places["校验码"]).value
    for row in (4, 5):
        sheet.cell(row, places["本次进展"]).value = f"第 {row} 行的进展"
    sent_in = sent(book, world.township_secretary)
    assert [(one.row, bool(one.reason)) for one in sent_in.rows.order_by("row")] == [(4, True), (5, False)]
    back = services.refused_workbook(sheet=sent_in, actor=world.township_secretary)
    rows = load_workbook(io.BytesIO(back)).worksheets[0]
    assert rows.cell(4, places["校验码"]).value == code
    assert reasons(sent(load_workbook(io.BytesIO(back)), world.township_secretary)) == reasons(sent_in)


def test_two_rows_of_one_item_are_not_both_taken(world, item):
    book, sheet, places = sheet_of(world.township_secretary)
    for title in ("编号", "校验码"):
        sheet.cell(5, places[title]).value = sheet.cell(4, places[title]).value
    for row in (4, 5):
        sheet.cell(row, places["本次进展"]).value = f"进展 {row}"
    assert reasons(sent(book, world.township_secretary)) == ["与第 4 行是同一件事项，请合并成一行。"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"本次进展": "=1+1"}, "公式"),
        ({"本次进展": "长" * 2001}, "最多 2000 字"),
        ({"完成的措施序号": "3"}, "没有第 3 条措施"),
        ({"完成的措施序号": "一"}, "没有第 一 条措施"),
        ({"本次进展": None, "完成的措施序号": "1"}, "还要写明本次进展"),
        ({"编号": None}, "缺少编号"),
        ({"校验码": "1-0000000000"}, "校验码对不上"),
        ({"校验码": None}, "校验码对不上"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(world, item, cells, reason):
    (found,) = reasons(filled(world.township_secretary, **cells))
    assert reason in found


def test_what_changed_since_the_download_is_refused(world, item):
    book, sheet, places = sheet_of(world.township_secretary)
    make.due_on(world, item, item.deadline.replace(year=item.deadline.year + 1))
    sheet.cell(4, places["本次进展"]).value = "已公示。"
    (reason,) = reasons(sent(book, world.township_secretary))
    assert "有了变化" in reason


def test_what_changed_since_the_preview_refuses_all_and_brings_the_preview_up_to_date(world):
    items = [make.open_item(world, one) for one in make.assigned_items(world, findings=2)]
    book, sheet, places = sheet_of(world.township_secretary)
    for row in (4, 5):
        sheet.cell(row, places["本次进展"]).value = f"进展 {row}"
    preview = sent(book, world.township_secretary)
    make.due_on(world, items[0], items[0].deadline.replace(year=items[0].deadline.year + 1))
    with pytest.raises(Conflict, match="没有上报任何一行"):
        confirmed(preview, world.township_secretary)
    assert not ProgressReport.objects.exists()
    assert len(reasons(preview)) == 1
    assert confirmed(preview, world.township_secretary) == 1


def test_an_item_out_of_reach_by_now_is_not_reported(world, item):
    """The village was merged away, or the sender moved: the right is asked for when it is used."""
    sheet = filled(world.township_secretary)
    user = world.township_secretary
    user.organ = world.sibling_township_secretary.organ
    with pytest.raises(Conflict):
        confirmed(sheet, user)
    assert not ProgressReport.objects.exists()


def test_nobody_confirms_the_preview_of_another(world, item):
    sheet = filled(world.township_secretary)
    with pytest.raises(PermissionDenied):
        confirmed(sheet, world.township_officer)


def test_another_file_is_not_confirmed(world, item):
    sheet = filled(world.township_secretary)
    with pytest.raises(Conflict, match="不是这份预检结果"):
        services.confirm_progress(
            sheet=sheet, actor=world.township_secretary, sha256="0" * 64, proxy_reason="ENTRUSTED"
        )


def test_a_workbook_of_the_township_says_why_it_is_not_the_villages(world, item):
    sheet = filled(world.township_secretary)
    with pytest.raises(ValidationError, match="代村填报的原因"):
        services.confirm_progress(sheet=sheet, actor=world.township_secretary, sha256=sheet.sha256)
    assert not ProgressReport.objects.exists()
    services.confirm_progress(sheet=sheet, actor=world.township_secretary, sha256=sheet.sha256, proxy_reason="AWAY")
    report = ProgressReport.objects.get()
    assert (report.proxy_for, report.proxy_reason) == (item.village.division, "AWAY")


def test_a_failure_on_the_way_reports_nothing(world, monkeypatch):
    for one in make.assigned_items(world, findings=2):
        make.open_item(world, one)
    book, sheet, places = sheet_of(world.township_secretary)
    for row in (4, 5):
        sheet.cell(row, places["本次进展"]).value = f"进展 {row}"
    preview = sent(book, world.township_secretary)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("rectification.services.progress.audit.record_many", broken)
    with pytest.raises(RuntimeError):
        confirmed(preview, world.township_secretary)
    assert not ProgressReport.objects.exists()
    preview.refresh_from_db()
    assert preview.is_pending


def test_refused_rows_come_back_as_the_same_workbook_and_can_be_sent_again(world, item):
    book, sheet, places = sheet_of(world.township_secretary)
    sheet.cell(4, places["本次进展"]).value = "已公示七天。"
    make.due_on(world, item, item.deadline.replace(year=item.deadline.year + 1))
    preview = sent(book, world.township_secretary)
    back = load_workbook(io.BytesIO(services.refused_workbook(sheet=preview, actor=world.township_secretary)))
    cells = {
        title.value: value.value for title, value in zip(back.worksheets[0][3], back.worksheets[0][4], strict=True)
    }
    assert cells["本次进展"] == "已公示七天。"
    assert "有了变化" in cells["未通过的原因"]
    again = sent(back, world.township_secretary)
    assert reasons(again) == []
    assert confirmed(again, world.township_secretary) == 1


def test_refused_rows_of_others_come_back_as_they_stood(world, item):
    """What the item is called now, and where it lies, is not told."""
    user = world.sibling_township_secretary
    preview = as_the_sibling(world, 问题="", 整改措施="", **{"村（社区）": ""})
    back = load_workbook(io.BytesIO(services.refused_workbook(sheet=preview, actor=user)))
    text = " ".join(str(cell.value) for row in back.worksheets[0].iter_rows() for cell in row)
    assert item.number in text
    assert item.village.division.name not in text
    assert item.finding.title not in text


def test_words_that_look_like_formulas_come_back_as_text(world, item):
    preview = filled(world.township_secretary, 本次进展="'=HYPERLINK(1)", 完成的措施序号="9")
    row = preview.rows.get()
    ProgressRow.objects.filter(pk=row.pk).update(cells=row.cells | {"text": "=HYPERLINK(1)"})
    back = load_workbook(io.BytesIO(services.refused_workbook(sheet=preview, actor=world.township_secretary)))
    cell = next(one for one in back.worksheets[0][4] if one.value == "=HYPERLINK(1)")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "文件是空的"), (b"a,b\n1,2\n", "请上传下载的那份"), (b"%PDF-1.4", "不是 .xlsx")],
)
def test_a_file_that_is_no_workbook_is_refused(world, item, content, reason):
    with pytest.raises(FileRefused, match=reason):
        services.receive_progress(
            file=io.BytesIO(content), name="x.xlsx" if b"P" in content else "x.csv", actor=world.township_secretary
        )


def test_another_workbook_is_refused(world, item):
    book = Workbook()
    book.active.append(["姓名", "电话"])
    with pytest.raises(FileRefused, match="没有找到填报表"):
        sent(book, world.township_secretary)


def test_an_unfilled_workbook_is_refused(world, item):
    with pytest.raises(FileRefused, match="一行都没有填写"):
        sent(sheet_of(world.township_secretary)[0], world.township_secretary)


def many(world, as_owner, count):
    """A township with `count` items that are being put right."""
    item = make.open_item(world)
    with as_owner():
        make.copies(item, count - 1)


def test_a_township_with_200_items_sends_a_fortnights_progress_in_as_one_workbook(world, as_owner):
    """Every third has nothing new, one row is spoilt, one item was extended meanwhile: 131 go in, two come back."""
    many(world, as_owner, 200)
    user = world.township_secretary
    book, sheet, places = sheet_of(user)
    rows = [row for row in range(4, sheet.max_row + 1) if row % 3]
    for row in rows:
        sheet.cell(row, places["本次进展"]).value = f"两周来完成第 {row} 项清理。"
    sheet.cell(rows[0], places["校验码"]).value = "1-ffff"
    late = RectificationItem.objects.get(number=sheet.cell(rows[1], places["编号"]).value)
    workflow.apply(
        late,
        "extend",
        actor=world.county_officer,
        note="汛期",
        deadline=late.deadline.replace(year=late.deadline.year + 1),
    )
    preview = sent(book, user)
    assert (preview.rows.count(), len(reasons(preview)), preview.blank) == (len(rows), 2, 200 - len(rows))
    assert confirmed(preview, user) == len(rows) - 2 == ProgressReport.objects.count()
    back = load_workbook(io.BytesIO(services.refused_workbook(sheet=preview, actor=user)))
    assert back.worksheets[0].max_row == 3 + 2


def test_confirming_takes_as_many_statements_for_fifty_items_as_for_three(world, as_owner):
    user = world.township_secretary

    def statements(rows):
        book, sheet, places = sheet_of(user)
        for row in range(4, 4 + rows):
            sheet.cell(row, places["本次进展"]).value = f"{rows} 件里的第 {row} 行"
        preview = sent(book, user)
        with CaptureQueriesContext(connection) as captured:
            confirmed(preview, user)
        return len(captured)

    many(world, as_owner, 60)
    assert statements(3) == statements(50) <= 25
