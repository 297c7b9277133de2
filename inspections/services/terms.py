"""届期: five years in which every village is inspected once (A1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit
from inspections.models import Term, TermTarget

from .permission import demand


@transaction.atomic
def create_term(
    *, city: Division, name: str, starts_on: date, ends_on: date, targets: Mapping[int, int], actor: Any
) -> Term:
    """Open a term with its yearly coverage targets in percent (A1).

    Raises PermissionDenied unless `actor` is of the city's inspection office, ValidationError when the dates
    overlap another term or a target lies outside the term, falls from one year to the next or exceeds 100.
    """
    term = Term(city=city, name=name.strip(), starts_on=starts_on, ends_on=ends_on)
    demand(actor, "add", term)
    _check_dates(term)
    _check_targets(term, targets)
    term.save()
    TermTarget.objects.bulk_create(TermTarget(term=term, year=year, percent=targets[year]) for year in sorted(targets))
    audit.record("create_term", term, actor=actor, changes={"targets": [None, {str(k): v for k, v in targets.items()}]})
    return term


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
