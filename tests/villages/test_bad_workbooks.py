"""Workbooks as offices really send them, each bad in its own way: read right or refused with what to do about it.

However bad, the memory that reading takes is bounded: measured by what Python holds, not by the clock.
"""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest

from common.spreadsheets.files import FileRefused, inspect
from tests.factories.villages import HEAD, book, content, row
from villages.roster import imports
from villages.roster.reading import read

MEGABYTE = 2**20
MOST = 40 * MEGABYTE
SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def with_part(name, data):
    """A good workbook, one part of it replaced or added; `data` may be made piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content(book(row())))) as old, zipfile.ZipFile(out, "w", 8, compresslevel=1) as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one.filename, old.read(one))
        with new.open(name, "w") as part:
            for piece in data:
                part.write(piece)
    return out.getvalue()


def formatted_rows(line):
    """The header and a village, then every row that Excel has, formatted and empty."""
    with zipfile.ZipFile(io.BytesIO(content(book(row())))) as made:
        head, _end, tail = made.read(SHEET).partition(b"</sheetData>")
    yield head
    for first in range(3, 1_048_577, 10_000):
        numbers = range(first, min(first + 10_000, 1_048_577))
        yield b"".join(line % {b"r": number} for number in numbers)
    yield b"</sheetData>" + tail


def titled():
    return content(book(row(), above=[["涪城区村（社区）名册"], ["填报单位：涪城区委组织部"]]))


def merged_header():
    made = book(row(), above=[["基本情况", None, None, None, "人口情况"]])
    made.active.merge_cells("A1:D1")
    made.active.merge_cells("E1:G1")
    return content(made)


def two_header_rows():
    made = book(above=[["县(市、区)", "乡镇(街道)", "村(社区)名称", "统计区划代码", "规模", None]], head=[None] * 4)
    made.active.append([None, None, None, None, "户数", "人口"])
    made.active.append(["涪城区", "青义镇", "新村", "510703103203", 320, 900])
    return content(made)


def signed():
    made = book(row())
    made.active.append([None] * len(HEAD))
    made.active.append(["审核人：甲", None, None, "制表人：乙"])
    made.active.append(["填报日期：2026年11月", None, "单位负责人：丙"])
    return content(made)


def hidden_sheet():
    made = book(row())
    made.create_sheet("旧数据").sheet_state = "hidden"
    return content(made)


def merged_everywhere():
    with zipfile.ZipFile(io.BytesIO(content(book(row())))) as made:
        head, end, tail = made.read(SHEET).partition(b"</sheetData>")
    yield head + end + b"<mergeCells>"
    yield from (b'<mergeCell ref="A%(r)d:B%(r)d"/>' % {b"r": number} for number in range(50, 300_000))
    yield b"</mergeCells>" + tail


def gb18030():
    return "\r\n".join([",".join(HEAD), "涪城区,青义镇,新村,510703103203"]).encode("gb18030")


def dates_of_1904():
    made = book(row(上次巡察时间=date(2019, 4, 22)))
    made.epoch = __import__("openpyxl").utils.datetime.CALENDAR_MAC_1904
    return content(made)


GOOD = {
    "a title and a note above": ("名册.xlsx", titled),
    "a merged header": ("名册.xlsx", merged_header),
    "a header in two rows": ("名册.xlsx", two_header_rows),
    "signatures under the columns": ("名册.xlsx", signed),
    "csv in GB18030": ("名册.csv", gb18030),
    "dates of 1904": ("名册.xlsx", dates_of_1904),
}
REFUSED = {
    "a hidden sheet": ("名册.xlsx", hidden_sheet, "请取消隐藏，核对后删除"),
    "xls renamed": ("名册.xlsx", lambda: OLE + b"\0" * 2000, "另存为“Excel 工作簿（.xlsx）”"),
    "encrypted": (
        "名册.xlsx",
        lambda: OLE + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900,
        "取消密码",
    ),
    "macros": ("名册.xlsm", lambda: with_part("xl/vbaProject.bin", [b"x"]), "不含宏"),
    "every row formatted": (
        "名册.xlsx",
        lambda: with_part(SHEET, formatted_rows(b'<row r="%(r)d" s="1" customFormat="1"><c r="A%(r)d" s="1"/></row>')),
        "选中末尾的空行整行删除",
    ),
    "every row formatted, told shortly": (
        "名册.xlsx",
        lambda: with_part(SHEET, formatted_rows(b'<row r="%(r)d" s="1" ht="14"/>')),
        "请删除空行",
    ),
    "every row merged": ("名册.xlsx", lambda: with_part(SHEET, merged_everywhere()), "取消合并"),
    "a zip bomb of half a megabyte": (
        "名册.xlsx",
        lambda: with_part("xl/worksheets/sheet9.xml", [b" " * MEGABYTE] * 110),
        "展开后过大",
    ),
}


def peak(work):
    """The most memory that Python held for this work, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def receive(world, settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path

    def upload(name, data):
        return imports.receive(file=io.BytesIO(data), name=name, actor=world.roster_admin)

    return upload


@pytest.mark.parametrize("bad", GOOD)
def test_what_only_looks_unusual_is_read_as_it_is_meant(receive, bad):
    name, make = GOOD[bad]
    roster = receive(name, make())
    assert (roster.result["rows"], roster.result["created"], roster.result["refused"]) == (1, 1, 0)


@pytest.mark.parametrize("bad", REFUSED)
def test_what_cannot_be_taken_is_refused_with_what_to_do_in_bounded_memory(receive, bad):
    name, make, said = REFUSED[bad]
    data = make()

    def refuse():
        with pytest.raises(FileRefused, match=said):
            receive(name, data)

    assert peak(refuse) < MOST


def test_a_formula_is_refused_in_its_cell_with_what_to_do(receive):
    roster = receive("名册.xlsx", content(book(row(户数="=SUM(A1:A2)"))))
    (refused,) = roster.planned_rows.filter(change="REFUSED")
    assert (refused.row, refused.column) == (2, "户数")
    assert "选择性粘贴—数值" in refused.reason


def renumbered(number):
    """A village in the second row and one in the third, which says that it is another row."""
    with zipfile.ZipFile(io.BytesIO(content(book(row(), row("510703103204"))))) as made:
        return with_part(SHEET, [made.read(SHEET).replace(b'<row r="3"', b'<row r="%d"' % number)])


def test_rows_that_are_numbered_wrongly_are_counted(receive):
    (first, second) = receive("名册.xlsx", renumbered(-7)).planned_rows.filter(change="CREATED").order_by("row")
    assert (first.row, second.row) == (2, 3)
    with pytest.raises(FileRefused, match="附近无法读取"):
        receive("名册.xlsx", renumbered(3_000_000_000))


def test_a_stroke_in_a_cell_is_nothing(receive):
    strokes = dict.fromkeys(("户数", "是否一肩挑", "干群关系", "上次巡察时间", "党组织书记"), "/")
    roster = receive("名册.xlsx", content(book(row("510703103201", "龙门村", 人口=9, **strokes | {"户数": "—"}))))
    (line,) = roster.planned_rows.filter(change="CHANGED")
    assert (roster.result["refused"], set(line.fields)) == (0, {"population"})


def test_a_row_without_a_usable_code_is_listed_with_its_village(receive):
    roster = receive("名册.xlsx", content(book(row("5.10703E+11"))))
    (refused,) = roster.planned_rows.filter(change="REFUSED")
    assert (refused.township, refused.name, refused.code) == ("青义镇", "新村", "")


def test_a_text_file_is_read_line_by_line_however_long_it_is():
    lines = [",".join(HEAD), *(f"涪城区,青义镇,第{one}村,510703103{one % 799 + 201}" for one in range(40_000))]
    file = io.BytesIO("\n".join(lines).encode())
    rows = read(file, inspect(file, "名册.csv")).sheets[0].rows()
    next(rows)
    assert file.tell() < 100_000 < len(file.getvalue())
