"""A county's rounds and what is set for each of them."""

from django.db.models import QuerySet

from accounts.models import Division
from inspections.models import Round
from rectification.models import DeadlineSetting


def rounds_of(county: Division) -> "QuerySet[Round]":
    return Round.objects.filter(county=county).order_by("-starts_on", "-pk")


def settings_of_rounds(county: Division) -> list[DeadlineSetting]:
    """Whatever a round has of its own, the latest first."""
    rows = DeadlineSetting.objects.filter(county=county, round__isnull=False).select_related("round")
    return list(rows.order_by("-round__starts_on", "kind", "-effective_from"))
