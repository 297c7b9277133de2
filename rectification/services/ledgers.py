"""整改台账, 三清单, 对账销号表 and 红黄绿灯 table as sheets to print: which columns, what stands in them (H3)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.calendar import today
from common.enums import Light
from common.spreadsheets.writing import Printed
from rectification.enums import LedgerKind, Link, ResponsibleKind
from rectification.models import ProgressReport, RectificationItem
from rectification.selectors import Ledger, light_of, lights_table

CHUNK = 500
LONG_TERM = _("长期坚持")
FILLS = {
    str(Light.RED.label): "F8D7DA",
    str(Light.AMBER.label): "FFF1CC",
    str(Light.GREEN.label): "DDF2E3",
    str(Light.GREY.label): "E9EDF2",
}
PLACE = ((_("县（市、区）"), 11), (_("乡镇（街道）"), 12), (_("村（社区）"), 12))
NUMBERED = ((_("序号"), 6), (_("编号"), 16))
Values = Callable[[RectificationItem, Any], Iterable[Sequence[Any]]]


@dataclass(frozen=True)
class Sheet:
    """Columns of one sheet and the rows that an item gives; a row begins with its running number."""

    name: Any
    title: Any
    columns: Sequence[tuple[Any, int]]
    values: Values


def sheets_of(kind: str, ledger: Ledger, actor: User, told: Callable[[], None] = lambda: None) -> list[Printed]:
    """The sheets of one kind, their rows read while they are written; `told` is called after each 500 items."""
    note = _note(actor)
    if kind == LedgerKind.LIGHTS:
        return [_lights(actor, note)]
    return [
        Printed(
            name=str(one.name),
            title=str(one.title),
            note=note,
            columns=one.columns,
            rows=_rows(one, ledger, told),
            fills=FILLS,
        )
        for one in SHEETS[LedgerKind(kind)]
    ]


def _note(actor: User) -> str:
    text = _("单位：%(organ)s　　导出人：%(name)s　　日期：%(day)s")
    return str(text) % {"organ": actor.organ.name, "name": actor.full_name, "day": f"{today():%Y-%m-%d}"}


def _rows(sheet: Sheet, ledger: Ledger, told: Callable[[], None]) -> Iterator[Sequence[Any]]:
    number = 0
    for place, item in enumerate(_items(ledger).iterator(chunk_size=CHUNK), 1):
        for values in sheet.values(item, ledger.amber):
            number += 1
            yield (number, *values)
        if place % CHUNK == 0:
            told()


def _items(ledger: Ledger) -> "QuerySet[RectificationItem]":
    """With all that any sheet says of an item, a chunk at a time."""
    reports = ProgressReport.objects.order_by("-id").prefetch_related("attachments")
    rows = (
        ledger.rows()
        .defer(None)
        .select_related("finding__checklist_item", "township", "county", "village__division", "closed_by")
    )
    return rows.prefetch_related("measures", "responsibles", "checks__signer", Prefetch("reports", reports))


# ------------------------------------------------------------------ their columns


def _place(item: RectificationItem) -> tuple[str, str, str]:
    return item.county.name, item.township.name, item.village.division.name


def _deadline(item: RectificationItem) -> date | str:
    return item.deadline or str(LONG_TERM)


def _light(item: RectificationItem, amber: Any) -> str:
    return str(light_of(item, amber).label)


def _closed_on(item: RectificationItem) -> date | str:
    return timezone.localdate(item.closed_at) if item.closed_at else ""


def _measures(item: RectificationItem) -> str:
    return "\n".join(f"{one.order}. {one.text}（{one.owner}，{one.due_on:%Y-%m-%d}）" for one in item.measures.all())


def _people(item: RectificationItem) -> dict[str, str]:
    return {one.kind: f"{one.name}（{one.post}）" if one.post else one.name for one in item.responsibles.all()}


def _marks(item: RectificationItem) -> str:
    marks = ((item.is_common, _("共性问题")), (item.is_immediate, _("立巡立改")), (item.is_long_term, LONG_TERM))
    found = [str(word) for holds, word in marks if holds]
    if item.deadline and item.deadline != item.original_deadline:
        found.append(str(_("原时限 %s")) % f"{item.original_deadline:%Y-%m-%d}")
    return "、".join(found)


def _of_ledger(item: RectificationItem, amber: Any) -> Iterator[Sequence[Any]]:
    people = {one.kind: one for one in item.responsibles.all()}
    named = "\n".join(f"{kind.label}：{people[kind].name}" for kind in ResponsibleKind if kind in people)
    finding = item.finding
    yield (
        *(item.number, *_place(item), finding.title, finding.facts, finding.checklist_item.point, _measures(item)),
        *(named, item.assigned_on, _deadline(item), _light(item, amber), item.status_label, _closed_on(item)),
        _marks(item),
    )


def _of_problems(item: RectificationItem, amber: Any) -> Iterator[Sequence[Any]]:
    finding, kind = item.finding, _("共性问题") if item.is_common else _("个性问题")
    amount = float(finding.amount) if finding.amount is not None else ""
    point = finding.checklist_item
    yield (
        *(item.number, *_place(item), finding.title, finding.facts, point.aspect, point.point, str(kind), amount),
        *(item.assigned_on, _deadline(item)),
    )


def _of_duties(item: RectificationItem, amber: Any) -> Iterator[Sequence[Any]]:
    people = _people(item)
    named = [people.get(kind, str(_("未明确"))) for kind in ResponsibleKind]
    carries = f"{item.village.division.name}党组织"
    yield (item.number, *_place(item), item.finding.title, carries, *named, _deadline(item), item.status_label)


def _of_tasks(item: RectificationItem, amber: Any) -> Iterator[Sequence[Any]]:
    for one in item.measures.all():
        state = _("已完成") if one.done_on else _("未完成")
        done = (one.due_on, one.done_on or "", str(state))
        yield (item.number, *_place(item), item.finding.title, one.order, one.text, one.owner, *done)


def _of_closing(item: RectificationItem, amber: Any) -> Iterator[Sequence[Any]]:
    reports = [one for one in item.reports.all() if one.attempt == item.attempt]
    signed = {one.link: one for one in item.checks.all() if one.attempt == item.attempt}
    files = sum(len(one.attachments.all()) for one in reports)
    yield (
        *(item.number, *_place(item), item.finding.title, _measures(item), reports[0].text if reports else "", files),
        *(_signature(signed.get(link)) for link in Link.values),
        *(_deadline(item), item.status_label, _closed_on(item), item.closed_by.full_name if item.closed_by else ""),
        _marks(item),
    )


def _signature(check: Any) -> str:
    if check is None:
        return str(_("未签署"))
    return f"{check.signer.full_name}\n{check.checked_on:%Y-%m-%d}\n{check.get_result_display()}"


LEDGER = Sheet(
    _("整改台账"),
    _("巡察整改台账"),
    (
        *(*NUMBERED, *PLACE, (_("问题"), 26), (_("问题事实"), 40), (_("清单点位"), 14), (_("整改措施"), 40)),
        *((_("责任人（四抓）"), 26), (_("交办日期"), 12), (_("整改时限"), 12), (_("灯号"), 8), (_("状态"), 12)),
        *((_("销号日期"), 12), (_("备注"), 14)),
    ),
    _of_ledger,
)
PROBLEMS = Sheet(
    _("问题清单"),
    _("巡察整改问题清单"),
    (
        *(*NUMBERED, *PLACE, (_("问题"), 26), (_("问题事实"), 48), (_("方面"), 16), (_("点位"), 14)),
        *((_("类别"), 10), (_("涉及金额（元）"), 14), (_("交办日期"), 12), (_("整改时限"), 12)),
    ),
    _of_problems,
)
DUTIES = Sheet(
    _("责任清单"),
    _("巡察整改责任清单"),
    (
        *(*NUMBERED, *PLACE, (_("问题"), 26), (_("具体责任"), 18)),
        *((f"{kind.label}", 18) for kind in ResponsibleKind),
        *((_("整改时限"), 12), (_("状态"), 12)),
    ),
    _of_duties,
)
TASKS = Sheet(
    _("任务清单"),
    _("巡察整改任务清单"),
    (
        *(*NUMBERED, *PLACE, (_("问题"), 26), (_("措施"), 6), (_("整改措施"), 46), (_("责任人"), 16)),
        *((_("完成时限"), 12), (_("完成日期"), 12), (_("完成情况"), 10)),
    ),
    _of_tasks,
)
CLOSING = Sheet(
    _("对账销号表"),
    _("巡察整改对账销号表"),
    (
        *(*NUMBERED, *PLACE, (_("问题"), 24), (_("整改措施"), 36), (_("整改结果"), 36), (_("佐证（份）"), 8)),
        *((link.label, 14) for link in Link),
        *((_("整改时限"), 12), (_("状态"), 12), (_("销号日期"), 12), (_("验收人"), 10), (_("备注"), 14)),
    ),
    _of_closing,
)
SHEETS = {
    LedgerKind.LEDGER: [LEDGER],
    LedgerKind.LISTS: [PROBLEMS, DUTIES, TASKS],
    LedgerKind.CLOSING: [CLOSING],
}

# ------------------------------------------------------------------------ lights

LIGHT_COLUMNS = (
    *((_("序号"), 6), (_("单位"), 24), (_("灯号"), 10), (_("交办"), 9), (_("已销号"), 9), (_("未销号"), 9)),
    *((_("临期（黄）"), 11), (_("超期（红）"), 11), (_("最长超期（天）"), 14), (_("销号率（%）"), 12)),
    (_("最近报送"), 13),
)
SUMS = ("total", "closed", "open", "amber", "overdue")


def _lights(actor: User, note: str) -> Printed:
    return Printed(
        name=str(_("红黄绿灯表")),
        title=str(_("巡察整改红黄绿灯表")),
        note=note,
        columns=LIGHT_COLUMNS,
        rows=_light_rows(lights_table(actor)),
        fills=FILLS,
        foot=str(_("红灯：有超期未销号的；黄灯：没有超期，有临近时限的；绿灯：都在时限内；灰：全部销号。")),
    )


def _light_rows(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows, 1):
        yield (number, row["name"], str(Light(row["light"]).label), *_counts(row), _reported(row))
    if rows:
        total: dict[str, Any] = {key: sum(row[key] for row in rows) for key in SUMS}
        total["oldest"] = min((row["oldest"] for row in rows if row["oldest"]), default=None)
        yield ("", str(_("合计")), "", *_counts(total), "")


def _counts(row: dict[str, Any]) -> Iterator[Any]:
    yield from (row[key] for key in SUMS)
    yield (today() - row["oldest"]).days if row["oldest"] else ""
    yield round(row["closed"] * 100 / row["total"], 1) if row["total"] else 0.0


def _reported(row: dict[str, Any]) -> date | str:
    return timezone.localdate(row["last_report"]) if row["last_report"] else str(_("没有"))
