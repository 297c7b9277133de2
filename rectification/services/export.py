"""整改台账 as a workbook laid out to print: exactly the rows of the ledger, on record."""

from collections.abc import Iterator
from copy import copy
from datetime import date
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from common import audit
from common.calendar import today
from rectification.enums import ResponsibleKind
from rectification.models import RectificationItem
from rectification.selectors import Ledger, light_of

LIMIT = 5_000
COLUMNS = (
    (_("序号"), 6),
    (_("编号"), 16),
    (_("县（市、区）"), 11),
    (_("乡镇（街道）"), 12),
    (_("村（社区）"), 12),
    (_("问题"), 26),
    (_("问题事实"), 40),
    (_("清单点位"), 14),
    (_("整改措施"), 40),
    (_("责任人（四抓）"), 26),
    (_("交办日期"), 12),
    (_("整改时限"), 12),
    (_("灯号"), 8),
    (_("状态"), 12),
    (_("销号日期"), 12),
    (_("备注"), 14),
)
THIN = Side(style="thin", color="808080")
WRAPPED = Alignment(vertical="center", wrap_text=True)
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def export_ledger(*, ledger: Ledger, actor: User) -> bytes:
    """The rows of the ledger's tab and filters as xlsx. Raises ValidationError above 5,000 rows. Audited."""
    rows = ledger.rows().defer(None).select_related("finding__checklist_item")
    items = list(rows.prefetch_related("measures", "responsibles")[: LIMIT + 1])
    if len(items) > LIMIT:
        raise ValidationError(_("超过 %s 条，请先用查询条件缩小范围再导出。") % LIMIT)
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    _head(sheet, actor)
    for number, item in enumerate(items, 1):
        _write(sheet, number, item, light_of(item, ledger.amber).label)
    _lay_out(sheet, len(items))
    asked = {key: str(value) for key, value in vars(ledger.filters).items() if value}
    note = _("导出整改台账 %s 条") % len(items)
    audit.record("export", RectificationItem._meta.label, actor=actor, note=note, changes={"tab": ledger.tab} | asked)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _head(sheet: Worksheet, actor: User) -> None:
    """Merged title, unit and date line, header."""
    last = get_column_letter(len(COLUMNS))
    sheet.title = str(_("整改台账"))
    sheet.append([str(_("巡察整改台账"))])
    sheet.append([_told(_("单位：%(organ)s　　导出人：%(name)s　　日期：%(day)s"), actor)])
    sheet.append([str(label) for label, _width in COLUMNS])
    for row, font, height in ((1, Font(size=18, bold=True), 32), (2, Font(size=11), 20)):
        sheet.merge_cells(f"A{row}:{last}{row}")
        sheet.cell(row, 1).font = font
        sheet.row_dimensions[row].height = height
        sheet.cell(row, 1).alignment = Alignment(horizontal="center" if row == 1 else "left", vertical="center")
    for cell in sheet[3]:
        cell.font, cell.border = Font(bold=True), BOX
        cell.fill = PatternFill("solid", fgColor="E9EDF2")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _told(text: Any, actor: User) -> str:
    return str(text) % {"organ": actor.organ.name, "name": actor.full_name, "day": f"{today():%Y-%m-%d}"}


def _write(sheet: Worksheet, number: int, item: RectificationItem, light: Any) -> None:
    for column, value in enumerate((number, *_values(item, light)), 1):
        cell = sheet.cell(number + 3, column)
        if isinstance(value, str):
            cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value), "s"
        else:
            cell.value = value
        model = sheet.cell(4, column)
        if number == 1:
            _style(cell, value)
        elif type(value) is type(model.value):
            cell._style = copy(model._style)  # type: ignore[union-attr]  # the finished style of the row above: half the time of a workbook
        else:
            _style(cell, value)


def _style(cell: Any, value: Any) -> None:
    cell.border, cell.alignment = BOX, WRAPPED
    if isinstance(value, str):
        cell.quotePrefix = True  # a text that begins like a formula stays one when a person edits the cell
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def _values(item: RectificationItem, light: Any) -> Iterator[Any]:
    people = {one.kind: one for one in item.responsibles.all()}
    yield from (item.number, item.county.name, item.township.name, item.village.division.name)
    yield from (item.finding.title, item.finding.facts, item.finding.checklist_item.point)
    yield "\n".join(f"{one.order}. {one.text}（{one.owner}，{one.due_on:%Y-%m-%d}）" for one in item.measures.all())
    yield "\n".join(f"{kind.label}：{people[kind].name}" for kind in ResponsibleKind if kind in people)
    yield from (item.assigned_on, item.deadline or str(_("长期坚持")), str(light), item.status_label)
    yield timezone.localdate(item.closed_at) if item.closed_at else ""
    yield "、".join(_marks(item))


def _marks(item: RectificationItem) -> Iterator[str]:
    if item.is_common:
        yield str(_("共性问题"))
    if item.is_immediate:
        yield str(_("立巡立改"))
    if item.is_long_term:
        yield str(_("长期坚持"))
    if item.deadline and item.deadline != item.original_deadline:
        yield str(_("原时限 %s")) % f"{item.original_deadline:%Y-%m-%d}"


def _lay_out(sheet: Worksheet, count: int) -> None:
    """Frozen and repeated header, landscape A4, one page wide, page numbers."""
    for column, (_label, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "C4"
    sheet.print_title_rows = "1:3"
    sheet.print_area = f"A1:{get_column_letter(len(COLUMNS))}{count + 3}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = str(_("第 &P 页 共 &N 页"))  # type: ignore[union-attr]
