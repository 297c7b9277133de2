"""Who keeps away from where, for the office that keeps the declarations (回避)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import ADMINISTRATORS, OrganKind, Tier
from accounts.models import Division, User
from common import policy
from inspections.enums import OPEN_STAGES, Stage
from inspections.models import Inspection, Recusal, TeamMember
from inspections.rules import recused_townships

FEWEST = 2  # a finding is signed by two


def recusals(user: Any, text: str = "") -> QuerySet[Recusal]:
    """The declarations that the person may read, those in force first."""
    rows = policy.visible(user, Recusal.objects.all())
    for word in text.split():
        rows = rows.filter(Q(user__full_name__icontains=word) | Q(township__name__icontains=word))
    return rows.select_related("user__organ", "township__parent", "recorded_by").order_by("status", "-id")


def for_page() -> QuerySet[Recusal]:
    return Recusal.objects.select_related("user__organ", "township", "place")


def people_of(place: Division) -> QuerySet[User]:
    """Whoever of the city or county could be put on a team."""
    reach = Q(organ__division=place)
    if place.tier == Tier.COUNTY:
        reach |= Q(organ__division__parent=place, organ__division__tier=Tier.TOWNSHIP)
    rows = User.objects.filter(reach, is_active=True).exclude(organ__kind__in=ADMINISTRATORS)
    return rows.select_related("organ__division").order_by("organ__division__code", "organ__kind", "full_name")


def townships_of(place: Division) -> QuerySet[Division]:
    """Every township of the city, the county's own first."""
    city = place.pk if place.tier == Tier.CITY else place.parent_id
    rows = Division.objects.filter(tier=Tier.TOWNSHIP, parent__parent_id=city).select_related("parent")
    return rows.order_by("parent__code", "code")


def recused_of(people: Iterable[User]) -> dict[int, set[int]]:
    """Person → the townships that are not theirs; one query for all of them. People come with organ and division."""
    declared: dict[int, set[int]] = {}
    people = list(people)
    rows = Recusal.objects.in_force().filter(user__in=people)
    for user, township in rows.values_list("user_id", "township_id"):
        declared.setdefault(user, set()).add(township)
    return {one.pk: one.home_townships | declared.get(one.pk, set()) for one in people}


def townships_without_inspectors(county: Division) -> set[int]:
    """Townships of which so many of the county's own inspectors keep away that no two are left to go there."""
    own = User.objects.filter(organ__division=county, organ__kind=OrganKind.INSPECTION_TEAM, is_active=True)
    people = list(own.select_related("organ__division"))
    if len(people) < FEWEST:
        return set()
    away: dict[int, int] = {}
    for places in recused_of(people).values():
        for one in places:
            away[one] = away.get(one, 0) + 1
    return {township for township, count in away.items() if len(people) - count < FEWEST}


def in_conflict(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Those of the inspections, not yet left, with somebody on the team whose township it is."""
    declared = Recusal.objects.in_force().filter(user=OuterRef("user"), township=OuterRef(OuterRef("township")))
    place = "user__organ__division"
    own = Q(user__native_township=OuterRef("township")) | Q(**{place: OuterRef("township")})
    own |= Q(**{f"{place}__tier": Tier.VILLAGE, f"{place}__parent": OuterRef("township")})
    away = TeamMember.objects.not_ended().filter(own | Exists(declared), team=OuterRef("team"))
    return rows.filter(Exists(away), status__in=(Stage.BEFORE, Stage.DURING))


def conflicts(user: User) -> QuerySet[Inspection]:
    """Open inspections of the person's teams in townships that are not theirs: somebody must take their place."""
    teams = user.memberships.not_ended().values("team")
    rows = Inspection.objects.filter(status__in=OPEN_STAGES, team__in=teams, township__in=recused_townships(user))
    return rows.select_related("township", "team", "village__division")
