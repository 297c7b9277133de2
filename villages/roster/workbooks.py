"""Workbooks that go out: the template, refused rows to mend, the report of an import, the roster itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from common.spreadsheets.reading import Cells
from common.spreadsheets.writing import (
    BOLD,
    BOX,
    DAY,
    HEAD,
    MIDDLE,
    RED,
    TEXT,
    WRAP,
    WRONG,
    as_it_stood,
    headed,
    put,
)

from .columns import COLUMNS, EXAMPLE, REASON_TITLE, Column, recognise
from .sheets import Sheet
from .staging import Refusal

FORMATS = {"code": TEXT, "date": DAY, "money": "0.00"}
WIDE = {"name": 22, "code": 16, "township": 16, "county": 14, "remark": 24, "resources": 16}
EXAMPLE_ROW = {
    "name": f"{EXAMPLE}龙门村",
    "code": "510703103201",
    "category": "村",
    "households": 620,
    "population": 1860,
    "party_members": 58,
    "organisation_type": "党总支",
    "secretary": "张三",
    "secretary_is_director": "是",
    "annual_income": 128000.5,
    "resources": "林地、水库",
    "location": "城郊",
    "cadre_relations": "融洽",
    "petitions_3y": 2,
    "is_lifted_poverty": "否",
    "is_demonstration": "否",
    "is_weak_lax": "否",
    "last_inspected_on": date(2019, 4, 22),
    "adjustment": "保留",
    "remark": "名称以“（示例）”开头的行不会导入，可以删去",
}
NOTES = (
    "1. 在“填写”表中逐村填写，一村一行。红色列名为必填。列的先后可以调整，列名不要改；不需要的列可以删去。",
    "2. 统计区划代码是 12 位数字，以它认定是哪个村。从别处粘贴时选“只粘贴文本”，不要让它变成 5.10703E+11。",
    "3. 空着的格不改变系统中已有的内容。要清空某项内容，请在村的页面上修改。",
    "4. 导入前先预检：列出新增、变更、更名、并入、撤销和未通过的行，确认之前不会写入。有一行未通过，整份都不写入。",
    "5. 村被合并：在被并入的那一行“调整类型”填“合并”，“并入村代码”填并入后那个村的代码。撤销的填“撤销”。",
    "6. 文件中没有写到的村不会被删除，会单独列出。",
    "7. 不要使用公式、合并单元格、隐藏工作表、宏和密码。可以保留表头上方的标题和末尾的填表人签名行。",
)


def width_of(column: Column) -> int:
    return WIDE.get(column.key, max(10, min(20, len(column.title) * 2 + 2)))


# --------------------------------------------------------------------- template


def template(places: Sequence[tuple[str, str]]) -> Workbook:
    """Blank roster with drop-downs, notes and an example; `places` are (county, township) to choose from."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "填写"
    lists = book.create_sheet("字典")
    _head(sheet)
    for index, column in enumerate(COLUMNS, 1):
        example = {"county": places[0][0], "township": places[0][1]} if places else {}
        cell = put(sheet.cell(2, index), (EXAMPLE_ROW | example).get(column.key))
        cell.font = Font(color="5F6979", italic=True)
        letter = get_column_letter(index)
        if column.kind in FORMATS:
            for row in range(2, 502):
                sheet.cell(row, index).number_format = FORMATS[column.kind]
        offered = _offered(column, places)
        if offered:
            _dropdown(sheet, lists, letter, column, offered)
    _notes(book.create_sheet("填写说明", 1))
    return book


def _head(sheet: Any) -> None:
    for index, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, index, column.title + ("*" if column.required else ""))
        cell.font, cell.fill, cell.border, cell.alignment = (RED if column.required else BOLD), HEAD, BOX, MIDDLE
        sheet.column_dimensions[get_column_letter(index)].width = width_of(column)
        if column.note:
            cell.comment = Comment(column.note, "巡察到村", width=260, height=80)
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"


def _offered(column: Column, places: Sequence[tuple[str, str]]) -> list[str]:
    if column.key == "county":
        return list(dict.fromkeys(county for county, _ in places))
    if column.key == "township":
        return list(dict.fromkeys(township for _, township in places))
    return list(column.dropdown)


