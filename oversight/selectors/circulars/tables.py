"""The tables and charts of a circular, from its own figures alone: the same on the page and in Word (H2, H3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Tier
from common.charts import Chart
from common.documents import Annex
from oversight.models import Circular
from oversight.selectors.periods import Row, together

from .figures import rows_of
from .words import percent, ranked

MOST_DRAWN = 20


@dataclass(frozen=True)
class Table:
    """`head` is (label, width in mm, is it a number?); the last row is the sum where `summed`."""

    title: str
    head: Sequence[tuple[str, int, bool]]
    rows: Sequence[Sequence[str]]
    chart: Chart | None = None
    summed: bool = True

    @property
    def lines(self) -> Sequence[Sequence[tuple[str, bool]]]:
        """Rows of (text, is it a number?), for the page."""
        return [[(cell, number) for cell, (_l, _w, number) in zip(row, self.head, strict=True)] for row in self.rows]

    @property
    def annex(self) -> Annex:
        return Annex(self.title, [(label, width) for label, width, _number in self.head], self.rows, self.chart)


def tables(circular: Circular) -> list[Table]:
    if circular.is_report:
        return _of_report(circular.figures)
    rows = rows_of(circular.figures)
    place = "县（市、区）" if circular.place.tier == Tier.CITY else "乡镇（街道）"
    return [_coverage(rows, place, circular.figures["goal"]), _rectification(rows, place)]


def _coverage(rows: list[Row], place: str, goal: int | None) -> Table:
    order = ranked(rows, lambda row: row.coverage)

    def cells(rank: int | None, row: Row) -> list[str]:
        numbers = [str(row.villages), str(row.covered), str(row.newly), percent(row.coverage)]
        return [str(rank or "—"), row.name, *numbers]

    head = [("排名", 16, False), (place, 46, False), ("应巡察村", 24, True), ("已巡察村", 24, True)]
    head += [("本期新增", 22, True), ("覆盖率", 24, True)]
    body = [cells(rank, row) for rank, row in order] + [_summed(cells(None, together(rows, "合计")))]
    drawn = [row for rank, row in order if rank][:MOST_DRAWN]
    series = [(_("覆盖率"), [row.coverage for row in drawn])]
    return Table("巡察覆盖情况排名表", head, body, Chart([row.name for row in drawn], series, goal))


def _rectification(rows: list[Row], place: str) -> Table:
    order = ranked(rows, lambda row: row.closure)

    def cells(rank: int | None, row: Row) -> list[str]:
        numbers = [
            row.total,
            row.closed,
            percent(row.closure),
            row.due,
            row.on_time,
            percent(row.punctual),
            row.overdue,
        ]
        return [str(rank or "—"), row.name, *map(str, numbers)]

    head = [("排名", 13, False), (place, 31, False), ("累计交办", 15, True), ("已销号", 15, True)]
    head += [
        ("销号率", 20, True),
        ("本期到期", 15, True),
        ("按期销号", 15, True),
        ("按期率", 20, True),
        ("超期", 12, True),
    ]
    body = [cells(rank, row) for rank, row in order] + [_summed(cells(None, together(rows, "合计")))]
    drawn = [row for rank, row in order if rank][:MOST_DRAWN]
    series = [
        (_("销号率"), [row.closure for row in drawn]),
        (_("按期整改率"), [row.punctual for row in drawn]),
    ]
    return Table("问题整改情况排名表", head, body, Chart([row.name for row in drawn], series))


def _summed(cells: list[str]) -> list[str]:
    return ["", *cells[1:]]


def _of_report(figures: dict[str, Any]) -> list[Table]:
    def numbers(row: dict[str, Any]) -> list[str]:
        return [str(row[key]) for key in ("villages", "findings", "amount", "closed", "overdue")]

    def of_villages(row: dict[str, Any]) -> str:
        return percent(row["villages"] / row["inspected"] * 100 if row["inspected"] else None)

    def township(name: str, row: dict[str, Any]) -> list[str]:
        return [name, str(row["inspected"]), *numbers(row)[:1], of_villages(row), *numbers(row)[1:]]

    tail = [("问题数", 17, True), ("金额（元）", 25, True), ("已销号", 17, True), ("超期", 13, True)]
    head = [("乡镇（街道）", 26, False), ("已反馈村", 21, True), ("涉及村", 17, True), ("占比", 20, True), *tail]
    rows = [township(row["name"], row) for row in figures["rows"]] + [township("合计", figures["sum"])]
    drawn = figures["rows"][:MOST_DRAWN]
    series = [(_("涉及村占比"), [row["villages"] / row["inspected"] * 100 for row in drawn])]
    chart = Chart([row["name"] for row in drawn], series)
    items = [[one["code"], one["text"], *numbers(one)] for one in figures["items"]]
    of_items = [("编号", 18, False), ("具体问题", 49, False), ("涉及村", 17, True), *tail]
    return [
        Table("乡镇（街道）分布表", head, rows, chart),
        Table("具体问题分布表", of_items, items, summed=False),
    ]
