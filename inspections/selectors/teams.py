"""Who can be put on which team (D1, D2)."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import OrganKind, Tier
from accounts.models import Organ, User
from inspections.models import Round, Team

SENDING = (OrganKind.INSPECTION_TEAM, OrganKind.INSPECTION_OFFICE)
ADMINISTRATORS = (OrganKind.SYSTEM_ADMINISTRATION, OrganKind.SECURITY_AUDIT)


def sending_organs(round: Round) -> QuerySet[Organ]:
    """Bodies that may send a team: the county's own first, then the city's, then the other counties'."""
    city = round.county.parent_id
    near = Q(division_id=city) | Q(division__parent_id=city, division__tier=Tier.COUNTY)
    return (
        Organ.objects.filter(near, kind__in=SENDING)
        .select_related("division")
        .order_by("division__code", "kind", "name")
    )


def candidates(team: Team, text: str = "") -> QuerySet[User]:
    """Active people of the place that sends the team, its townships included.

    The city draws from everywhere but the county to be inspected.
    """
    place, county = team.organ.division, team.round.county_id
    if place.tier == Tier.CITY:
        at = Q(organ__division=place) | Q(organ__division__parent=place) | Q(organ__division__parent__parent=place)
        away = Q(organ__division=county) | Q(organ__division__parent=county)
        reach = at & ~away
    else:
        reach = Q(organ__division=place) | Q(organ__division__parent=place)
    rows = User.objects.filter(reach, is_active=True).exclude(organ__kind__in=ADMINISTRATORS)
    rows = rows.exclude(organ__division__tier=Tier.VILLAGE).select_related("organ__division")
    for word in text.split():
        rows = rows.filter(Q(full_name__icontains=word) | Q(organ__name__icontains=word) | Q(username__icontains=word))
    return rows.order_by("organ__division__code", "organ__kind", "full_name")


def teams_of(round: Round) -> QuerySet[Any]:
    """Teams of a round with their members, for the round's page."""
    members = "members__user__organ__division"
    return round.teams.select_related("organ__division").prefetch_related(members, "members__team").order_by("pk")
