"""签收反馈 (E2): a named person of the township committee, then one of the village, says that it has arrived."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit, inbox, policy
from common.errors import Conflict
from common.models import Message
from inspections.models import Feedback
from rectification.enums import SIDE_OF, Side
from rectification.models import Receipt, RectificationItem


@transaction.atomic
def receive_feedback(*, feedback: Feedback, actor: User) -> Receipt:
    """Sign for the feedback in the name of one's own organ; a second press changes nothing.

    Needs "receive". Raises Conflict while it is not issued or, for a village, before the township has signed.
    """
    fresh = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    policy.allows(actor, "receive", fresh).demand()
    side = SIDE_OF[OrganKind(actor.organ.kind)]
    signed = {one.side: one for one in fresh.receipts.all()}
    if side in signed:
        return signed[side]
    if side == Side.VILLAGE and Side.TOWNSHIP not in signed:
        raise Conflict(_("反馈先由乡镇党委签收，再由村签收。请提醒乡镇先签收。"))
    audit.record("receive", fresh, actor=actor)
    made = Receipt.objects.create(feedback=fresh, side=side, signer=actor)
    if side == Side.TOWNSHIP:
        _tell_village(fresh)
    return made


def receive_with_items(*, items: Iterable[RectificationItem], actor: User) -> None:
    """Whoever accepts an item has its feedback: nobody signs twice. In the caller's transaction."""
    wanted = Feedback.objects.filter(pk__in={one.feedback_id for one in items if one.feedback_id})
    missing = list(wanted.exclude(receipts__side=Side.TOWNSHIP))
    if not missing:
        return
    audit.record_many([audit.row("receive", one, actor=actor) for one in missing])
    Receipt.objects.bulk_create(
        [Receipt(feedback=one, side=Side.TOWNSHIP, signer=actor, with_items=True) for one in missing],
        ignore_conflicts=True,  # a colleague accepts another item of the same feedback at this moment
    )
    for one in missing:
        _tell_village(one)


def _tell_village(feedback: Feedback) -> None:
    inbox.post(
        recipients=User.objects.filter(
            organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id=feedback.village_id, is_active=True
        ),
        kind=Message.Kind.NOTICE,
        key=f"receive:{feedback.pk}",
        title=_("乡镇已签收巡察反馈，请村党组织签收"),
        body=_("打开反馈核对问题清单后签收。文号 %s。") % (feedback.document_number or "—"),
        path=f"/rectification/feedback/{feedback.pk}/",
        email=False,
    )
