"""A ledger as a workbook laid out to print: title, a line that tells of what and when, header on every page, boxes."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROWS = 3
THIN = Side(style="thin", color="808080")
WRAPPED = Alignment(vertical="center", wrap_text=True)
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FORMATS = {date: "yyyy-mm-dd", Decimal: "#,##0.00##"}
LINE, TALLEST = 16, 405  # points; a row that has no height of its own is drawn too low by some programs
MARGIN = 0.4  # inches


@dataclass(frozen=True)
class Sheet:
    """`columns` are (label, width in characters); each row has a value for each column but the first, its number."""

    name: Any
    title: Any
    told: Any
    columns: Sequence[tuple[Any, int]]
    rows: Iterable[Sequence[Any]] = field(default_factory=list)
    kept: int = 2  # columns that stay in sight


def workbook(ledger: Sheet) -> bytes:
    """The ledger as xlsx: A4 landscape, one page wide, header repeated, pages numbered."""
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    _head(sheet, ledger)
    count = 0
    for count, row in enumerate(ledger.rows, 1):
        _write(sheet, count, (count, *row), ledger.columns)
    _lay_out(sheet, ledger, count)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _head(sheet: Worksheet, ledger: Sheet) -> None:
    """Merged title, unit and date line, header."""
    last = get_column_letter(len(ledger.columns))
    sheet.title = str(ledger.name)
    sheet.append([_clean(str(ledger.title))])
    sheet.append([_clean(str(ledger.told))])
    sheet.append([str(label) for label, _width in ledger.columns])
    for row, font, height in ((1, Font(size=18, bold=True), 32), (2, Font(size=11), 20)):
        sheet.merge_cells(f"A{row}:{last}{row}")
        sheet.cell(row, 1).font = font
        sheet.row_dimensions[row].height = height
        sheet.cell(row, 1).alignment = Alignment(horizontal="center" if row == 1 else "left", vertical="center")
    sheet.row_dimensions[HEAD_ROWS].height = 2 * LINE + 3
    for cell in sheet[HEAD_ROWS]:
        cell.font, cell.border = Font(bold=True), BOX
        cell.fill = PatternFill("solid", fgColor="E9EDF2")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _write(sheet: Worksheet, number: int, values: Sequence[Any], columns: Sequence[tuple[Any, int]]) -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(number + HEAD_ROWS, column)
        if isinstance(value, str):
            cell.value, cell.data_type = _clean(value), "s"
        else:
            cell.value = value
        model = sheet.cell(HEAD_ROWS + 1, column)
        if number > 1 and type(value) is type(model.value):
            cell._style = copy(model._style)  # type: ignore[union-attr]  # the finished style of the row above: half the time of a workbook
        else:
            _style(cell, value)
    lines = max(_lines(value, width) for value, (_label, width) in zip(values, columns, strict=True))
    sheet.row_dimensions[number + HEAD_ROWS].height = min(lines * LINE + 3, TALLEST)


def _lines(value: Any, width: int) -> int:
    """How many lines a text takes in a column of `width` characters; a Chinese one takes two and a bit."""
    if not isinstance(value, str):
        return 1
    return sum(ceil(max(sum(2.2 if ord(one) > 255 else 1.1 for one in line), 1) / width) for line in value.split("\n"))


def _style(cell: Any, value: Any) -> None:
    cell.border, cell.alignment = BOX, WRAPPED
    if isinstance(value, str):
        cell.quotePrefix = True  # a text that begins like a formula stays one when a person edits the cell
    elif type(value) in FORMATS:
        cell.number_format = FORMATS[type(value)]


def _lay_out(sheet: Worksheet, ledger: Sheet, count: int) -> None:
    """Frozen and repeated header, landscape A4, one page wide, page numbers."""
    for column, (_label, width) in enumerate(ledger.columns, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"{get_column_letter(ledger.kept + 1)}{HEAD_ROWS + 1}"
    sheet.print_title_rows = f"1:{HEAD_ROWS}"
    sheet.print_area = f"A1:{get_column_letter(len(ledger.columns))}{count + HEAD_ROWS}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = MARGIN
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = str(_("第 &P 页 共 &N 页"))  # type: ignore[union-attr]
