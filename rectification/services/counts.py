"""销号对账: a township says what its own ledger counts; what the county counts then is kept beside it (E6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, policy
from rectification.enums import ItemStatus
from rectification.models import CountTold, RectificationItem


@transaction.atomic
def tell_count(*, actor: User, told_total: int, told_closed: int, note: str = "") -> CountTold:
    """The township's own figures, with what the system counts at this moment; a difference needs a word of where."""
    place = actor.organ.division
    told = CountTold(county=place.parent, township=place, told_total=told_total, told_closed=told_closed, told_by=actor)
    policy.allows(actor, "add", told).demand()
    if told_closed > told_total:
        raise ValidationError({"told_closed": _("已销号的件数不能多于台账件数。")})
    closed = Count("pk", filter=Q(status=ItemStatus.CLOSED))
    counted = RectificationItem.objects.filter(township=place).aggregate(total=Count("pk"), closed=closed)
    told.total, told.closed, told.note = counted["total"], counted["closed"], note.strip()
    if not told.agrees and not told.note:
        text = _("县级台账是 %(total)s 件、已销号 %(closed)s 件，与您填写的不一致，请写明差在哪里。") % counted
        raise ValidationError({"note": text})
    told.save()
    audit.record("tell_count", told, actor=actor, note=told.note)
    return told
