"""反馈移交: which feedback has gone to whom, and who has signed for it when (E2, E3, E5)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import OrganKind
from accounts.models import User
from common import policy
from inspections.enums import FeedbackStatus
from inspections.models import Feedback
from rectification.enums import ANSWERABLE, OPEN, RECEIVERS, REPLIERS, SIDE_OF, Side
from rectification.models import PartyReceipt, Receipt, RectificationItem, Reply

from .handover import feedbacks

PARTY = Q(finding__checklist_item__party_building=True)


def _by(side: str) -> Exists:
    return Exists(Receipt.objects.filter(feedback=OuterRef("pk"), side=side))


UNSIGNED = ~_by(Side.TOWNSHIP) | ~_by(Side.VILLAGE)


def handovers(user: User, *, unsigned: bool = False) -> "QuerySet[Feedback]":
    """Issued feedback that the person may see, with its receipts; `unsigned`: those with one outstanding."""
    rows = policy.visible(user, feedbacks().filter(status=FeedbackStatus.ISSUED))
    return (rows.filter(UNSIGNED) if unsigned else rows).prefetch_related(
        Prefetch("receipts", Receipt.objects.select_related("signer__organ"))
    )


def to_receive(user: User) -> "QuerySet[Feedback]":
    """What waits for this person's signature: a village's turn comes after the township's."""
    side = SIDE_OF.get(OrganKind(user.organ.kind))
    if side not in RECEIVERS:
        return Feedback.objects.none()
    rows = policy.visible(user, feedbacks().filter(status=FeedbackStatus.ISSUED), "receive").exclude(_by(side))
    return rows.filter(_by(Side.TOWNSHIP)) if side == Side.VILLAGE else rows


@dataclass(frozen=True)
class Counts:
    """How many items a feedback's inspection has, of which kinds, and how many replies of the two were given."""

    items: int = 0
    common: int = 0
    immediate: int = 0
    party: int = 0
    replied: int = 0

    @property
    def own(self) -> int:
        return self.items - self.common

    @property
    def replies_wanted(self) -> int:
        return self.party * len(REPLIERS)


def counts_of(rows: Sequence[Feedback]) -> dict[int, Counts]:
    """Inspection → counts, in two statements for the page."""
    ids = [one.inspection_id for one in rows]
    items = RectificationItem.objects.filter(inspection__in=ids).order_by().values("inspection")
    found = items.annotate(
        n=Count("pk"),
        common=Count("pk", filter=Q(is_common=True)),
        immediate=Count("pk", filter=Q(is_immediate=True)),
        party=Count("pk", filter=PARTY),
    ).values_list("inspection", "n", "common", "immediate", "party")
    sides = Reply.objects.filter(item__inspection__in=ids).order_by().values_list("item__inspection", "item", "side")
    replied = Counter(inspection for inspection, _item, _side in sides.distinct())
    return {pk: Counts(n, common, now, party, replied[pk]) for pk, n, common, now, party in found}


def items_of(user: User, feedback: Feedback) -> list[RectificationItem]:
    """The issue list as items: those of the feedback and those handed over before it."""
    seen = policy.visible(user, RectificationItem.objects.filter(inspection=feedback.inspection_id))
    related = seen.select_related(
        "finding__checklist_item", "village__division", "township", "county", "party_receipt__signer"
    )
    return list(related.prefetch_related("replies").order_by("number"))


def party_items(user: User, tab: str = "open") -> "QuerySet[RectificationItem]":
    """Party-building items within the person's reach (E5): those that wait for the own side's signature or reply, or
    all."""
    rows = policy.visible(user, RectificationItem.objects.all(), "reply")
    own = Reply.objects.filter(item=OuterRef("pk"), side=SIDE_OF.get(OrganKind(user.organ.kind)))
    unsigned = Q(accepted_at=None) if user.organ.kind == OrganKind.PARTY_COMMITTEE else Q(party_receipt=None)
    rows = {
        "unsigned": rows.filter(unsigned, status__in=OPEN),
        "open": rows.filter(~Exists(own), status__in=ANSWERABLE),
        "replied": rows.filter(Exists(own)),
    }.get(tab, rows)
    related = rows.select_related(
        *("finding", "village__division", "township", "county", "accepted_by", "party_receipt__signer")
    )
    return related.prefetch_related(Prefetch("replies", Reply.objects.select_related("author__organ")))


def party_receipt_of(item: RectificationItem) -> PartyReceipt | None:
    """The organisation department's signature, where it has signed."""
    return getattr(item, "party_receipt", None)


def replies_of(item: RectificationItem) -> list[Reply]:
    return list(item.replies.select_related("author__organ").order_by("id"))


def has_replied(user: User, item: RectificationItem) -> bool:
    """Has the person's side replied in the present attempt?"""
    side = SIDE_OF.get(OrganKind(user.organ.kind))
    return any(one.side == side and one.attempt == item.attempt for one in item.replies.all())
