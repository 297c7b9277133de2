"""What every change that is no move must check first: the row is locked, in a fitting state, and the actor may."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from common import policy
from common.errors import Conflict
from rectification.models import RectificationItem


def lock(item: RectificationItem, *, action: str, actor: User, statuses: Iterable[str]) -> RectificationItem:
    """The fresh row, locked until the transaction ends. Raises Conflict (state) or PermissionDenied (policy)."""
    fresh = RectificationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    _check(fresh, action=action, actor=actor, statuses=statuses)
    return fresh


def lock_all(
    items: Iterable[RectificationItem], *, action: str, actor: User, statuses: Iterable[str]
) -> list[RectificationItem]:
    """The same for many with one statement, in the order of their ids; one that does not fit refuses all."""
    wanted = [one.pk for one in items]
    fresh = list(RectificationItem.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    for one in fresh:
        _check(one, action=action, actor=actor, statuses=statuses)
    return fresh


def _check(fresh: RectificationItem, *, action: str, actor: User, statuses: Iterable[str]) -> None:
    if fresh.status not in statuses:
        raise Conflict(
            _("“%(item)s”现在是“%(status)s”，不能这样办理。请刷新页面查看最新状态。")
            % {"item": fresh, "status": fresh.status_label}
        )
    decision = policy.allows(actor, action, fresh)
    if not decision:
        raise PermissionDenied(decision.reason)