def _dropdown(sheet: Any, lists: Any, letter: str, column: Column, offered: list[str]) -> None:
    """Point at a range of 字典: a list written into the rule itself may not pass 255 characters."""
    place = lists.max_column + 1 if lists.max_row > 1 else 1
    lists.cell(1, place, f"{column.title}可选").font = BOLD
    for row, word in enumerate(offered, 2):
        lists.cell(row, place, word)
    at = get_column_letter(place)
    lists.column_dimensions[at].width = 20
    rule = DataValidation("list", formula1=f"字典!${at}$2:${at}${len(offered) + 1}", allow_blank=True)
    free = column.key in ("county", "township") or bool(column.offers)
    rule.showErrorMessage = not free
    rule.errorTitle, rule.error = column.title, "请从下拉列表中选择。"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}5000")


def _notes(sheet: Any) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 80
    sheet["A1"], sheet["A1"].font = "填写说明", Font(bold=True, size=14)
    for row, text in enumerate(NOTES, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.cell(row, 1, text).alignment = WRAP
        sheet.row_dimensions[row].height = 32
    start = len(NOTES) + 3
    sheet.cell(start, 1, "列").font = sheet.cell(start, 2, "怎么填").font = BOLD
    for row, column in enumerate(COLUMNS, start + 1):
        sheet.cell(row, 1, f"〔{column.title}〕" + ("必填" if column.required else ""))
        sheet.cell(row, 2, column.note or ("、".join(column.dropdown) or "按实际填写，没有的留空"))


# ----------------------------------------------------------------- refused rows


def refused_rows(
    book: Workbook, title: str, source: Sheet, rows: Iterable[tuple[int, Cells]], told: Sequence[Refusal]
) -> None:
    """Rows of one sheet as they stood, each wrong cell red with its reason, and all reasons in the last column."""
    sheet, titles = book.create_sheet(title), source.titles
    wrong: dict[int, list[Refusal]] = {}
    for one in told:
        wrong.setdefault(one.row, []).append(one)
    last = max(titles) + 2
    for index, title in titles.items():
        put(sheet.cell(1, index + 1), title)
        sheet.column_dimensions[get_column_letter(index + 1)].width = 16
    put(sheet.cell(1, last), REASON_TITLE)
    sheet.column_dimensions[get_column_letter(last)].width = 60
    for cell in sheet[1]:
        cell.font, cell.fill, cell.border, cell.alignment = BOLD, HEAD, BOX, MIDDLE
    places = {_title(title): index + 1 for index, title in titles.items()}
    for at, (number, cells) in enumerate(rows, 2):
        for index in titles:
            as_it_stood(sheet.cell(at, index + 1), cells.get(index))
        for one in wrong.get(number, ()):
            if place := places.get(one.column):
                marked = sheet.cell(at, place)
                marked.fill, marked.comment = WRONG, Comment(one.reason, "巡察到村", width=300, height=90)
        reasons = "；".join(f"{one.column}：{one.reason}" for one in wrong.get(number, ()))
        cell = put(sheet.cell(at, last), f"原第 {number - source.before} 行。{reasons}" if reasons else None)
        cell.font, cell.alignment = RED, WRAP
    sheet.freeze_panes = "A2"


def _title(title: str) -> str:
    found = recognise(title)
    return found[0].title if found else title


def roster(
    title: str, note: str, columns: Sequence[Column], extra: Sequence[str], rows: Iterator[Sequence[Any]]
) -> Workbook:
    """The roster as a ledger: title, note, head, rows; written row by row, and it imports unchanged."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    for index, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width_of(column)
    for index in range(len(columns) + 1, len(columns) + len(extra) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 14
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 8, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    heading = put(WriteOnlyCell(sheet), title)
    heading.font = Font(bold=True, size=16)
    sheet.append([heading])
    sheet.append([put(WriteOnlyCell(sheet), note)])
    sheet.append([headed(sheet, text) for text in [*(one.title for one in columns), *extra]])
    for row in rows:
        sheet.append([_written(sheet, value) for value in row])
    return book


def _written(sheet: Any, value: Any) -> Any:
    if value is None:
        return None
    cell = put(WriteOnlyCell(sheet), value)
    cell.border = BOX
    if isinstance(value, str):
        cell.number_format = TEXT
    elif isinstance(value, date):
        cell.number_format = DAY
    return cell
