"""The progress workbook as a file: written with a person's items, read back with what was filled in (E6, H5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.utils import get_column_letter

from common.calendar import today
from common.spreadsheets import files, reading
from common.spreadsheets.cells import CellRefused, key_of, refuse_odd, shown
from common.spreadsheets.files import FileRefused
from common.spreadsheets.writing import BOLD, BOX, HEAD, MIDDLE, RED, TEXT, WRAP, WRONG, as_bytes, put
from rectification.models import ProgressRow, RectificationItem

MOST_ROWS = 2_000
HEADER_WITHIN = 20
NAME = "进展"
# key, title, width, to be filled
COLUMNS = (
    ("number", "编号", 16, False),
    ("township", "乡镇（街道）", 12, False),
    ("village", "村（社区）", 12, False),
    ("title", "问题", 26, False),
    ("measures", "整改措施", 36, False),
    ("deadline", "整改时限", 12, False),
    ("last", "上次进展", 30, False),
    ("text", "本次进展", 44, True),
    ("finished", "完成的措施序号", 16, True),
    ("code", "校验码", 18, False),
)
REASON = "未通过的原因"
KEYS = {key_of(title): key for key, title, _width, _fill in COLUMNS}
NEEDED = ("number", "text", "code")
OPEN_TO_FILL = PatternFill("solid", fgColor="FFF8E1")
NOTES = {
    "text": "写清这段时间做了什么、做到什么程度，不超过 2000 字。没有新进展的留空，这一行就不上报。",
    "finished": "这次做完的措施的序号，如 1、3。没有就留空。",
    "code": "系统用来认定这一行，不要改动。",
}
HOW = "只填黄色的两列，其余各列不要改动；没有新进展的行留空。佐证材料请到事项页面上传。"


@dataclass(frozen=True)
class Line:
    """What a row is written from."""

    item: RectificationItem
    last: str = ""


def code_of(item: RectificationItem) -> str:
    """Version and a seal over it and the item: whoever moves a number to another row is found out."""
    return f"{item.version}-{_seal(item, item.version)}"


def _seal(item: RectificationItem, version: int) -> str:
    return salted_hmac("rectification.progress_workbook", f"{item.pk}:{version}").hexdigest()[:10]


def seen_version(item: RectificationItem, code: str) -> int | None:
    """The version that the row was written with, or None when the code is not this item's."""
    version, _dash, seal = code.strip().partition("-")
    if not version.isdecimal() or len(version) > 9 or seal != _seal(item, int(version)):
        return None
    return int(version)


# -------------------------------------------------------------------- going out


def blank(lines: Iterable[Line], organ: str) -> bytes:
    """The workbook to fill: one row an item."""
    book, sheet = _begin(organ)
    for one in lines:
        _row(sheet, _cells_of(one) | {"text": "", "finished": ""})
    return as_bytes(book)


def refused(rows: Sequence[tuple[ProgressRow, Line | None]], organ: str) -> bytes:
    """The refused rows in the same workbook, each with its reason; the sender's own items as they are now."""
    book, sheet = _begin(organ, reasons=True)
    for row, line in rows:
        known = _cells_of(line) if line else {}
        cells = row.cells | known
        _row(sheet, cells, reason=row.reason, stood=not line)
    return as_bytes(book)


def _cells_of(line: Line) -> dict[str, str]:
    item = line.item
    measures = [f"{one.order}. {one.text}{'（已完成）' if one.done_on else ''}" for one in item.measures.all()]
    return {
        "number": item.number,
        "township": item.township.name,
        "village": item.village.division.name,
        "title": item.finding.title,
        "measures": "\n".join(measures),
        "deadline": f"{item.deadline:%Y-%m-%d}" if item.deadline else "长期坚持",
        "last": line.last,
        "code": code_of(item),
    }


def _begin(organ: str, *, reasons: bool = False) -> tuple[Workbook, Any]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = NAME
    titles = [*((title, width) for _key, title, width, _fill in COLUMNS), *([(REASON, 40)] if reasons else [])]
    sheet.append([f"整改进展填报表（{organ}，{today():%Y-%m-%d} 下载）"])
    sheet.append([HOW])
    sheet.append([])
    last = get_column_letter(len(titles))
    for row in (1, 2):
        sheet.merge_cells(f"A{row}:{last}{row}")
    sheet["A1"].font, sheet["A2"].font = Font(bold=True, size=16), Font(color="8A5A00")
    for index, (title, width) in enumerate(titles, 1):
        _head(sheet.cell(3, index), title, index)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 28, 28
    sheet.freeze_panes = "B4"
    _for_paper(sheet)
    return book, sheet


