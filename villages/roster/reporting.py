"""What goes back to the clerk: rows to mend, and the report of an import."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook

from common.spreadsheets import files, writing
from villages.enums import Change

from . import reading, workbooks
from .columns import OWN_SHEETS
from .comparing import Outcome, missing_villages
from .sheets import place_of, row_said
from .staging import Refusal
from .wording import field_changes

MOST_WHOLE = 20_000  # rows; a workbook to be mended is built in memory while the clerk waits
SUMMARY = {
    "rows": "数据行",
    "created": "新增",
    "changed": "变更",
    "unchanged": "不变",
    "renamed": "更名",
    "merged": "并入",
    "withdrawn": "撤销",
    "missing": "文件中没有的村",
}


def rows_to_mend(file: IO[bytes], name: str, told: Sequence[Refusal], *, whole: bool = False) -> Workbook:
    """The refused rows as they stood with the reasons; `whole`: followed by all other rows, ready to be sent again.

    Of a file with several sheets each with such rows keeps its own; where nothing is to mend the heads remain.
    """
    sheets = reading.read(file, files.inspect(file, name)).sheets
    wrong = {one.row for one in told}
    book = _empty()
    for sheet in sheets:
        sheet.merges = {}
        chosen = [row for row in sheet.rows() if whole or row[0] in wrong]
        chosen.sort(key=lambda row: row[0] not in wrong)
        if chosen or not told:
            workbooks.refused_rows(book, sheet.title if len(sheets) > 1 else "未通过的行", sheet, chosen, told)
    return book


def write(cursor: Any, path: Path, file: IO[bytes], name: str, outcome: Outcome) -> None:
    """The report of one import as a workbook; needs roster_plan. The first sheet holds the rows to mend, if any."""
    told = outcome.refusals.told
    book = rows_to_mend(file, name, told) if told else _empty()
    writing.table(book, "汇总", ["项目", "数量或内容"], _summary(outcome), [24, 60])
    heads = ["行号", "变化", "区划编码", "对象", "乡镇", "项目", "原内容", "新内容"]
    changes, missing = OWN_SHEETS
    writing.table(book, changes, heads, _changes(cursor, outcome.sheets), [8, 8, 16, 26, 16, 22, 26, 26])
    writing.table(book, missing, ["区划编码", "对象", "乡镇"], missing_villages(cursor, outcome), [16, 26, 16])
    book.save(path)


def _empty() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def _summary(outcome: Outcome) -> Iterator[list[Any]]:
    for key, label in SUMMARY.items():
        yield [label, outcome.told(key)]
    yield ["未通过", len(outcome.refusals.rows)]
    yield ["已写入", "是" if outcome.committed else "否"]
    for label, names in (
        ("新乡镇", outcome.townships_created),
        ("乡镇更名", [f"{old} → {new}" for old, new in outcome.townships_renamed]),
        ("未识别的列（已忽略）", outcome.ignored_columns),
    ):
        for name in names or ["无"]:
            yield [label, name]
    for hint in outcome.hints:
        yield ["请核对", hint]
    for row, text in outcome.notes:
        yield [f"未读入的{row_said(row, outcome.sheets)}", text]


def _changes(cursor: Any, sheets: Sequence[str]) -> Iterator[list[Any]]:
    cursor.execute(
        "SELECT row, change, code, name, township_name, fields FROM roster_plan WHERE change = ANY(%s) ORDER BY row",
        [list(Change.values)],
    )
    words = {str(value): str(label) for value, label in Change.choices}
    for row, change, code, name, township, fields in cursor.fetchall():
        for one in field_changes(json.loads(fields)):
            sheet, number = place_of(row, sheets)
            yield [
                f"{sheet} {number}" if sheet else number,
                words[change],
                code,
                name,
                township,
                one.label,
                one.old,
                one.new,
            ]


def refusals_of(rows: Sequence[Any]) -> list[Refusal]:
    """Refusals of a kept preview (RosterRow) as they were told."""
    return [Refusal(one.row, one.column, one.value, one.reason) for one in rows]
