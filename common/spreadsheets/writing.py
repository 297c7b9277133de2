"""Workbooks that go out: no text can become a formula; ledgers are laid out to be printed."""

import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

TEXT, DAY, MONEY = "@", "yyyy-mm-dd", "#,##0.00"
THIN = Side(style="thin", color="BFC5CE")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="EDF0F3")
WRONG = PatternFill("solid", fgColor="FDECEB")
RED = Font(color="B3261E", bold=True)
BOLD = Font(bold=True)
WRAP = Alignment(wrap_text=True, vertical="top")
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAPPED = Alignment(vertical="center", wrap_text=True)
LINE, TALLEST = 16, 405  # points; some programs draw a row that has no height of its own one line high
A4, A3 = 9, 8  # as Excel numbers paper
WIDEST_ON_A4 = 220  # characters; more are smaller than 6 points there
HEAD_ROWS = 3  # of a printed sheet: title, note, column titles


def put(cell: Any, value: Any) -> Any:
    """Write a value so that no text can become a formula."""
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = text
        cell.data_type = "s"
        if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def as_bytes(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def headed(sheet: Any, text: str) -> Any:
    """A column title of a write-only sheet."""
    cell = put(WriteOnlyCell(sheet), text)
    cell.font, cell.fill, cell.border, cell.alignment = BOLD, HEAD, BOX, MIDDLE
    return cell


def as_it_stood(cell: Cell, value: Any) -> None:
    """A value of somebody's own file, on its way back."""
    if isinstance(value, datetime | date):
        cell.number_format = DAY
    elif isinstance(value, int | float) and not isinstance(value, bool) and value >= 1e10:
        cell.number_format = "0"
    elif isinstance(value, str):
        cell.number_format = TEXT
        value = str(value)
    put(cell, value if isinstance(value, str | int | float | datetime | date) else None)


def table(
    book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """A plain sheet of a write-only or a normal workbook, with a frozen head."""
    sheet = book.create_sheet(title)
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([headed(sheet, text) for text in heads])
    for row in rows:
        sheet.append([_plain(sheet, value) for value in row])


def _plain(sheet: Any, value: Any) -> Any:
    return put(WriteOnlyCell(sheet), value) if isinstance(value, str) else value


# ------------------------------------------------------------- sheets to print


@dataclass(frozen=True)
class Printed:
    """One sheet for the printer: landscape, one page wide, its head repeated on every page, pages numbered; on A4, or
    on A3 when its columns would be too small to read there.

    `columns` are (title, width in characters); `fills` colours cells that hold exactly this text.
    """

    name: str
    title: str
    note: str
    columns: Sequence[tuple[Any, int]]
    rows: Iterable[Sequence[Any]]
    foot: str = ""
    frozen: str = "C"
    fills: Mapping[str, str] | None = None


def printed(book: Workbook, one: Printed) -> int:
    """Add the sheet to a write-only workbook, row by row; returns how many rows it has."""
    sheet: Any = book.create_sheet(one.name)
    last = get_column_letter(len(one.columns))
    for index, (_title, width) in enumerate(one.columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = f"{one.frozen}{HEAD_ROWS + 1}"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for row, height in ((1, 32), (2, 20), (3, 30)):
        sheet.row_dimensions[row].height = height
    _top(sheet, one.title, one.note, last)
    sheet.append([headed(sheet, str(title)) for title, _width in one.columns])
    count = _rows(sheet, one)
    end = count + HEAD_ROWS
    if one.foot:
        end += 1
        sheet.append([_styled(sheet, one.foot, Font(size=11), WRAPPED)])
        sheet.merged_cells.add(f"A{end}:{last}{end}")
    _for_print(sheet, f"A1:{last}{end}", A4 if sum(width for _title, width in one.columns) <= WIDEST_ON_A4 else A3)
    return count


def _top(sheet: Any, title: str, note: str, last: str) -> None:
    for row, (text, font, at) in enumerate(
        ((title, Font(size=18, bold=True), "center"), (note, Font(size=11), "left")), 1
    ):
        sheet.append([_styled(sheet, text, font, Alignment(horizontal=at, vertical="center"))])
        sheet.merged_cells.add(f"A{row}:{last}{row}")


def _styled(sheet: Any, text: str, font: Font, alignment: Alignment) -> Any:
    cell = put(WriteOnlyCell(sheet), text)
    cell.font, cell.alignment = font, alignment
    return cell


def _rows(sheet: Any, one: Printed) -> int:
    """Styles are made once a kind of value and shared: half the time of a workbook is styling."""
    styles: dict[Any, Any] = {}
    fills, count = one.fills or {}, 0
    for count, values in enumerate(one.rows, 1):
        lines = max(_lines(value, width) for value, (_title, width) in zip(values, one.columns, strict=True))
        sheet.row_dimensions[count + HEAD_ROWS].height = min(lines * LINE + 3, TALLEST)
        sheet.append([_cell(sheet, value, styles, fills) for value in values])
    return count


def _lines(value: Any, width: int) -> int:
    """How many lines a text takes in a column of `width` characters; a Chinese one is as wide as two and a bit."""
    if not isinstance(value, str):
        return 1
    return sum(ceil(max(sum(2.2 if ord(one) > 255 else 1.1 for one in line), 1) / width) for line in value.split("\n"))


def _cell(sheet: Any, value: Any, styles: dict[Any, Any], fills: Mapping[str, str]) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    fill = fills.get(value) if isinstance(value, str) else None
    kind = fill or (str if isinstance(value, str) else type(value))
    if isinstance(value, str):
        cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value), "s"
    else:
        cell.value = value
    if kind not in styles:
        _style(cell, value, fill)
        styles[kind] = copy(cell._style)
    cell._style = styles[kind]
    return cell


def _style(cell: Any, value: Any, fill: str | None) -> None:
    cell.border, cell.alignment = BOX, WRAPPED
    if isinstance(value, str):
        cell.quotePrefix = True  # a text that begins like a formula stays one when a person edits the cell
    elif isinstance(value, date):
        cell.number_format, cell.alignment = DAY, MIDDLE
    elif isinstance(value, Decimal):
        cell.number_format = f"{MONEY}##"
    elif isinstance(value, float):
        cell.number_format = "0.0"
    elif isinstance(value, int):
        cell.number_format, cell.alignment = "0", MIDDLE
    if fill:
        cell.fill, cell.alignment = PatternFill("solid", fgColor=fill), MIDDLE


def _for_print(sheet: Any, area: str, paper: int) -> None:
    sheet.print_title_rows = f"1:{HEAD_ROWS}"
    sheet.print_area = area
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.7
    sheet.page_margins.header = sheet.page_margins.footer = 0.3  # the page number's line must fit under the table
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
