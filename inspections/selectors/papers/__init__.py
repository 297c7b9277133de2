"""The papers of an inspection: their first text made from the data, which people then edit (D1, E1, H3).

One module for each kind. None of them reads who was talked to: a paper is no place for sources (D7).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from common import policy
from inspections.enums import REPORT_PAPERS, Mode, PaperKind
from inspections.models import Inspection, Paper

from . import base, notice, outline, plan, report, special
from .base import Draft

DRAFTS: dict[str, Callable[[Inspection], Draft]] = {
    PaperKind.PLAN: plan.draft,
    PaperKind.NOTICE: notice.draft,
    PaperKind.OUTLINE: outline.draft,
    PaperKind.REPORT: report.draft,
    PaperKind.SPECIAL_REPORT: special.draft,
}


def first_draft(inspection: Inspection, kind: str) -> Draft:
    return DRAFTS[kind](inspection)


def papers_of(user: Any, inspection: Inspection) -> QuerySet[Paper]:
    """Every edition of an inspection's papers that the person may see, the newest of a kind first."""
    rows = policy.visible(user, Paper.objects.filter(inspection=inspection))
    return rows.select_related("issued_by", "drafted_by").order_by("kind", "-edition")


def for_page() -> QuerySet[Paper]:
    """The queryset of the one-paper page, to be passed through the gate."""
    return Paper.objects.select_related(
        "inspection__round",
        "inspection__team",
        "inspection__township",
        "inspection__village__division",
        "village__division",
        "township",
        "county",
        "drafted_by",
        "issued_by",
        "replaces",
    )


MARKS = {PaperKind.PLAN: "巡方案", PaperKind.REPORT: "巡报告", PaperKind.SPECIAL_REPORT: "巡专报"}


def next_document_number(paper: Paper, year: int) -> str:
    """涪巡报告〔2026〕3号: counted by who reports, kind and year; the office may write another.

    Who reports on a raised inspection is the city's team: 绵巡报告.
    """
    if not paper.is_numbered:
        return ""
    issued = Paper.objects.filter(kind=paper.kind, issued_on__year=year).exclude(document_number="")
    raised = Q(inspection__mode=Mode.RAISED, kind__in=REPORT_PAPERS)
    seat = base.seat_of(paper.inspection) if paper.kind in REPORT_PAPERS else paper.county
    own = Q(county=seat) & ~raised if seat == paper.county else Q(county__parent=seat) & raised
    return f"{seat.name[:1]}{MARKS[PaperKind(paper.kind)]}〔{year}〕{issued.filter(own).count() + 1}号"
