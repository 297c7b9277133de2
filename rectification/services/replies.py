"""党建类问题 (E5): one item, two who answer for it; each replies before the township may submit."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit
from common.errors import Conflict
from rectification.enums import ANSWERABLE, OPEN, SIDE_OF, Side
from rectification.models import PartyReceipt, RectificationItem, Reply

from .locks import lock, refuse_watchers
from .telling import tell


@transaction.atomic
def receive_item(*, item: RectificationItem, actor: User) -> PartyReceipt:
    """签收 by the organisation department; a second press changes nothing. Needs "receive"; Conflict when closed."""
    fresh = lock(item, action="receive", actor=actor, statuses=OPEN)
    return _receipt(fresh, actor)


def _receipt(item: RectificationItem, actor: User) -> PartyReceipt:
    if signed := PartyReceipt.objects.filter(item=item).first():
        return signed
    audit.record("receive_item", item, actor=actor)
    return PartyReceipt.objects.create(item=item, signer=actor)


@transaction.atomic
def reply_to_item(*, item: RectificationItem, actor: User, text: str) -> Reply:
    """答复 in the name of one's own organ, once an attempt; the other side is told.

    Needs "reply" (township committee, organisation department) before the item is submitted. Raises ValidationError
    for an empty text, Conflict when this side has replied in this attempt.
    """
    if not text.strip():
        raise ValidationError({"text": _("请写明采取了什么措施、结果怎样。")})
    fresh = lock(item, action="reply", actor=actor, statuses=ANSWERABLE)
    refuse_watchers([fresh], actor)
    side = SIDE_OF[OrganKind(actor.organ.kind)]
    if fresh.replies.filter(attempt=fresh.attempt, side=side).exists():
        raise Conflict(_("“%(item)s”的%(side)s本次已经答复。") % {"item": fresh, "side": side.label})
    if side == Side.ORGANISATION:
        _receipt(fresh, actor)  # whoever replies has it: nobody signs twice
    audit.record("reply", fresh, actor=actor, note=text[:500])
    made = Reply.objects.create(item=fresh, attempt=fresh.attempt, side=side, author=actor, text=text.strip())
    tell("reply" if side == Side.ORGANISATION else "replied", fresh, actor=actor)
    return made
