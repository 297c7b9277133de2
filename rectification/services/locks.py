"""What every change that is no move must check first: the row is locked, in a fitting state, and the actor may."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import policy
from common.errors import Conflict, Differing
from common.models import AuditEvent
from rectification.models import RectificationItem
from rectification.transitions import JUDGED, PUT_RIGHT, WATCHED


def lock(item: RectificationItem, *, action: str, actor: User, statuses: Iterable[str]) -> RectificationItem:
    """The fresh row, locked until the transaction ends. Raises Conflict (state) or PermissionDenied (policy)."""
    fresh = (
        RectificationItem.objects.select_for_update(of=("self",))
        .select_related("county", "village__division")
        .get(pk=item.pk)
    )
    _check(fresh, action=action, actor=actor, statuses=statuses)
    return fresh


def lock_all(
    items: Iterable[RectificationItem], *, action: str, actor: User, statuses: Iterable[str]
) -> list[RectificationItem]:
    """The same for many with one statement, in the order of their ids; one that does not fit refuses all."""
    wanted = [one.pk for one in items]
    rows = RectificationItem.objects.select_for_update(of=("self",)).select_related("village__division")
    fresh = list(rows.filter(pk__in=wanted).order_by("pk"))
    for one in fresh:
        _check(one, action=action, actor=actor, statuses=statuses)
    return fresh


def refuse_watchers(items: Iterable[RectificationItem], actor: User) -> None:
    """Whoever signed or judged one of them does not report or reply on it later, from another seat. One statement."""
    if _acts_of(items, actor).filter(action__in=WATCHED).exists():
        raise PermissionDenied(_("您监督或验收过此事项，须由其他人办理整改。"))


def refuse_rectifiers(item: RectificationItem, actor: User) -> None:
    """Whoever put it right does not watch or judge it later, from another seat. One statement."""
    if _acts_of([item], actor).filter(action__in=PUT_RIGHT).exists():
        raise PermissionDenied(_("您办理过此事项的整改，须由其他人监督、裁定和验收。"))


def refuse_rectifiers_and_judges(item: RectificationItem, actor: User) -> None:
    """Whoever put it right or judged it does not sign it later, from another seat. One statement."""
    if _acts_of([item], actor).filter(action__in=(*PUT_RIGHT, *JUDGED)).exists():
        raise PermissionDenied(_("您办理过此事项的整改或验收，须由其他人监督签署。"))


def _acts_of(items: Iterable[RectificationItem], actor: User) -> "QuerySet[AuditEvent]":
    """What the person did on them, in whatever attempt and unit."""
    wanted = {str(one.pk) for one in items}
    done = AuditEvent.objects.filter(object_type=RectificationItem._meta.label, object_id__in=wanted, result="OK")
    return done.filter(actor=actor)


def check_version(fresh: RectificationItem, version: int | None, differing: Sequence[Differing]) -> None:
    """Raise Conflict, with what differs, unless the person saw the row as it is."""
    if version not in (None, fresh.version):
        raise Conflict(_("“%s”已被他人更新，您填写的内容没有保存。") % fresh, differing)


def bump(fresh: RectificationItem) -> None:
    """What belongs to the (locked) item changes: whoever has its page open saw something else."""
    RectificationItem.objects.filter(pk=fresh.pk).update(version=F("version") + 1, updated_at=timezone.now())


def _check(fresh: RectificationItem, *, action: str, actor: User, statuses: Iterable[str]) -> None:
    if fresh.status not in statuses:
        raise Conflict(
            _("“%(item)s”现在是“%(status)s”，不能这样办理。请刷新页面查看最新状态。")
            % {"item": fresh, "status": fresh.status_label}
        )
    policy.allows(actor, action, fresh).demand()
