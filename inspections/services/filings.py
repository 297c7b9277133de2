"""任务报备: plans and rounds go to the city, which accepts them or returns them with a reason (G1)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from common import audit, policy, workflow
from common.calendar import today
from common.errors import Conflict
from inspections.enums import FilingStatus, PlanStatus
from inspections.models import AnnualPlan, Filing, Round

from .telling import tell_answer


@transaction.atomic
def file_plan(*, plan: AnnualPlan, actor: Any, note: str = "") -> AnnualPlan:
    """File the approved plan with the city, which sees it from now on (G1)."""
    filed = workflow.apply(plan, "file", actor=actor, note=note)
    _file(Filing(plan=filed, county=filed.county), _make_up(filed.entries.order_by()), actor, note)
    return filed


@transaction.atomic
def file_round(*, round: Round, actor: Any, note: str = "") -> Filing:
    """File a round of a filed plan with the city; a round that was returned is filed anew once it is mended (G1).

    Raises Conflict when it is filed already, ValidationError while its plan is not.
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("plan", "county").get(pk=round.pk)
    policy.allows(actor, "file", round).demand()
    if round.plan.status != PlanStatus.FILED:
        raise ValidationError(_("年度计划还没有报市备案，请先报备计划。"))
    if round.filings.exclude(status=FilingStatus.RETURNED).exists():
        raise Conflict(_("“%s”已经报备，不用重复报。") % round)
    figures = _make_up(round.inspections.order_by()) | {"teams": round.teams.count()}
    return _file(Filing(round=round, county=round.county), figures, actor, note)


@transaction.atomic
def accept_filing(*, filing: Filing, actor: Any, note: str = "") -> Filing:
    """The city takes note of what was filed."""
    return _answered(filing, "accept", actor, note)


@transaction.atomic
def return_filing(*, filing: Filing, actor: Any, note: str = "") -> Filing:
    """The city sends it back with what is to be mended; the county mends and files anew."""
    return _answered(filing, "return", actor, note)


def revise_plan(*, plan: AnnualPlan, actor: Any, note: str = "") -> AnnualPlan:
    """A plan that the city returned becomes a draft again; it is approved and filed anew."""
    return workflow.apply(plan, "revise", actor=actor, note=note)


def _file(filing: Filing, figures: dict[str, int], actor: Any, note: str) -> Filing:
    filing.figures, filing.filed_by, filing.filed_on = figures, actor, today()
    filing.save()
    audit.record("file", filing, actor=actor, note=note, target=filing.status)
    return filing


def _make_up(rows: Any) -> dict[str, int]:
    """Villages by class, and how many in all."""
    found = dict(rows.values_list("klass").annotate(n=Count("id")))
    return found | {"total": sum(found.values())}


def _answered(filing: Filing, move: str, actor: Any, note: str) -> Filing:
    answered = workflow.apply(filing, move, actor=actor, note=note, answer=note.strip()[:500])
    tell_answer(answered)
    return answered
