"""Rosters as offices keep them: titles above, notes below, merged cells, columns in any order."""

import io
from datetime import date

import pytest

from common.spreadsheets.cells import COVERED, Formula
from common.spreadsheets.files import inspect
from tests.factories.villages import HEAD, WIDE, book, content, row
from villages.roster.reading import read


def sheet_of(made, name="名册.xlsx"):
    file = io.BytesIO(made if isinstance(made, bytes) else content(made))
    (sheet,) = read(file, inspect(file, name)).sheets
    return sheet


def codes(sheet):
    at = sheet.columns["code"][0]
    return [cells[at] for _number, cells in sheet.rows()]


def test_the_header_is_found_under_a_title_and_a_note():
    sheet = sheet_of(book(row(), above=[["涪城区名册"], ["填报单位：县委巡察办"], []]))
    assert (sheet.header_row, codes(sheet)) == (4, ["510703103203"])


def test_columns_stand_in_any_order_under_other_names():
    made = book(["510703103203", "x", "龙门村"], head=["区划 代码", "电话", "村名 *"])
    sheet = sheet_of(made)
    assert sheet.ignored == ["电话"]
    assert {key: index for key, (index, _c, _s) in sheet.columns.items()} == {"code": 0, "name": 2}


def test_a_header_in_two_rows():
    above = [["县", "乡镇", "村名", "代码", "基本情况", None, "备注"]]
    made = book(
        ["涪城区", "青义镇", "龙门村", "510703103203", 1, 2, "x"], head=[None] * 4 + ["户数", "人口"], above=above
    )
    sheet = sheet_of(made)
    assert {key: index for key, (index, _c, _s) in sheet.columns.items()} == {
        **{"county": 0, "township": 1, "name": 2, "code": 3},
        **{"households": 4, "population": 5, "remark": 6},
    }
    assert codes(sheet) == ["510703103203"]


def test_a_group_title_above_the_header():
    above = [["县", "乡镇", "村的情况"]]
    made = book(["涪城区", "青义镇", "龙门村", "510703103203"], head=[None, None, "村名", "代码"], above=above)
    assert set(sheet_of(made).columns) == {"county", "township", "name", "code"}


def test_signatures_totals_repeated_headers_and_blank_rows_are_left_out_and_noted():
    rows = [row(), [], WIDE, row("510703103204"), ["合计", None, "共 2 个村"], [None, None, "填表人：周敏"]]
    sheet = sheet_of(book(*rows))
    assert codes(sheet) == ["510703103203", "510703103204"]
    assert [number for number, _text in sheet.notes] == [4, 6, 7]


@pytest.mark.parametrize("under", ["联系电话：0816-2345678", "2026年11月20日", date(2026, 11, 20), "=COUNTA(D2:D3)", 2])
def test_what_stands_under_the_codes_at_the_foot_is_left_out_and_noted(under):
    sheet = sheet_of(book(row(), row("510703103204"), ["合计：", None, "制表人：周敏", under]))
    assert codes(sheet) == ["510703103203", "510703103204"]
    assert [number for number, _text in sheet.notes] == [4]


@pytest.mark.parametrize(
    "cells",
    [
        ["涪城区", "青义镇", "小计", None, 5],
        ["涪城区", "青义镇小计", "5个", "—", 5],
        ["涪城区", None, "共计 12 个村", "12", 5],
        ["甲", "乙", "丙", "丁", 1, 2],
        [1, 2, 3, 4, 5],
        ["栏次", "(1)", "（2）", "3"],
    ],
)
def test_totals_within_and_numbers_of_columns_are_left_out_and_noted(cells):
    sheet = sheet_of(book(cells, row()))
    assert codes(sheet) == ["510703103203"]
    assert [number for number, _text in sheet.notes] == [2]


@pytest.mark.parametrize("code", [510703103203, "51070310320", "5.10703E+11", "510703103203 "])
def test_a_row_with_a_code_is_data_however_it_begins(code):
    assert codes(sheet_of(book([None, "备注：已合并", "新村", code]))) == [code]


def test_the_example_row_of_the_template_is_left_out():
    sheet = sheet_of(book(row(name="（示例）龙门村"), row()))
    assert codes(sheet) == ["510703103203"]


def test_merged_townships_count_for_every_row():
    made = book(row(), row("510703103204", county=None, township=None), row("510703103205", county=None, township=None))
    made.worksheets[0].merge_cells("A2:A4")
    made.worksheets[0].merge_cells("B2:B4")
    assert [(cells[0], cells[1]) for _n, cells in sheet_of(made).rows()] == [("涪城区", "青义镇")] * 3


def test_other_merged_cells_are_marked():
    made = book(row(户数=3), row("510703103204"))
    made.worksheets[0].merge_cells("E2:E3")
    assert [cells[4] for _n, cells in sheet_of(made).rows()] == [3, COVERED]


def test_a_formula_is_told_from_a_text_that_begins_alike():
    made = book(row(备注="=1+1"), row("510703103204", 备注="x"))
    cell = made.worksheets[0]["L3"]
    cell.value, cell.data_type = "=2+2", "s"
    first, second = [cells[11] for _n, cells in sheet_of(made).rows()]
    assert (type(first), type(second)) == (Formula, str)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_in_the_usual_encodings(encoding, delimiter):
    text = "\r\n".join(delimiter.join(one) for one in (HEAD, ("涪城区", "青义镇", "龙门村", "510703103203")))
    assert codes(sheet_of(text.encode(encoding), "名册.csv")) == ["510703103203"]


def test_a_formula_in_a_text_file():
    text = "村名,代码,备注\n龙门村,510703103203,=1+1\n"
    ((_number, cells),) = sheet_of(text.encode(), "a.csv").rows()
    assert type(cells[2]) is Formula


def test_a_code_exported_as_a_quoted_text_is_that_text():
    text = '村名,代码\n龙门村,="510703103203"\n方水村,"=""510703103202"""\n'
    assert codes(sheet_of(text.encode(), "a.csv")) == ["510703103203", "510703103202"]
    assert codes(sheet_of(book(row('="510703103203"')))) == ["510703103203"]


def test_a_sheet_beside_the_roster_is_no_matter():
    made = book(row())
    made.create_sheet("填写说明").append(["怎么填"])
    assert codes(sheet_of(made)) == ["510703103203"]


def test_row_numbers_are_those_of_the_file():
    made = book(row(), above=[["标题"], []])
    assert [number for number, _cells in sheet_of(made).rows()] == [4]
