"""回头看: a sample of closed items drawn by a seed on record, looked at again, reopened where it is bad (E6)."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from accounts.enums import OrganKind, Post
from accounts.models import Division, User
from common import audit, calendar, inbox, policy
from common.errors import Conflict
from common.models import Message
from common.once import sent_before
from common.spreadsheets.writing import Printed, as_bytes, printed
from rectification.enums import ItemStatus, LookbackResult
from rectification.models import Lookback, LookbackLine, RectificationItem

from .items import reopen_item
from .locks import refuse_rectifiers

MOST = 200
SEEDS = 10**8


def drawn(pool: Sequence[str], seed: int, size: int) -> list[str]:
    """The sample: the numbers in the order of SHA-256("seed:number"), cut off at `size`.

    Anybody can do it again by hand from what is on record; no version of any library has a part in it.
    """
    return sorted(pool, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())[:size]


@transaction.atomic
def draw_lookback(
    *,
    county: Division,
    actor: User,
    key: UUID,
    closed_from: date,
    closed_to: date,
    size: int,
    township: Division | None = None,
) -> Lookback:
    """Draw `size` of the items closed from one day to another. The seed is the system's: nobody can choose it.

    A `key` (one per opened form) makes a form that was sent twice one draw. Raises ValidationError when nothing was
    closed in these days or more is asked for than there is.
    """
    lookback = Lookback(
        county=county,
        key=key,
        township=township,
        closed_from=closed_from,
        closed_to=closed_to,
        size=size,
        drawn_by=actor,
        seed=secrets.randbelow(SEEDS),
        year=calendar.today().year,
    )
    policy.allows(actor, "add", lookback).demand()
    Division.objects.select_for_update().get(pk=county.pk)
    if sent := sent_before(Lookback, key, drawn_by=actor):
        return sent
    items = RectificationItem.objects.filter(
        county=county, status=ItemStatus.CLOSED, closed_at__date__gte=closed_from, closed_at__date__lte=closed_to
    )
    if township is not None:
        items = items.filter(township=township)
    ids = dict(items.values_list("number", "pk"))
    if not ids:
        raise ValidationError(_("这段时间没有销号的事项，请另选日期或者乡镇。"))
    if not 1 <= size <= min(len(ids), MOST):
        told = {"all": len(ids), "most": min(len(ids), MOST)}
        raise ValidationError({"size": _("这段时间销号 %(all)s 件，请填写 1 到 %(most)s 之间的件数。") % told})
    last = Lookback.objects.filter(county=county, year=lookback.year).aggregate(last=Max("serial"))["last"]
    lookback.serial, lookback.pool = (last or 0) + 1, sorted(ids)
    lookback.save()
    LookbackLine.objects.bulk_create(
        LookbackLine(lookback=lookback, item_id=ids[number], order=order)
        for order, number in enumerate(drawn(lookback.pool, lookback.seed, size), 1)
    )
    audit.record("draw_lookback", lookback, actor=actor, changes={"seed": [None, lookback.seed], "size": [None, size]})
    return lookback


@transaction.atomic
def record_lookback(
    *, line: LookbackLine, actor: User, result: str, checked_on: date, place: str, seen: str
) -> LookbackLine:
    """What was found on one item of the sample, once. A bad one is reopened.

    By the head at once; where an officer records it, the heads are told, and the item waits for them to reopen it.
    """
    fresh = LookbackLine.objects.select_for_update(of=("self",)).select_related("lookback", "item").get(pk=line.pk)
    policy.allows(actor, "record", fresh).demand()
    refuse_rectifiers(fresh.item, actor)
    if fresh.result:
        raise Conflict(_("这一件已经登记过结果，不能再改。"))
    if not timezone.localdate(fresh.lookback.created_at) <= checked_on <= calendar.today():
        raise ValidationError({"checked_on": _("查看日期须在抽取之后、今天以前。")})
    if not seen.strip():
        raise ValidationError({"seen": _("请写明查看到的情况。")})
    item, note = fresh.item, f"{fresh.lookback}：{seen.strip()}"
    fresh.result, fresh.checked_on, fresh.place, fresh.seen = result, checked_on, place.strip(), seen.strip()
    fresh.checked_by, fresh.recorded_at = actor, timezone.now()
    fresh.save()
    told = {"result": [None, str(LookbackResult(result).label)]}
    audit.record("look_back", item, actor=actor, note=note, changes=told)
    if result == LookbackResult.BAD and item.status == ItemStatus.CLOSED:
        _put_right_again(fresh, actor, _("问题反弹：%s") % note)
    return fresh


def _put_right_again(line: LookbackLine, actor: User, note: str) -> None:
    if policy.allows(actor, "reopen", line.item):
        reopen_item(item=line.item, actor=actor, note=note)
        return
    heads = User.objects.filter(
        organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=line.lookback.county_id, post=Post.HEAD
    )
    inbox.post(
        recipients=heads,
        kind=Message.Kind.NOTICE,
        key=f"lookback:{line.pk}",
        title=_("整改事项 %s 回头看发现问题，请决定重新整改") % line.item.number,
        body=_("打开事项查看详情并办理。"),
        path=line.item.get_absolute_url(),
        email=False,
    )


COLUMNS = (
    *(
        (gettext_lazy("序号"), 6),
        (gettext_lazy("编号"), 18),
        (gettext_lazy("乡镇（街道）"), 14),
        (gettext_lazy("村（社区）"), 14),
        (gettext_lazy("问题"), 34),
    ),
    *(
        (gettext_lazy("销号日期"), 12),
        (gettext_lazy("结果"), 12),
        (gettext_lazy("查看日期"), 12),
        (gettext_lazy("查看地点"), 16),
    ),
    *((gettext_lazy("查看情况"), 40), (gettext_lazy("查看人"), 10)),
)


def lookback_workbook(*, lookback: Lookback, lines: Sequence[LookbackLine], actor: User) -> bytes:
    """The sample with its seed, what it was drawn from and what was found. Audited."""
    told = {"seed": lookback.seed, "all": len(lookback.pool), "size": lookback.size, "by": lookback.drawn_by.full_name}
    book = Workbook(write_only=True)
    printed(
        book,
        Printed(
            name=_("抽取结果"),
            title=str(lookback),
            note=_("随机种子 %(seed)s　　从 %(all)s 件中抽取 %(size)s 件　　抽取人：%(by)s") % told
            + f"　　{timezone.localtime(lookback.created_at):%Y-%m-%d %H:%M}",
            columns=COLUMNS,
            rows=[_row(one) for one in lines],
            foot=_("抽取办法：各事项按种子、半角冒号、编号连写后的 SHA-256 排序，取前若干件；编号见另一张表。"),
        ),
    )
    printed(
        book,
        Printed(
            name=_("参加抽取的事项"),
            title=_("参加抽取的事项编号"),
            note=_("随机种子 %s") % lookback.seed,
            columns=((_("序号"), 8), (_("编号"), 30), ("SHA-256", 70)),
            rows=[
                (order, number, hashlib.sha256(f"{lookback.seed}:{number}".encode()).hexdigest())
                for order, number in enumerate(lookback.pool, 1)
            ],
        ),
    )
    audit.record("export", lookback, actor=actor, note=str(lookback))
    return as_bytes(book)


def _row(line: LookbackLine) -> tuple[Any, ...]:
    item = line.item
    closed = timezone.localdate(item.closed_at) if item.closed_at else ""
    found: Any = line.get_result_display() if line.result else _("未登记")
    return (
        *(line.order, item.number, item.township.name, item.village.division.name, item.finding.title, closed),
        *(
            str(found),
            line.checked_on or "",
            line.place,
            line.seen,
            line.checked_by.full_name if line.checked_by else "",
        ),
    )
