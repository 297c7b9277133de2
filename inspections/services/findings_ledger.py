"""问题底稿台账 as a workbook laid out to print: what was found, never who said or wrote it (E1, D7)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from common import audit, policy
from common.calendar import today
from common.spreadsheets.writing import Printed, as_bytes, printed
from inspections.models import Finding, Inspection, Round
from inspections.selectors.findings import TABS, Filters, findings, under

LIMIT = 5_000
COLUMNS = (
    (gettext_lazy("序号"), 5),
    (gettext_lazy("编号"), 17),
    (gettext_lazy("乡镇（街道）"), 10),
    (gettext_lazy("村（社区）"), 12),
    (gettext_lazy("清单点位"), 15),
    (gettext_lazy("问题"), 22),
    (gettext_lazy("事实"), 44),
    (gettext_lazy("发生时间"), 10),
    (gettext_lazy("金额（万元）"), 10),
    (gettext_lazy("群众（人）"), 10),
    (gettext_lazy("涉及岗位"), 10),
    (gettext_lazy("程度"), 6),
    (gettext_lazy("性质"), 9),
    (gettext_lazy("状态"), 8),
)
NEEDED = ("inspection", "township", "village__division", "checklist_item")


def export_findings(*, filters: Filters, tab: str, actor: Any) -> bytes:
    """The rows that the list shows for these filters and this tab, as far as the actor may export them (H3).

    Inspectors, talks, visits and what they confirm are left out. Raises ValidationError above 5,000 rows. On record.
    """
    allowed = policy.visible(actor, under(findings(actor, filters), tab), "export")
    rows = list(
        allowed.select_related(*NEEDED).order_by("inspection__number", "checklist_item__code", "pk")[: LIMIT + 1]
    )
    if len(rows) > LIMIT:
        raise ValidationError(_("超过 %s 条，请先用查询条件缩小范围再导出。") % LIMIT)
    asked = {key: str(value) for key, value in vars(filters).items() if value}
    note = _("导出问题底稿台账 %s 条") % len(rows)
    audit.record("export", Finding._meta.label, actor=actor, note=note, changes={"tab": tab} | asked)
    sheet = Printed(
        name=_("问题底稿台账"),
        title=_("%s问题底稿台账") % _subject(filters, actor),
        note=_told(rows, tab, actor),
        columns=COLUMNS,
        rows=((order, *_values(one)) for order, one in enumerate(rows, 1)),
    )
    book = Workbook(write_only=True)
    printed(book, sheet)
    return as_bytes(book)


def _subject(filters: Filters, actor: Any) -> str:
    """The inspection or the round that was asked for, else the place; only what the actor may see is named."""
    if filters.inspection:
        rows = policy.visible(actor, Inspection.objects.select_related("township", "village__division"))
        if one := rows.filter(pk=filters.inspection).first():
            return _("%s巡察") % one.place.replace(" ", "")
    if filters.round and (wave := policy.visible(actor, Round.objects.all()).filter(pk=filters.round).first()):
        return str(wave.name).replace(" ", "")
    return f"{actor.division.name}{_('巡察')}"


def _told(rows: list[Finding], tab: str, actor: Any) -> str:
    total = sum((one.amount or Decimal(0) for one in rows), Decimal(0)) / 10_000
    return _("单位：%(organ)s　　日期：%(day)s　　范围：%(tab)s，共 %(count)s 条，涉及金额 %(total)s 万元") % {
        "organ": actor.organ.name,
        "day": f"{today():%Y-%m-%d}",
        "tab": TABS[tab][0],
        "count": len(rows),
        "total": f"{total:,.2f}",
    }


def _values(one: Finding) -> Iterator[Any]:
    yield one.number or _("%s 未编号") % one.inspection.number
    yield from (one.township.name, one.village.division.short_name)
    yield from (f"{one.checklist_item.code} {one.checklist_item.point}", one.title, one.facts, one.period)
    yield one.amount / 10_000 if one.amount is not None else None
    yield from (one.people_affected, one.get_post_concerned_display(), one.get_severity_display())
    yield "\n".join(_marks(one))
    yield one.status_label


def _marks(one: Finding) -> Iterator[str]:
    yield _("共性") if one.is_common else _("个性")
    if one.is_immediate:
        yield _("立巡立改")
    if one.checklist_item.party_building:
        yield _("党建")
