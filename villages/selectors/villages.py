"""Which villages there are, for whom, by what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import Tier
from accounts.models import Division
from accounts.selectors import name_matches
from common import policy
from villages.enums import VillageStatus
from villages.models import RosterChange, Village

ENDED = "ENDED"
NO_CLASS = "NONE"
SHOWN = ("division", "township", "county")


def visible_villages(user: Any) -> "QuerySet[Village]":
    """Villages that the user may see, with what their names need."""
    return policy.visible(user, Village.objects.select_related(*SHOWN))


def class_visible(user: Any) -> "QuerySet[Village]":
    """Villages whose class the user may see."""
    return policy.visible(user, Village.objects.all(), "view_class")


def active_counts_by_class(
    *, county: Division | None = None, township: Division | None = None
) -> dict[str | None, int]:
    """{class or None: number of active villages}: what coverage is measured against (A1)."""
    place = {"county": county, "township": township}
    active = Village.objects.filter(
        status=VillageStatus.ACTIVE, **{key: value for key, value in place.items() if value is not None}
    )
    return dict(active.order_by().values_list("klass").annotate(number=Count("pk")))


@dataclass(frozen=True)
class Filters:
    """What the query form of the list asks for; empty asks for nothing."""

    q: str = ""
    county: Division | None = None
    township: Division | None = None
    status: str = VillageStatus.ACTIVE
    klass: str = ""
    kind: int | None = None
    shouldered: str = ""
    mark: str = ""


def filtered(user: Any, asked: Filters) -> "QuerySet[Village]":
    """The villages of a list, exactly as its export has them."""
    found = visible_villages(user).filter(_place(asked) & _words(asked.q))
    if asked.shouldered:
        found = found.filter(secretary_is_director=asked.shouldered == "yes")
    if asked.mark:
        found = found.filter(mark=asked.mark)
    if asked.klass or asked.kind:
        found = found.filter(pk__in=class_visible(user).values("pk")).filter(_class(asked))
    return found


def _place(asked: Filters) -> Q:
    given: dict[str, Any] = {"county": asked.county, "township": asked.township}
    place = Q(**{key: value for key, value in given.items() if value is not None})
    if asked.status == ENDED:
        return place & ~Q(status=VillageStatus.ACTIVE)
    return place & Q(status=asked.status) if asked.status else place


def _class(asked: Filters) -> Q:
    wanted = Q()
    if asked.klass:
        wanted &= Q(klass=None) if asked.klass == NO_CLASS else Q(klass=asked.klass)
    if asked.kind:
        wanted &= Q(classifications__status="APPROVED", classifications__kinds=asked.kind)
    return wanted


def _words(text: str) -> Q:
    """Every word must be found in the village's name, or as the township's name: 青义 龙门."""
    wanted = Q()
    for word in text.split():
        wanted &= name_matches(word, "division__") | Q(township__name__startswith=word)
    return wanted


def may_see_class(user: Any, villages: Iterable[Village]) -> set[int]:
    """Of these rows, those whose class the user may see (no query)."""
    return {one.pk for one in villages if policy.allows(user, "view_class", one)}


def townships_for(user: Any, county: Division | None) -> "QuerySet[Division]":
    """Townships to choose from: those of the county in question where the user sees villages."""
    found = Division.objects.filter(tier=Tier.TOWNSHIP)
    if user.division.tier == Tier.TOWNSHIP:
        return found.filter(pk=user.division.pk)
    county = county or (user.division if user.division.tier == Tier.COUNTY else None)
    return found.filter(parent=county).order_by("code") if county else found.none()


def counties_for(user: Any) -> "QuerySet[Division]":
    """Counties to choose from: for the city office only, the others have one."""
    found = Division.objects.filter(tier=Tier.COUNTY)
    return found.filter(parent=user.division).order_by("code") if user.division.tier == Tier.CITY else found.none()


def history_of(village: Village) -> "QuerySet[RosterChange]":
    """What rosters and hands changed, newest first."""
    return village.rosterchanges.select_related("roster__uploaded_by", "actor").order_by("-id")
