"""Files into sheets: CSV by the standard library, workbooks by openpyxl with a faster reader of their rows."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from openpyxl.utils import column_index_from_string

from common.spreadsheets.cells import formula
from common.spreadsheets.files import FileRefused, Package
from common.spreadsheets.reading import MOST_COLUMNS, Cells, Row, open_workbook, rows_of

from .columns import OWN_SHEETS
from .sheets import HEADER_WITHIN, MOST_ROWS, Book, Sheet, has_codes, missing_header, with_header

SAMPLE = 4096


def read(file: IO[bytes], package: Package) -> Book:
    """The sheets of the file that are a roster. Raises FileRefused, also when they do not have the same columns."""
    return _read_csv(file, package.encoding) if package.kind == "csv" else _read_workbook(file, package)


# ------------------------------------------------------------------------ CSV


def _read_csv(file: IO[bytes], encoding: str) -> Book:
    head = file.read(4 * SAMPLE).decode(encoding, errors="ignore")[:SAMPLE]
    delimiter = max(",\t;，", key=head.count)
    file.seek(0)
    rows = _csv_rows(_lines(file, encoding), delimiter)
    top = list(islice(rows, HEADER_WITHIN))
    sheet = with_header("CSV", top, rows)
    if sheet is None:
        raise missing_header(top)
    return Book([sheet], MOST_ROWS["csv"])


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    """One after the other: the file of a whole country is never in memory at once. The file stays open."""
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from iter(text.readline, "")  # from `text` itself it would be closed as soon as nobody reads on
    finally:
        if not text.closed:
            text.detach()


def _csv_rows(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    try:
        for number, values in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
            cells: Cells = {}
            for index, value in enumerate(values[:MOST_COLUMNS]):
                if value and (read := formula(value) if value[0] == "=" else value):
                    cells[index] = read
            yield number, cells
    except csv.Error as error:
        raise FileRefused("文件的引号或分隔符有误，无法读取。请另存为 .xlsx 后再上传。") from error


# ----------------------------------------------------------------------- xlsx


def _read_workbook(file: IO[bytes], package: Package) -> Book:
    book = open_workbook(file)
    sheets, unread, first = [], [], None
    for one in book.worksheets:
        rows = rows_of(one)
        top = list(islice(rows, HEADER_WITHIN))
        first = first or top
        if sheet := with_header(one.title, top, rows):
            sheet.merges = _merges(sheet, package.merges.get(_part_of(one), []))
            sheets.append(sheet)
        elif one.title not in OWN_SHEETS and has_codes(top):
            unread.append(one.title)
    if not sheets:
        raise missing_header(first or [])
    return Book(sheets, MOST_ROWS["xlsx"], unread)


def _part_of(worksheet: Any) -> str:
    return str(worksheet._worksheet_path).lstrip("/")


def _merges(sheet: Sheet, ranges: list[tuple[str, int, str, int]]) -> dict[int, list[tuple[int, int, bool]]]:
    """Merged ranges below the header, by the known column they touch."""
    known = {index for index, _, _ in sheet.columns.values()}
    found: dict[int, list[tuple[int, int, bool]]] = {}
    for left, top, right, bottom in ranges:
        first, last = column_index_from_string(left) - 1, column_index_from_string(right) - 1
        for index in known & set(range(first, min(last, MOST_COLUMNS) + 1)) if bottom > sheet.header_row else ():
            found.setdefault(index, []).append((top, bottom, index == first))
    return found
