"""届期: five years in which every village is inspected once (A1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit, policy
from inspections.models import Term, TermTarget


@transaction.atomic
def create_term(
    *, city: Division, name: str, starts_on: date, ends_on: date, targets: Mapping[int, int], actor: Any
) -> Term:
    """Open a term with its yearly coverage targets in percent (A1).

    Raises PermissionDenied unless `actor` is of the city's inspection office, ValidationError when the dates
    overlap another term or a target lies outside the term, falls from one year to the next or exceeds 100.
    """
    term = Term(city=city, name=name.strip(), starts_on=starts_on, ends_on=ends_on)
    policy.allows(actor, "add", term).demand()
    _check_dates(term)
    _check_targets(term, targets)
    term.save()
    TermTarget.objects.bulk_create(TermTarget(term=term, year=year, percent=targets[year]) for year in sorted(targets))
    audit.record("create_term", term, actor=actor, changes={"targets": [None, {str(k): v for k, v in targets.items()}]})
    return term


@transaction.atomic
def change_term(
    *, term: Term, name: str, targets: Mapping[int, int], plan_due_month: int, round_due_days: int, actor: Any
) -> Term:
    """Correct a term's name, its yearly targets and by when plans and rounds are filed (A1, G1); the dates stay."""
    term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    policy.allows(actor, "edit", term).demand()
    _check_targets(term, targets)
    if not 1 <= plan_due_month <= 12:
        raise ValidationError({"plan_due_month": _("请填 1 至 12 月。")})
    if not 0 <= round_due_days <= 60:
        raise ValidationError({"round_due_days": _("请填 0 至 60 天。")})
    before = _said(term)
    term.name, term.plan_due_month, term.round_due_days = name.strip(), plan_due_month, round_due_days
    term.save(update_fields=["name", "plan_due_month", "round_due_days"])
    term.targets.exclude(year__in=targets).delete()
    for year, percent in targets.items():
        TermTarget.objects.update_or_create(term=term, year=year, defaults={"percent": percent})
    if changes := audit.diff(before, _said(term)):
        audit.record("change_term", term, actor=actor, changes=changes)
    return term


def _said(term: Term) -> dict[str, Any]:
    targets = {str(year): percent for year, percent in term.targets.values_list("year", "percent")}
    kept = ("name", "plan_due_month", "round_due_days")
    return {name: getattr(term, name) for name in kept} | {"targets": targets}


def _check_dates(term: Term) -> None:
    if term.ends_on <= term.starts_on:
        raise ValidationError({"ends_on": _("届期的结束日期须晚于开始日期。")})
    # The lock on the city makes two people who open terms at once wait for each other.
    Division.objects.select_for_update().get(pk=term.city_id)
    other = Term.objects.filter(city=term.city, starts_on__lte=term.ends_on, ends_on__gte=term.starts_on).first()
    if other:
        raise ValidationError(_("与已有届期“%s”的时间重叠，请改日期。") % other)


def _check_targets(term: Term, targets: Mapping[int, int]) -> None:
    years = range(term.starts_on.year, term.ends_on.year + 1)
    if any(year not in years for year in targets):
        raise ValidationError(
            _("覆盖率目标的年度须在 %(first)s 至 %(last)s 年之间。") % {"first": years[0], "last": years[-1]}
        )
    shares = [targets[year] for year in sorted(targets)]
    if any(not 0 <= one <= 100 for one in shares):
        raise ValidationError(_("覆盖率目标须在 0 至 100 之间。"))
    if shares != sorted(shares):
        raise ValidationError(_("覆盖率目标是累计数，后一年不能低于前一年。"))
