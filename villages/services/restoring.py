"""Taking back: a village that was ended by mistake, and a roster that was not a whole one."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import audit, policy
from common.errors import Conflict
from villages import followers
from villages.enums import Change, VillageStatus
from villages.followers import Readjustment
from villages.models import RosterImport, Village
from villages.roster import committing
from villages.selectors.undecided import undecided
from villages.selectors.villages import SHOWN

from .adjustments import too_late
from .orders import Order, amend, check_order, history_row
from .standing import Standing, write_standing


@transaction.atomic
def restore(*, village: Village, order: Order, actor: Any, version: int) -> Village:
    """The village exists again, as if it had never ended, and gets back what is still open of its work.

    The way to correct a wrong decision or a wrong row of a roster, however much has happened since: closed work stays
    where it was closed, both decisions stay on record. Then decide again: if the village waited for a decision, it
    does once more. Needs "adjust". Raises PermissionDenied, Conflict (somebody was faster), ValidationError (no
    reason).
    """
    with connection.cursor() as cursor:
        committing.lock(cursor)
    rows = Village.objects.select_for_update(of=("self",)).select_related(*SHOWN, "successor__division")
    fresh = rows.get(pk=village.pk)
    policy.allows(actor, "adjust", fresh).demand()
    if fresh.version != version or fresh.status == VillageStatus.ACTIVE:
        raise Conflict(too_late(fresh))
    if not order.reason.strip():
        raise ValidationError({"reason": _("请写明恢复的理由。")})
    check_order(order, by_document=False, dated=False)
    code = fresh.successor.division.code if fresh.successor else None
    before = {"status": fresh.status, "successor": code, "valid_to": fresh.valid_to}
    fields = audit.diff(before, {"status": VillageStatus.ACTIVE, "successor": None, "valid_to": None})
    if fresh.successor is not None and fresh.valid_to is not None:
        _set_up_as_before(fresh.successor, fresh, fresh.valid_to, actor)
    write_standing([Standing(fresh.pk, VillageStatus.ACTIVE)])
    history_row(fresh, Change.RESTORED, fields, order=order, actor=actor).save()
    audit.record("restore_village", fresh, actor=actor, note=order.note, changes=fields)
    followers.follow(Readjustment(actor=actor, restored=[fresh.pk]))
    return rows.get(pk=fresh.pk)


def _set_up_as_before(successor: Village, restored: Village, day: date, actor: Any) -> None:
    """A successor that was dated back for the sake of this village only gets its own day of setting up again."""
    others = successor.predecessors.exclude(pk=restored.pk).filter(valid_to__lte=day)
    dated_back = successor.rosterchanges.filter(change=Change.CHANGED, fields__valid_from__1=day.isoformat())
    last = dated_back.order_by("-id").first()
    if successor.valid_from == day and last is not None and not others.exists():
        amend(successor, {"valid_from": date.fromisoformat(last.fields["valid_from"][0])}, actor=actor)


@transaction.atomic
def set_aside(*, roster: RosterImport, reason: str, actor: Any) -> int:
    """This roster was not a whole one: what it lacks does not wait for a decision. Returns how many villages.

    Needs "commit" on the roster. Raises PermissionDenied, ValidationError.
    """
    policy.allows(actor, "commit", roster).demand()
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由，如“只报了一个乡镇”。")})
    number = undecided(actor).filter(missing_from=roster).count()
    policy.visible(actor, roster.missing_villages.all(), "adjust").update(missing_from=None)
    audit.record("set_aside_missing", roster, actor=actor, note=reason.strip(), changes={"villages": [number, 0]})
    return number
