"""Files into sheets: CSV by the standard library, workbooks by openpyxl with a faster reader of their rows."""

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from .cells import ErrorValue, Formula
from .files import SAVE_AS, FileRefused, Package
from .sheets import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, Cells, Row, Sheet, missing_header, with_header

SAMPLE = 4096


def read(file: IO[bytes], package: Package) -> Sheet:
    """The one sheet of the file that is a roster. Raises FileRefused."""
    return _read_csv(file, package.encoding) if package.kind == "csv" else _read_workbook(file, package)


# ------------------------------------------------------------------------ CSV


def _read_csv(file: IO[bytes], encoding: str) -> Sheet:
    head = file.read(4 * SAMPLE).decode(encoding, errors="ignore")[:SAMPLE]
    delimiter = max(",\t;，", key=head.count)
    file.seek(0)
    rows = _csv_rows(_lines(file, encoding), delimiter)
    top = list(islice(rows, HEADER_WITHIN))
    sheet = with_header("CSV", top, rows)
    if sheet is None:
        raise missing_header(top)
    sheet.limit = MOST_ROWS["csv"]
    return sheet


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    """One after the other: the file of a whole country is never in memory at once. The file stays open."""
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from text
    finally:
        text.detach()


def _csv_rows(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    try:
        for number, values in enumerate(csv.reader(lines, delimiter=delimiter), 1):
            cells: Cells = {}
            for index, value in enumerate(values[:MOST_COLUMNS]):
                if value:
                    cells[index] = Formula(value) if value[0] == "=" else value
            yield number, cells
    except csv.Error as error:
        raise FileRefused("文件的引号或分隔符有误，无法读取。请另存为 .xlsx 后再上传。") from error


# ----------------------------------------------------------------------- xlsx


def _read_workbook(file: IO[bytes], package: Package) -> Sheet:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises what it meets: KeyError, ValueError, TypeError …
        raise FileRefused(f"工作簿内部结构有误，无法打开。{SAVE_AS}。") from error
    hidden = [one.title for one in book.worksheets if one.sheet_state != "visible" and not _of_the_program(one.title)]
    if hidden:
        raise FileRefused(f"工作簿有隐藏的工作表“{'”“'.join(hidden)}”。请取消隐藏，核对后删除，再上传。")
    sheets, first = [], None
    for one in book.worksheets:
        rows = _rows(one)
        top = list(islice(rows, HEADER_WITHIN))
        first = first or top
        if sheet := with_header(one.title, top, rows):
            sheet.merges = _merges(sheet, package.merges.get(_part_of(one), []))
            sheets.append(sheet)
    if not sheets:
        raise missing_header(first or [])
    if len(sheets) > 1:
        names = "”“".join(one.title for one in sheets)
        raise FileRefused(f"有 {len(sheets)} 个工作表都像名册：“{names}”。请合并到一个工作表后再上传。")
    return sheets[0]


def _part_of(worksheet: Any) -> str:
    return str(worksheet._worksheet_path).lstrip("/")


def _of_the_program(title: str) -> bool:
    """WPS keeps pictures in a hidden sheet of its own."""
    return title.startswith("WpsReserved")


def _merges(sheet: Sheet, ranges: list[tuple[str, int, str, int]]) -> dict[int, list[tuple[int, int, bool]]]:
    """Merged ranges below the header, by the known column they touch."""
    known = {index for index, _, _ in sheet.columns.values()}
    found: dict[int, list[tuple[int, int, bool]]] = {}
    for left, top, right, bottom in ranges:
        first, last = column_index_from_string(left) - 1, column_index_from_string(right) - 1
        for index in known & set(range(first, min(last, MOST_COLUMNS) + 1)) if bottom > sheet.header_row else ():
            found.setdefault(index, []).append((top, bottom, index == first))
    return found


def _rows(worksheet: Any) -> Iterator[Row]:
    """Rows of one sheet, three times as fast as the library's own: only values, and formulas told apart."""
    reader = _CellReader(worksheet)
    number = 0
    with worksheet._get_source() as part:
        try:
            for _, element in iterparse(part):  # noqa: S314 (no DTD, see files.inspect)
                if element.tag.endswith("}row"):
                    number = int(element.get("r") or number + 1)
                    yield number, reader.cells(element)
                    element.clear()
        except (ParseError, ValueError, IndexError, KeyError, OverflowError) as error:
            raise FileRefused(f"工作表“{worksheet.title}”第 {number} 行附近无法读取。{SAVE_AS}。") from error


class _CellReader:
    """Turns the <c> elements of a sheet into values."""

    def __init__(self, worksheet: Any):
        book = worksheet.parent
        self.strings = worksheet._shared_strings
        self.epoch, self.dates, self.spans = book.epoch, book._date_formats, book._timedelta_formats
        self.letters: dict[str, int] = {}
        self.namespace = ""

    def cells(self, row: Element) -> Cells:
        found: Cells = {}
        index = -1
        namespace = row.tag[:-3]
        for element in row:
            reference = element.get("r")
            index = self._index(reference) if reference else index + 1
            if index < MOST_COLUMNS and (value := self._value(element, namespace)) is not None:
                found[index] = value
        return found

    def _index(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self.letters:
            self.letters[letters] = column_index_from_string(letters) - 1
        return self.letters[letters]

    def _value(self, element: Element, namespace: str) -> Any:
        kind, text, formula = element.get("t", "n"), None, None
        for child in element:
            if child.tag == namespace + "v":
                text = child.text
            elif child.tag == namespace + "f":
                formula = child
        if formula is not None:
            return Formula(f"={formula.text or ''}")
        if kind == "inlineStr":
            return "".join(one.text or "" for one in element.iter(namespace + "t")) or None
        return None if text is None else self._typed(kind, text, int(element.get("s", 0)))

    def _typed(self, kind: str, text: str, style: int) -> Any:
        if kind == "s":
            return self.strings[int(text)]
        if kind == "n":
            return self._number(text, style)
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return ErrorValue(text)
        return _iso(text) if kind == "d" else text

    def _number(self, text: str, style: int) -> Any:
        number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        if style in self.dates:
            try:
                return from_excel(number, self.epoch, timedelta=style in self.spans)
            except (OverflowError, ValueError):
                return ErrorValue(text)
        return number


def _iso(text: str) -> datetime | str:
    try:
        return from_ISO8601(text)
    except ValueError:
        return text