def _head(cell: Any, title: str, index: int) -> None:
    put(cell, title)
    key, fill = (COLUMNS[index - 1][0], COLUMNS[index - 1][3]) if index <= len(COLUMNS) else ("", False)
    cell.font, cell.fill, cell.border, cell.alignment = (RED if key == "text" else BOLD), HEAD, BOX, MIDDLE
    if fill:
        cell.fill = OPEN_TO_FILL
    if key in NOTES:
        cell.comment = Comment(NOTES[key], "巡察到村", width=260, height=80)


def _for_paper(sheet: Any) -> None:
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    # Against a slip of the hand, without a password: whoever wants to can take it off, and gains nothing by it.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _row(sheet: Any, cells: dict[str, str], reason: str = "", *, stood: bool = False) -> None:
    at = sheet.max_row + 1
    for index, (key, _title, _width, fill) in enumerate(COLUMNS, 1):
        cell = put(sheet.cell(at, index), cells.get(key) or None)
        cell.number_format, cell.border, cell.alignment = TEXT, BOX, WRAP
        if fill or stood:
            cell.protection = Protection(locked=False)
        if fill:
            cell.fill = OPEN_TO_FILL
    if reason:
        cell = put(sheet.cell(at, len(COLUMNS) + 1), reason)
        cell.font, cell.fill, cell.border, cell.alignment = RED, WRONG, BOX, WRAP


# ------------------------------------------------------------------- coming back


@dataclass(frozen=True)
class Filled:
    """One filled row of the file; `odd` says why a cell cannot be read at all."""

    row: int
    cells: dict[str, str]
    odd: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.cells.get("text") or self.cells.get("finished") or self.odd)


def read(file: IO[bytes], name: str) -> list[Filled]:
    """Every row under the header that has a number or was filled in. Raises FileRefused."""
    if files.inspect(file, name).kind != "xlsx":
        raise FileRefused(_("请上传下载的那份 Excel 工作簿（.xlsx），不要另存为其他格式。"))
    found = [one for sheet in reading.open_workbook(file).worksheets if (one := _with_header(sheet)) is not None]
    if len(found) != 1:
        raise FileRefused(
            _("没有找到填报表：表头要有“编号”“本次进展”“校验码”三列。请用最新下载的工作簿填写。")
            if not found
            else _("有两个工作表都像填报表，请只保留一个后再上传。")
        )
    return found[0]


def _with_header(sheet: Any) -> list[Filled] | None:
    rows = reading.rows_of(sheet)
    for _number, cells in islice(rows, HEADER_WITHIN):
        places = {KEYS[key]: index for index, value in cells.items() if (key := key_of(value)) in KEYS}
        if set(NEEDED) <= places.keys():
            return _filled(rows, places)
    return None


def _filled(rows: Any, places: dict[str, int]) -> list[Filled]:
    found: list[Filled] = []
    for number, cells in rows:
        one = _one(number, {key: cells.get(index) for key, index in places.items()})
        if one.cells.get("number") or not one.is_blank:
            found.append(one)
        if len(found) > MOST_ROWS:
            raise FileRefused(_("超过 %s 行，请分成几份后再上传。") % MOST_ROWS)
    return found


def _one(number: int, raw: dict[str, Any]) -> Filled:
    odd = ""
    for key in (*NEEDED, "finished"):
        try:
            refuse_odd(raw.get(key))
        except CellRefused as refusal:
            odd = _("“%(column)s”：%(why)s") % {"column": _title(key), "why": refusal}
    return Filled(number, {key: shown_whole(value).strip() for key, value in raw.items()}, odd)


def shown_whole(value: Any) -> str:
    """A text in full: `shown` cuts at what a list of refusals has room for."""
    return str(value) if isinstance(value, str) else shown(value)


def _title(key: str) -> str:
    return next(title for one, title, _width, _fill in COLUMNS if one == key)
