"""Sheets with a header that was found, not assumed, and the data rows under it; no value is judged here."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any

from common.spreadsheets.cells import COVERED, key_of, shown
from common.spreadsheets.files import FileRefused
from common.spreadsheets.reading import Cells, Row

from .cells import NOTHING
from .columns import EXAMPLE, OWN_EXTRAS, Column, recognise

HEADER_WITHIN = 20
BLANK = NOTHING | {""}
CODE = re.compile("[0-9]{12}")
MEANT_AS_CODE = re.compile(r"[\d.\s]{9,}|[\d.]+[eE]\+?\d+")
TOTAL = re.compile("小计|合计|总计|共计")
NUMBERING = re.compile(r"[甲乙丙丁戊己庚辛壬癸A-Z]|[(（]?\d{1,2}[)）]?|栏次|行次")
MOST_ROWS = {"xlsx": 50_000, "csv": 1_000_000}
MOST_BLANK = 5_000
SHEET_ROWS = 2_000_000  # more than a sheet can have: rows of all sheets are counted on, by so many a sheet
NOTE_STARTS = (
    *(
        "合计",
        "总计",
        "小计",
        "填报",
        "填表",
        "制表",
        "审核",
        "复核",
        "负责人",
        "联系人",
        "联系电话",
        "注:",
        "注：",
        "说明",
    ),
    *(
        "备注:",
        "备注：",
        "单位:",
        "单位：",
        "单位负责人",
        "日期",
        "分管领导",
        "签字",
        "签名",
        "盖章",
        "（盖章",
        "(盖章",
        "导出",
    ),
)


@dataclass
class Sheet:
    """One sheet with a header: where each known column stands, and its rows below the header.

    `before` is added to the row numbers, so that those of several sheets differ: see `Book`.
    """

    title: str
    header_row: int
    columns: dict[str, tuple[int, Column, Decimal]]
    titles: dict[int, str]
    ignored: list[str]
    source: Iterator[Row]
    merges: dict[int, list[tuple[int, int, bool]]] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    before: int = 0
    _above: Cells = field(default_factory=dict)
    _name_title: str = ""

    def rows(self) -> Iterator[Row]:
        """Data rows; blank rows, repeated headers, examples, notes and signatures are left out and noted."""
        blank = 0
        self._name_title = key_of(self.titles[self.columns["name"][0]])
        for number, cells in self.source:
            if not any(map(filled, cells.values())):
                blank += 1
                if blank > MOST_BLANK:
                    raise FileRefused(
                        f"“{self.title}”第 {number - blank} 行以后有 {MOST_BLANK} 多个空行。"
                        "请删除空行（选中整行删除）后再上传。"
                    )
                continue
            blank = 0
            if self.merges:
                self._fill(number, cells)
            if note := self._note(cells):
                self.notes.append((self.before + number, note))
                continue
            yield self.before + number, cells

    def _fill(self, number: int, cells: Cells) -> None:
        """County and township merged downwards count for each row; other cells under a merged one are marked."""
        places = {self.columns[key][0] for key in ("county", "township") if key in self.columns}
        for index, ranges in self.merges.items():
            place = bisect_right(ranges, number, key=itemgetter(0))  # sorted, and no two of a sheet overlap
            if not place or cells.get(index) is not None:
                continue
            top, bottom, left = ranges[place - 1]
            if number <= bottom and not (left and number == top):
                cells[index] = self._above.get(index) if index in places and left else COVERED
        self._above = {index: cells.get(index) for index in places}

    def _note(self, cells: Cells) -> str:
        """The text of a row that is no data; empty for one that is."""
        code, name = (cells.get(self.columns[key][0]) for key in ("code", "name"))
        named = shown(name).strip()
        if named.startswith((EXAMPLE, "(示例)")) or key_of(named) == self._name_title:
            return _text(cells)
        if MEANT_AS_CODE.fullmatch(shown(code).strip()):
            return ""
        text = _text(cells)  # under the codes of such rows a date, a telephone or a number may stand
        if text.startswith(NOTE_STARTS) or self._is_total(cells) or _is_numbering(cells):
            return text
        return "" if filled(code) or named else text

    def _is_total(self, cells: Cells) -> bool:
        places = (self.columns[key][0] for key in ("county", "township", "name") if key in self.columns)
        return any(TOTAL.search(shown(cells.get(index))) for index in places)


@dataclass
class Book:
    """The sheets of a file that are a roster, read as one; offices keep one for each township."""

    sheets: list[Sheet]
    limit: int
    unread: list[str] = field(default_factory=list)
    """Sheets that have codes of villages, but no header."""

    def __post_init__(self) -> None:
        first, *others = self.sheets
        for place, sheet in enumerate(others, 1):
            if sheet.columns.keys() != first.columns.keys():
                raise FileRefused(_other_columns(first, sheet))
            sheet.before = place * SHEET_ROWS

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.sheets]

    @property
    def ignored(self) -> list[str]:
        return list(dict.fromkeys(title for one in self.sheets for title in one.ignored))

    @property
    def notes(self) -> list[tuple[int, str]]:
        return [note for one in self.sheets for note in one.notes]

    def chunks(self, size: int) -> Iterator[tuple[Sheet, list[Row]]]:
        """Data rows, at most `size` at a time and of one sheet."""
        count = 0
        for sheet in self.sheets:
            rows = sheet.rows()
            while some := list(islice(rows, size)):
                count += len(some)
                if count > self.limit:
                    raise FileRefused(f"名册超过 {self.limit} 行，请按县（市、区）分开上传。")
                yield sheet, some


def place_of(row: int, titles: Sequence[str]) -> tuple[str, int]:
    """(sheet, row number within it) of a row of a book; the sheet is empty where there is only one."""
    if len(titles) < 2:
        return "", row
    place, number = divmod(row, SHEET_ROWS)
    return titles[place], number


def row_said(row: int, titles: Sequence[str]) -> str:
    """“青义镇”第 12 行"""
    title, number = place_of(row, titles)
    return f"“{title}”第 {number} 行" if title else f"第 {number} 行"


def _other_columns(first: Sheet, other: Sheet) -> str:
    told = [
        f"“{one.title}”没有{'、'.join(column.title for _, column, _ in lacking)}"
        for one, more in ((other, first), (first, other))
        if (lacking := [found for key, found in more.columns.items() if key not in one.columns])
    ]
    return (
        f"工作表“{first.title}”和“{other.title}”都像名册，列却不同：{'；'.join(told)}。"
        "请把各工作表的列名改成一样，或删去不是名册的工作表，再上传。"
    )


def _text(cells: Cells) -> str:
    return " ".join(shown(cells[index]) for index in sorted(cells) if filled(cells[index]))


def _is_numbering(cells: Cells) -> bool:
    """甲 乙 丙 1 2 under the titles, to speak of the columns by."""
    known = [shown(value).strip() for value in cells.values() if filled(value)]
    return len(known) > 2 and all(map(NUMBERING.fullmatch, known))


def filled(value: Any) -> bool:
    return value is not None and value is not COVERED and (not isinstance(value, str) or value.strip() not in BLANK)


# --------------------------------------------------------------------- header


def with_header(title: str, top: list[Row], rest: Iterator[Row]) -> Sheet | None:
    """The sheet, when one of its first rows names village and code; titles may stand in two rows."""
    for position, (number, cells) in enumerate(top):
        known = {found[0].key for value in cells.values() if (found := recognise(value))}
        if not {"name", "code"} <= known:
            continue
        titles = {index: str(value) for index, value in cells.items() if filled(value)}
        data_from = position + 1
        if position:
            _complete(titles, top[position - 1][1])
        if position + 1 < len(top) and _complete(titles, top[position + 1][1], below=True):
            data_from += 1
        columns, ignored = _assign(titles)
        return Sheet(title, number, columns, titles, ignored, _chain(top[data_from:], rest))
    return None


def _complete(titles: dict[int, str], cells: Cells, *, below: bool = False) -> bool:
    """Take titles of a neighbouring header row where this one has none that we know."""
    found = {index: str(value) for index, value in cells.items() if value is not None and recognise(value)}
    taken = {column[0].key: index for index, text in titles.items() if (column := recognise(text))}
    free = {
        index: text
        for index, text in found.items()
        if not recognise(titles.get(index)) and (column := recognise(text)) and column[0].key not in taken
    }
    if below and (set(found) != set(free) or filled(cells.get(taken["code"]))):
        return False
    titles.update(free)
    return bool(free)


def _assign(titles: dict[int, str]) -> tuple[dict[str, tuple[int, Column, Decimal]], list[str]]:
    columns: dict[str, tuple[int, Column, Decimal]] = {}
    ignored = []
    for index, title in sorted(titles.items()):
        found = recognise(title)
        if found is None:
            if title.strip() not in OWN_EXTRAS:
                ignored.append(" ".join(title.split()))
            continue
        column, scale = found
        if column.key in columns:
            raise FileRefused(f"有两列都是“{column.title}”，请只保留一列后再上传。")
        columns[column.key] = (index, column, scale)
    return columns, ignored


def _chain(first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def has_codes(top: list[Row]) -> bool:
    """Do these rows, that have no header, look like those of a roster all the same?"""
    return any(CODE.fullmatch(shown(value).strip()) for _, cells in top for value in cells.values())


def missing_header(top: list[Row]) -> FileRefused:
    words = [shown(value) for _, cells in top for value in cells.values() if isinstance(value, str)]
    seen = {found[0].key for word in words if (found := recognise(word))}
    lacking = [title for key, title in (("name", "村(社区)名称"), ("code", "统计区划代码")) if key not in seen]
    names = "和".join(f"“{title}”" for title in lacking or ["村(社区)名称", "统计区划代码"])
    return FileRefused(f"前 {HEADER_WITHIN} 行中没有找到名册的表头：缺少{names}列。请按模板的列名填写表头后再上传。")
