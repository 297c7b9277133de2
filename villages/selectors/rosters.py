"""Imports of rosters: which there were, and the lines of one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from villages.enums import Change, PlannedChange
from villages.models import RosterChange, RosterImport, RosterRow


def with_names() -> "QuerySet[RosterImport]":
    return RosterImport.objects.select_related("county", "uploaded_by__organ__division")


def imports_for(user: Any) -> "QuerySet[RosterImport]":
    """Past and pending imports of the user's place."""
    return policy.visible(user, with_names())


def lines(roster: RosterImport, change: str) -> "QuerySet[Any]":
    """Rows of one kind: planned ones before confirming, the villages' history after it."""
    if roster.committed_at and change in Change.values:
        changes = RosterChange.objects.filter(roster=roster, change=change)
        return changes.select_related("village__division", "village__township")
    return RosterRow.objects.filter(roster=roster, change=change)


def refused(roster: RosterImport) -> Sequence[RosterRow]:
    return list(RosterRow.objects.filter(roster=roster, change=PlannedChange.REFUSED).order_by("id"))


def places_to_choose(county: Division | None) -> list[tuple[str, str]]:
    """(county, township) for the drop-downs of the template."""
    townships = Division.objects.filter(tier=Tier.TOWNSHIP).order_by("code")
    if county is not None:
        townships = townships.filter(parent=county)
    return list(townships.values_list("parent__name", "name")[:5000])
