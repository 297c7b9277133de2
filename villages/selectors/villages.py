"""Which villages there are, for whom, by what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import Tier
from accounts.models import Division
from accounts.selectors import name_begins, name_matches
from common import policy
from common.asked import number
from common.calendar import today
from common.counting import capped_counts
from villages.enums import VillageClass, VillageStatus
from villages.models import DIMENSIONS, SavedFilter, Village

ENDED = "ENDED"
UNDECIDED = "UNDECIDED"
NO_CLASS = "NONE"
ALL = "ALL"
ALL_DIMENSIONS = len(DIMENSIONS)
SURVEYED = {
    "full": Q(dimensions=ALL_DIMENSIONS),
    "part": Q(dimensions__lt=ALL_DIMENSIONS),
    "none": Q(dimensions=0),
}
MARKED_BY = {"": "mark", "TOWNSHIP": "township__mark", "COUNTY": "county__mark"}
YEARS = {"year": timedelta(days=365), "three": timedelta(days=3 * 365), "older": timedelta(days=3 * 365)}
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
    category: str = ""
    shouldered: str = ""
    mark: str = ""
    survey: str = ""
    petitions: int | None = None
    inspected: str = ""


def filtered(user: Any, asked: Filters) -> "QuerySet[Village]":
    """The villages of a list, exactly as its export has them."""
    found = visible_villages(user).filter(_place(asked) & _standing(asked.status) & named(asked.q) & _profile(asked))
    if asked.klass or asked.kind:
        found = found.filter(pk__in=class_visible(user).values("pk")).filter(_class(asked))
    return found


def _place(asked: Filters) -> Q:
    given: dict[str, Any] = {"county": asked.county, "township": asked.township}
    return Q(**{key: value for key, value in given.items() if value is not None})


def _standing(asked: str) -> Q:
    if asked == ENDED:
        return ~Q(status=VillageStatus.ACTIVE)
    if asked == UNDECIDED:
        return Q(status=VillageStatus.ACTIVE, missing_from__isnull=False)
    return Q(status=asked) if asked else Q()


def exported(user: Any, asked: Filters) -> "QuerySet[Village]":
    """Those of a list that the user may take along as a workbook."""
    return policy.visible(user, filtered(user, asked), "export")


def _profile(asked: Filters) -> Q:
    """What is asked of the profile: each is one comparison on the village's own row, or on its place's mark."""
    wanted = Q(category=asked.category) if asked.category else Q()
    if asked.shouldered:
        wanted &= Q(secretary_is_director=asked.shouldered == "yes")
    if asked.mark:
        level, _line, mark = asked.mark.rpartition("_")
        wanted &= Q(**{MARKED_BY[level]: mark})
    if asked.survey:
        wanted &= SURVEYED[asked.survey]
    if asked.petitions is not None:
        wanted &= Q(petitions_3y__gte=asked.petitions)
    return wanted & _inspected(asked.inspected, today()) if asked.inspected else wanted


def _inspected(when: str, day: date) -> Q:
    if when == "never":
        return Q(last_inspected_on=None)
    since = day - YEARS[when]
    return Q(last_inspected_on__lt=since) if when == "older" else Q(last_inspected_on__gte=since)


def _class(asked: Filters) -> Q:
    wanted = Q()
    if asked.klass:
        wanted &= Q(klass=None) if asked.klass == NO_CLASS else Q(klass=asked.klass)
    if asked.kind:
        wanted &= Q(classifications__status="APPROVED", classifications__kinds=asked.kind)
    return wanted


def named(text: str) -> Q:
    """Every word must be found in the village's name, or begin the township's, in 汉字, 全拼 or 首字母: 青义 lm."""
    wanted = Q()
    for word in text.split():
        wanted &= name_matches(word, "division__") | name_begins(word, "township__")
    return wanted


def may_see_class(user: Any, villages: Iterable[Village]) -> set[int]:
    """Of these rows, those whose class the user may see (no query)."""
    return {one.pk for one in villages if policy.allows(user, "view_class", one)}


def places_for(user: Any, county: str = "") -> list[Division]:
    """Counties and townships to choose from, in one query: the city office chooses a county first."""
    home = user.division
    if home.tier == Tier.COUNTY:
        offered = Q(parent=home, tier=Tier.TOWNSHIP)
    elif home.tier == Tier.CITY:
        offered = Q(parent=home, tier=Tier.COUNTY)
        if key := number(county):
            offered |= Q(parent=key, parent__parent=home, tier=Tier.TOWNSHIP)
    else:
        return []
    return list(Division.objects.filter(offered).order_by("code"))


def markable(user: Any, *, county: Division | None = None, mark: str = "") -> "QuerySet[Division]":
    """Counties and townships that the user may mark, higher places first; of one county, if it is given (A2)."""
    found = policy.visible(user, Division.objects.select_related("parent"), "mark")
    if county is not None:
        found = found.filter(Q(pk=county.pk) | Q(parent=county))
    if mark:
        found = found.filter(mark=mark)
    return found.order_by("parent__tier", "parent__code", "code")


def saved_filters(user: Any) -> "QuerySet[SavedFilter]":
    """The user's own."""
    return policy.visible(user, SavedFilter.objects.all())


def class_counts(user: Any, asked: Filters) -> dict[str, int]:
    """Active villages within the chosen place, at most 10,001 each: all that the list shows, then by class.

    Only those whose class the user may see are counted by class.
    """
    here = _place(asked) & Q(status=VillageStatus.ACTIVE)
    wanted: dict[str, Any] = {str(klass): Q(klass=klass) for klass in VillageClass.values} | {NO_CLASS: Q(klass=None)}
    by_class = {name: class_visible(user).filter(here & where) for name, where in wanted.items()}
    return capped_counts({ALL: visible_villages(user).filter(here)} | by_class)
