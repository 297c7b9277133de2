"""Sets of rules: the one in force at a place, the draft beside it, those before (B4)."""

from typing import Any

from django.db.models import QuerySet

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from villages.models import RuleSet


def place_of(user: Any) -> Division | None:
    """Whose rules the user reads first: the county's, or the city's, which stand for no county."""
    return user.division if user.division.tier == Tier.COUNTY else None


def with_people() -> "QuerySet[RuleSet]":
    return RuleSet.objects.select_related("county", "created_by", "enabled_by")


def in_force(county: Division | None) -> RuleSet | None:
    """The county's own set, or else the city's."""
    enabled = with_people().filter(enabled_at__isnull=False, retired_at=None)
    own = enabled.filter(county=county).first()
    return own or (enabled.filter(county=None).first() if county else None)


def draft(user: Any, county: Division | None) -> RuleSet | None:
    return _visible(user).filter(county=county, enabled_at=None, retired_at=None).first()


def earlier(user: Any, county: Division | None) -> "QuerySet[RuleSet]":
    """Sets that were in force once, newest first."""
    return _visible(user).filter(county=county, enabled_at__isnull=False, retired_at__isnull=False)


def counties_with_own(user: Any) -> "QuerySet[RuleSet]":
    """The sets in force of counties that do without the city's."""
    own = _visible(user).filter(county__isnull=False, enabled_at__isnull=False, retired_at=None)
    return own.order_by("county__code")


def _visible(user: Any) -> "QuerySet[RuleSet]":
    return policy.visible(user, with_people())
