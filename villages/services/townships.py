"""Townships that are merged or renamed: all villages of the one go to the other at once, with what hangs on them."""

import zlib
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from accounts.services import set_pinyin
from common import audit
from common.errors import Conflict
from villages import followers
from villages.enums import Change
from villages.followers import Moved, Readjustment
from villages.models import RosterChange, Village
from villages.roster import committing
from villages.selectors.undecided import active_of, townships_of

from .orders import Order, check_order, history_row

NAME_LIMIT = 60


@transaction.atomic
def merge_township(*, township: Division, into: Division, order: Order, actor: Any, version: int) -> list[Village]:
    """Move every active village of `township` into another one; ended villages stay where they ended.

    Needs "adjust" at both. Codes and names of the villages stay. `version` is the `township_version` that the person
    has seen. Raises PermissionDenied, Conflict, ValidationError.
    """
    _lock(actor, township, into)
    check_order(order, by_document=True)
    rows = active_of(actor, township).order_by("pk").select_for_update(of=("self",))
    villages = list(rows.select_related("division"))
    if township_version(villages) != version or not villages:
        raise Conflict(_("%s的村刚刚有了变化，请刷新页面后重新核对。没有写入任何内容。") % township.name)
    _check_goal(township, into, villages)
    fields = audit.diff(_named(township), _named(into))
    Division.objects.filter(pk__in=[one.pk for one in villages]).update(parent=into)
    for one in villages:
        one.township, one.county_id, one.version = into, into.parent_id or 0, one.version + 1
        one.save(update_fields=["township", "county", "version", "updated_at"])
    history = [history_row(one, Change.CHANGED, fields, order=order, actor=actor) for one in villages]
    RosterChange.objects.bulk_create(history)
    note = _("%(n)d 个村并入%(name)s，%(note)s") % {"n": len(villages), "name": into.name, "note": order.note}
    audit.record("merge_township", township, actor=actor, note=note, changes=fields)
    audit.record_many([audit.row("merge_township", one, actor=actor, changes=fields) for one in villages])
    followers.follow(Readjustment(actor=actor, moved=[Moved(one.pk, into.pk) for one in villages]))
    return villages


@transaction.atomic
def rename_township(*, township: Division, name: str, order: Order, actor: Any) -> Division:
    """Give a township another name; its code, villages and people stay. Needs "adjust" there.

    Raises PermissionDenied, ValidationError (no name, too long, or another township of the county bears it).
    """
    _lock(actor, township)
    fresh = Division.objects.select_for_update(of=("self",)).get(pk=township.pk)
    check_order(order, by_document=True)
    new = "".join(name.split())
    if not new or len(new) > NAME_LIMIT:
        raise ValidationError({"name": _("请填写新名称，最多 %d 个字。") % NAME_LIMIT})
    if Division.objects.filter(parent=fresh.parent_id, name=new).exists():
        raise ValidationError({"name": _("本县已有“%s”；两个乡镇合为一个的，请选“并入”。") % new})
    changes = audit.diff({"name": fresh.name}, {"name": new})
    fresh.name = new
    set_pinyin(fresh)
    fresh.save(update_fields=["name", "pinyin", "initials"])
    audit.record("rename_township", fresh, actor=actor, note=order.note, changes=changes)
    return fresh


def township_version(villages: list[Village]) -> int:
    """Another number as soon as one of these villages changes, or another one comes or goes."""
    return zlib.crc32(",".join(f"{one.pk}:{one.version}" for one in sorted(villages, key=lambda one: one.pk)).encode())


def _lock(actor: Any, *places: Division) -> None:
    if townships_of(actor).filter(pk__in=[one.pk for one in places]).count() != len({one.pk for one in places}):
        raise PermissionDenied(_("只能调整本单位所辖的乡镇（街道）。"))
    with connection.cursor() as cursor:
        committing.lock(cursor)


def _check_goal(township: Division, into: Division, villages: list[Village]) -> None:
    if into.pk == township.pk:
        raise ValidationError({"into": _("不能并入自己，请选另一个乡镇。")})
    if into.parent_id == township.parent_id:
        return
    loads = [one for one in followers.loads([one.pk for one in villages]) if one.bars_leaving and one.counts]
    if loads:
        held = "、".join(f"{one.label} {sum(one.counts.values())} {one.unit}" for one in loads)
        raise ValidationError({"into": _("还有%s，不能带出本县：请先办结，或从计划中调出。") % held})


def _named(township: Division) -> dict[str, str]:
    return {"township": township.name, "county": township.parent.name if township.parent else ""}
