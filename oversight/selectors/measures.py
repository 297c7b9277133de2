"""What an assessment computes of each county from the data (G3): one function a measure, one statement each.

Contentment and clues are computed from numbers cut to multiples of SMALL_COUNT, so that a score tells no more than
the pages do (common.small_counts). `Basis.rows` is how many rows the measure's list shows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from common import policy
from common.gather import gather
from common.small_counts import cut
from inspections.selectors import coverage as covering
from oversight.enums import Measure
from oversight.models import Assessment, SelfCheck
from rectification.models import RectificationItem
from rectification.selectors import clues

from . import figures
from .self_checks import answers_tested


@dataclass(frozen=True)
class Basis(figures.Share):
    """`part` of `whole`, found on `rows` rows; a `whole` of 0 means that there is nothing to assess."""

    rows: int = 0


Found = dict[int, Basis]


def due_items(user: Any, assessment: Assessment) -> Any:
    """Items whose deadline lay in the year and has passed."""
    rows = policy.visible(user, RectificationItem.objects.filter(deadline__range=assessment.due))
    return rows.filter(county__parent=assessment.place)


def _covered(user: Any, assessment: Assessment) -> Found:
    ledger = covering.ledger_of(gather(covering.parts(user)), assessment.day)
    if ledger is None:
        return {}
    day = min(assessment.day, ledger.term.ends_on)
    shares = figures.covered(ledger, "county", day)
    return {place: Basis(one.part, one.whole, one.whole) for place, one in shares.items()}


def _rectified(user: Any, assessment: Assessment) -> dict[int, figures.Rectified]:
    return figures.rectified(due_items(user, assessment), "county", assessment.day)


def _on_time(user: Any, assessment: Assessment) -> Found:
    return {key: Basis(one.kept, one.total, one.total) for key, one in _rectified(user, assessment).items()}


def _closed(user: Any, assessment: Assessment) -> Found:
    return {key: Basis(one.closed, one.total, one.total) for key, one in _rectified(user, assessment).items()}


def _content(user: Any, assessment: Assessment) -> Found:
    rows = figures.content(due_items(user, assessment), "county")
    return {key: _cut(one.asked, one.asked - one.content, one.items) for key, one in rows.items()}


def _clues(user: Any, assessment: Assessment) -> Found:
    rows = clues.counted(user, assessment.year)
    return {row["county_id"]: _cut(row["proposed"], row["late"], cut(row["proposed"])) for row in rows}


def _cut(whole: int, bad: int, rows: int) -> Basis:
    return Basis(cut(whole) - cut(bad), cut(whole), rows)


def _truthful(user: Any, assessment: Assessment) -> Found:
    seen = policy.visible(user, SelfCheck.objects.filter(county__parent=assessment.place))
    rows: Any = answers_tested(seen, assessment.year).values_list("check_of__county_id")
    told = rows.annotate(
        true=Count("pk", filter=Q(untrue=False)), n=Count("pk"), villages=Count("check_of", distinct=True)
    )
    return {county: Basis(*counts) for county, *counts in told}


@dataclass(frozen=True)
class How:
    """How a measure is computed, and where its rows are: words for part and whole, the list with its filters."""

    find: Callable[[Any, Assessment], Found]
    words: Any
    page: str
    of_part: dict[str, str]
    of_whole: dict[str, str]
    in_due: bool = False
    by_rows: bool = False  # the list shows other rows than the measure counts: villages of answers, items of polls


HOW: dict[str, How] = {
    Measure.COVERAGE: How(_covered, _("年末已覆盖的村 ÷ 在册的村"), "oversight:villages", {"covered": "yes"}, {}),
    Measure.ON_TIME: How(
        _on_time,
        _("时限在本年且已到期的事项中，按时销号的 ÷ 全部"),
        "rectification:list",
        {"tab": "all", "kept": "yes"},
        {"tab": "all"},
        in_due=True,
    ),
    Measure.CLOSED: How(
        _closed,
        _("时限在本年且已到期的事项中，已销号的 ÷ 全部"),
        "rectification:list",
        {"tab": "closed"},
        {"tab": "all"},
        in_due=True,
    ),
    Measure.CONTENT: How(
        _content,
        _("同一批事项的群众测评：满意和基本满意的人数 ÷ 参与人数，按满 5 的整数算，不满 5 人的不计"),
        "rectification:list",
        {},
        {"tab": "all", "polled": "yes"},
        in_due=True,
        by_rows=True,
    ),
    Measure.CLUES: How(
        _clues,
        _("本年提出的线索中没有超期的 ÷ 全部，按满 5 的整数算，不满 5 条的不计"),
        "rectification:clue_figures",
        {},
        {},
        by_rows=True,
    ),
    Measure.TRUTHFUL: How(
        _truthful,
        _("自查答“无”、本年巡察并已反馈的，没有发现问题的 ÷ 全部"),
        "oversight:self_checks",
        {},
        {},
        by_rows=True,
    ),
}


def bases(user: Any, assessment: Assessment, measures: Iterable[str]) -> dict[str, Found]:
    """Measure → county → basis, as far as `user` sees the rows: who previews sees all of the city."""
    return {one: HOW[one].find(user, assessment) for one in measures}


def address(measure: str, assessment: Assessment, county: int, *, part: bool = False) -> str:
    """The list with the rows of the measure; with `part`, those that count for it."""
    how = HOW[measure]
    query: dict[str, Any] = {"county": county} | (how.of_part if part else how.of_whole)
    if how.in_due:
        query |= dict(zip(("due_from", "due_to"), assessment.due, strict=True))
    elif measure == Measure.COVERAGE:
        query["by"] = assessment.year
    else:
        query["year"] = assessment.year
    return f"{reverse(how.page)}?{urlencode(query)}"
