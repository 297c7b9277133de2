"""Rows of a sheet, cleaned cell by cell, streamed into a temporary table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from common.spreadsheets.cells import CellRefused, Covered, ErrorValue, Formula, refuse_odd, shown
from common.spreadsheets.reading import Cells

from .cells import NOTHING, cleaner
from .columns import BY_KEY, COLUMNS, MERGE
from .sheets import Book, Sheet, place_of

ODD = frozenset({Formula, ErrorValue, Covered})
MOST_REFUSALS = 5_000
ROWS_A_COPY = 5_000
TABLES = (
    "roster_stage",
    "roster_joined",
    "roster_place",
    "roster_township",
    "roster_plan",
    "roster_spelling",
    "roster_undo",
)
POSITION = {one.key: place for place, one in enumerate(COLUMNS, 2)}  # after row and bad
CODE, NAME, TOWNSHIP = (POSITION[key] for key in ("code", "name", "township"))
ADJUSTMENT, SUCCESSOR = POSITION["adjustment"], POSITION["successor"]


@dataclass(frozen=True)
class Refusal:
    """One cell that cannot be taken, where it stands, and what to write instead."""

    row: int
    column: str
    value: str
    reason: str

    def as_dict(self, sheets: Sequence[str]) -> dict[str, Any]:
        """With the number of the row within its sheet, and the sheet's title where the file has several."""
        sheet, row = place_of(self.row, sheets)
        return asdict(self) | {"row": row} | ({"sheet": sheet} if sheet else {})


@dataclass
class Refusals:
    """All refused rows are counted; so many are told in words."""

    told: list[Refusal] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    named: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Township and village of rows that cannot be compared because they have no code."""

    def add(self, row: int, column: str, value: Any, reason: str) -> None:
        self.rows.add(row)
        if len(self.told) < MOST_REFUSALS:
            self.told.append(Refusal(row, column, shown(value), reason))


def clear(cursor: Any) -> None:
    """Make ready for one import: no temporary tables of an earlier one, and joins by hash only.

    Statistics are stale just when a roster comes: the tables were empty a moment ago. Nested loops that looked
    cheap then ran for a quarter of an hour over a few thousand rows.
    """
    cursor.execute("SET LOCAL client_min_messages = warning; SET LOCAL enable_nestloop = off")
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in TABLES)}")


def stage(cursor: Any, book: Book, refusals: Refusals, *, tell: Callable[[int], None]) -> int:
    """Fill roster_stage; returns how many rows of the file are data rows. One COPY for some thousands of them.

    Between two, `tell` hears how many it has read.
    """
    fields = ", ".join(f"{one.key} {one.sql_type}" for one in COLUMNS)
    cursor.execute(f"CREATE TEMP TABLE roster_stage (row integer, bad boolean, {fields}) ON COMMIT DROP")
    count = 0
    cleaners = {one.before: _row_cleaner(one, refusals) for one in book.sheets}
    for sheet, some in book.chunks(ROWS_A_COPY):
        count += len(some)
        clean = cleaners[sheet.before]
        with cursor.copy("COPY roster_stage FROM STDIN") as copy:
            for values in (clean(number, cells) for number, cells in some):
                if values[CODE]:
                    copy.write_row(values)
        tell(count)
    return count


def _row_cleaner(sheet: Sheet, refusals: Refusals) -> Callable[[int, Cells], list[Any]]:
    steps = [
        (POSITION[key], index, cleaner(column, scale), column.title)
        for key, (index, column, scale) in sheet.columns.items()
    ]
    width = len(COLUMNS) + 2

    def clean(number: int, cells: Cells) -> list[Any]:
        values: list[Any] = [None] * width
        values[0] = number
        for position, index, make, title in steps:
            raw = cells.get(index)
            if raw is None or raw in NOTHING:
                continue
            try:
                if type(raw) in ODD:
                    refuse_odd(raw)
                values[position] = make(raw)
            except CellRefused as refused:
                refusals.add(number, title, raw, str(refused))
                values[1] = True
        for key, reason in _together(values):
            if values[1] is None or values[POSITION[key]] is not None:
                refusals.add(number, BY_KEY[key].title, values[POSITION[key]], reason)
            values[1] = True
        if not values[CODE] and len(refusals.named) < MOST_REFUSALS:
            refusals.named[number] = (values[TOWNSHIP] or "", values[NAME] or "")
        return values

    return clean


def _together(values: list[Any]) -> Iterator[tuple[str, str]]:
    """What the cells of one row must be to each other."""
    if not values[CODE]:
        yield "code", "缺少统计区划代码，请填写 12 位代码"
    if not values[NAME]:
        yield "name", "缺少村(社区)名称，请填写全称"
    if values[ADJUSTMENT] == MERGE and not values[SUCCESSOR]:
        yield "successor", "调整类型为“合并”，请填写并入的那个村的 12 位代码"
    elif values[SUCCESSOR] and values[ADJUSTMENT] != MERGE:
        yield "successor", "填了并入村代码，调整类型应填“合并”；不是合并的请清空这一格"
    elif values[SUCCESSOR] and values[SUCCESSOR] == values[CODE]:
        yield "successor", "不能并入本村自己，请填写并入的那个村的代码"
