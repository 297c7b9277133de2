"""Villages that the last roster of their county no longer has, and nobody has said yet what became of them."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Division
from accounts.selectors import name_matches
from common import policy
from villages.enums import Change, VillageStatus
from villages.models import RosterChange, RosterImport, Village

from .villages import SHOWN, named

DECIDED = (Change.MERGED, Change.RECODED, Change.WITHDRAWN, Change.KEPT)
CODE = re.compile(r"(?<!\d)\d{12}(?!\d)")
OFFICIAL = ("", "村民委员会", "居民委员会", "村村民委员会", "社区居民委员会")


def undecided(user: Any) -> "QuerySet[Village]":
    """Villages that wait for this person's decision."""
    waiting = Village.objects.filter(status=VillageStatus.ACTIVE, missing_from__isnull=False)
    return policy.visible(user, waiting, "adjust")


def active_of(user: Any, township: Division) -> "QuerySet[Village]":
    """All villages of a township that stand and of which the person may decide."""
    return policy.visible(user, Village.objects.filter(township=township, status=VillageStatus.ACTIVE), "adjust")


def on_sheet(user: Any, township: Division, *, every: bool = False, code: str = "") -> "QuerySet[Village]":
    """What a township's worksheet lists: the villages that wait; every one that stands, or a single one, on demand."""
    rows = active_of(user, township).select_related(*SHOWN).order_by("division__code")
    if code:
        return rows.filter(division__code=code)
    return rows if every else rows.filter(missing_from__isnull=False)


def adjustable(user: Any, ids: Collection[int]) -> "QuerySet[Village]":
    """Of these villages, whatever has become of them, those of which the person may decide."""
    rows = policy.visible(user, Village.objects.filter(pk__in=ids), "adjust")
    return rows.select_related(*SHOWN).order_by("division__code")


def waiting_in(user: Any, township: Division) -> int:
    return undecided(user).filter(township=township).count()


def lacking_in(user: Any, roster: RosterImport) -> int:
    """How many villages wait because this roster lacks them."""
    return undecided(user).filter(missing_from=roster).count()


def townships_of(user: Any) -> "QuerySet[Division]":
    """Townships within which the person may adjust."""
    return policy.visible(user, Division.objects.select_related("parent"), "adjust")


def townships_with_counts(
    user: Any, *, county: Division | None = None, text: str = "", only_waiting: bool = True
) -> "QuerySet[Any]":
    """Townships with how many of their villages stand (`standing`) and how many of these wait (`waiting`)."""
    rows = townships_of(user)
    rows = rows.filter(parent=county) if county is not None else rows
    for word in text.split():
        rows = rows.filter(name_matches(word))
    active = Q(children__village__status=VillageStatus.ACTIVE)
    counted: QuerySet[Any] = rows.annotate(
        standing=Count("children__village", filter=active),
        waiting=Count("children__village", filter=active & Q(children__village__missing_from__isnull=False)),
    )
    return counted.filter(waiting__gt=0) if only_waiting else counted.filter(standing__gt=0)


def progress(user: Any, county: Division | None = None) -> dict[str, int]:
    """How many villages wait, and of how many a person has decided so far."""
    place = {"county": county} if county is not None else {}
    seen = policy.visible(user, Village.objects.filter(**place), "adjust")
    waiting = undecided(user).filter(**place).order_by()
    decided = RosterChange.objects.filter(roster=None, change__in=DECIDED, village__in=seen).exclude(
        village__in=waiting
    )
    return {
        "waiting": waiting.count(),
        "decided": decided.order_by().values("village").distinct().count(),
    }


def lacking_rosters(user: Any) -> list[tuple[RosterImport, int]]:
    """(roster, villages that it lacks and that still wait) of those that the person may set aside, newest first."""
    waiting = undecided(user).order_by()
    counts = dict(waiting.values_list("missing_from").annotate(number=Count("pk")))
    rosters = policy.visible(user, RosterImport.objects.filter(pk__in=counts), "commit").order_by("-uploaded_at")
    return [(one, counts[one.pk]) for one in rosters]


def choosable(county: int) -> "QuerySet[Village]":
    """Villages of a county that others may become: those that stand and do not wait themselves."""
    rows = Village.objects.filter(county=county, status=VillageStatus.ACTIVE, missing_from=None)
    return rows.select_related(*SHOWN).order_by("township__code", "division__code")


def villages_meant(user: Any, text: str, county: int) -> Sequence[Village]:
    """Whom a typed successor means, at most four: by its code, its own name, or part of name or pinyin.

    Those that wait themselves are only meant where no other fits: a name is often that of a village that ends.
    """
    rows = policy.visible(user, Village.objects.select_related(*SHOWN), "adjust")
    if code := CODE.search(text):
        return list(rows.filter(division__code=code[0]))
    words = text.split()
    here = rows.filter(county=county, status=VillageStatus.ACTIVE).order_by("division__code")
    if not words:
        return []
    called = here.filter(division__name__in=[f"{words[-1]}{end}" for end in OFFICIAL])
    if len(words) > 1:
        called = called.filter(township__name=words[0])
    alike = here.filter(named(text))
    for rows in (called.filter(missing_from=None), called, alike.filter(missing_from=None), alike):
        if found := list(rows[:4]):
            return found
    return []
