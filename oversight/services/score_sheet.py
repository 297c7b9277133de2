"""目标考核得分表 as a workbook laid out to print, with how each score came about on a second sheet (G3)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from accounts.models import User
from common import audit
from common.spreadsheets.writing import Printed, as_bytes, printed
from oversight.enums import AssessmentStatus
from oversight.models import Assessment
from oversight.selectors.assessments import Result, results
from oversight.selectors.measures import HOW

EXPLAINED = (
    (gettext_lazy("县（市、区）"), 16),
    (gettext_lazy("指标"), 16),
    (gettext_lazy("怎样算"), 44),
    (gettext_lazy("分子"), 10),
    (gettext_lazy("分母"), 10),
    (gettext_lazy("完成（%）"), 10),
    (gettext_lazy("满分线（%）"), 10),
    (gettext_lazy("权重"), 8),
    (gettext_lazy("得分"), 10),
)


def score_sheet(*, assessment: Assessment, actor: User) -> bytes:
    """Scores as the actor sees them: as published, else as they would be today, marked so. On record."""
    rows = results(actor, assessment)
    audit.record("export", assessment, actor=actor, note=_("导出考核得分表"))
    book = Workbook(write_only=True)
    printed(
        book,
        Printed(
            name=_("得分表"),
            title=str(assessment),
            note=_note(assessment, actor),
            columns=_columns(assessment),
            rows=[_scores(row) for row in rows],
            foot=_("“不计”是没有可考核的数据，其余各项按权重折算为 100 分；总分为指标得分加加减分。"),
        ),
    )
    explained = Printed(
        name=_("得分说明"),
        title=_("%s得分说明") % assessment,
        note=_note(assessment, actor),
        columns=EXPLAINED,
        rows=[line for row in rows for line in _lines(row)],
    )
    printed(book, explained)
    return as_bytes(book)


def _note(assessment: Assessment, actor: User) -> str:
    frozen = assessment.status == AssessmentStatus.PUBLISHED
    state = _("公布日期") if frozen else _("试算，未公布；数据截至")
    day = assessment.published_on if assessment.published_on else assessment.day
    return _("单位：%(organ)s　　%(state)s：%(day)s") % {
        "organ": actor.organ.name,
        "state": state,
        "day": f"{day:%Y-%m-%d}",
    }


def _columns(assessment: Assessment) -> Sequence[tuple[str, int]]:
    of_measures = [(f"{one}（{one.weight}）", 13) for one in assessment.indicators.all()]
    tail = ((_("指标得分"), 11), (_("加减分"), 9), (_("加减分理由"), 40), (_("总分"), 10))
    return ((_("名次"), 7), (_("县（市、区）"), 18), *of_measures, *tail)


def _number(value: Any) -> Any:
    return _("不计") if value is None else value


def _scores(row: Result) -> Sequence[Any]:
    reasons = "\n".join(f"{gift} {gift.reason}" for gift in row.gifts)
    points = [_number(line.points) for line in row.lines]
    place = row.rank if row.rank is not None else ""
    return (place, row.county.name, *points, _number(row.computed), row.given, reasons, _number(row.total))


def _lines(row: Result) -> Iterator[Sequence[Any]]:
    for line in row.lines:
        one, basis = line.indicator, line.basis
        percent = "" if basis.percent is None else round(basis.percent, 1)
        numbers = (basis.part, basis.whole, percent, one.full_at, one.weight)
        yield (row.county.name, str(one), str(HOW[one.measure].words), *numbers, _number(line.points))
