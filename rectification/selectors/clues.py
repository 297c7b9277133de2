"""What is read about clues, each as far as the person may see it (E4)."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit, policy
from common.calendar import today
from common.small_counts import blurred
from rectification.enums import CLUES_OF_RECEIVER, CLUES_UNDER_WAY, ClueStatus
from rectification.models import Clue

TABS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "open": (_("未办结"), CLUES_UNDER_WAY),
    "closed": (_("已办结"), (ClueStatus.CLOSED, ClueStatus.REJECTED)),
}


def for_page() -> "QuerySet[Clue]":
    return Clue.objects.select_related(
        "county",
        "inspection__township",
        "inspection__village__division",
        "inspection__round",
        "finding",
        *(f"{who}__organ" for who in ("proposed_by", "approved_by", "receiver", "handed_over_by", "closed_by")),
    )


def clues(user: User, tab: str = "open") -> "QuerySet[Clue]":
    rows = policy.visible(user, Clue.objects.filter(status__in=TABS[tab][1]))
    return rows.select_related("proposed_by__organ", "receiver").order_by("-id")


def counts(user: User) -> dict[str, int]:
    seen = policy.visible(user, Clue.objects.all())
    told = {tab: Count("pk", filter=Q(status__in=statuses)) for tab, (_label, statuses) in TABS.items()}
    return seen.order_by().aggregate(**told)


def events_of(clue: Clue) -> list[Any]:
    """What was done, without the looks: those are the auditor's."""
    return list(audit.history(clue).exclude(action__in=("look_at_clue", "open_clue"))[:60])


def receivers_of(clue: Clue) -> "QuerySet[User]":
    """Who can be named: active people of the county's discipline commission."""
    here = Q(organ__kind=OrganKind.DISCIPLINE_COMMISSION, organ__division_id=clue.county_id, is_active=True)
    return User.objects.filter(here).select_related("organ").order_by("pk")


TOLD = ("proposed", "handed_over", "answered", "late")


def counted(user: User, year: int) -> list[dict[str, Any]]:
    """By county, those proposed in a year: {county_id, name, and each of TOLD}. Never to be shown as they are."""
    day = today()
    late = Q(status__in=(ClueStatus.PROPOSED, ClueStatus.APPROVED), handover_due_on__lt=day) | Q(
        status__in=(ClueStatus.HANDED_OVER, ClueStatus.RECEIVED), answer_due_on__lt=day
    )
    told = {
        "proposed": Count("pk"),
        "handed_over": Count("pk", filter=Q(status__in=CLUES_OF_RECEIVER)),
        "answered": Count("pk", filter=Q(status__in=(ClueStatus.ANSWERED, ClueStatus.CLOSED))),
        "late": Count("pk", filter=late),
    }
    rows = policy.visible(user, Clue.objects.filter(created_at__year=year), "count")
    found: Any = rows.values("county_id", name=F("county__name")).annotate(**told).order_by("county__code")
    return list(found)


def figures(user: User, year: int) -> list[dict[str, Any]]:
    """For the city: how many by county in a year, never so exact that one could be told from none."""
    rows = counted(user, year)
    return [{"county": row["name"]} | {name: blurred(row[name]) for name in TOLD} for row in rows]


NEXT: dict[str, tuple[str, ...]] = {
    "approve": (ClueStatus.PROPOSED,),
    "hand_over": (ClueStatus.APPROVED, ClueStatus.ANSWERED),
    "receive": (ClueStatus.HANDED_OVER,),
    "answer": (ClueStatus.RECEIVED,),
}


def waiting(user: User) -> "QuerySet[Clue] | None":
    """Clues on which this person has the next step; None for whoever never has one."""
    statuses = [one for action, found in NEXT.items() if policy.may(user, action, Clue) for one in found]
    if not statuses:
        return None
    rows = policy.visible(user, Clue.objects.filter(status__in=statuses))
    return rows.exclude(status=ClueStatus.PROPOSED, proposed_by=user)


def late_with(user: User) -> int:
    """How many that were handed to this very person are past their term."""
    rows = Clue.objects.filter(receiver=user, status__in=(ClueStatus.HANDED_OVER, ClueStatus.RECEIVED))
    return policy.visible(user, rows.filter(answer_due_on__lt=today())).count()
