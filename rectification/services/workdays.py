"""工作日历: holidays and make-up days that the city enters where the official calendar is wrong or not yet known."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, User
from common import audit, calendar, inbox, policy
from common.models import Message, WorkdayOverride

from .recompute import to_recompute

LONGEST = 31
DAY = "common.WorkdayOverride"


def counties_touched(city: Division) -> list[tuple[Division, int]]:
    """Each county with how many of its open items would get another deadline by the calendar as it is now."""
    found = [
        (one, to_recompute(one)) for one in Division.objects.filter(parent=city, tier=Tier.COUNTY).order_by("code")
    ]
    return [(county, count) for county, count in found if count]


def try_days(*, first: date, last: date, is_workday: bool, note: str, actor: User) -> list[tuple[Division, int]]:
    """What `set_days` would touch: county and number of items; nothing is kept."""
    with transaction.atomic():
        _write(first, last, is_workday, note, actor)
        touched = counties_touched(actor.division)
        transaction.set_rollback(True)
    return touched


@transaction.atomic
def set_days(*, first: date, last: date, is_workday: bool, note: str, actor: User) -> int:
    """Say of these days whether they are worked. Needs "edit"; tells each county how many deadlines it may recompute.

    Returns how many days are said otherwise than before. A county's office moves its deadlines itself, on record.
    """
    changes = _write(first, last, is_workday, note, actor)
    if changes:
        audit.record("edit_calendar", DAY, actor=actor, note=note, changes=changes)
        _tell(actor)
    return len(changes)


@transaction.atomic
def forget_days(*, days: Sequence[date], actor: User) -> int:
    """Go back to the official calendar for these days."""
    policy.may(actor, "edit", DAY).demand()
    rows = WorkdayOverride.objects.filter(day__in=days)
    changes = {one.day.isoformat(): [_word(one.is_workday), None] for one in rows}
    rows.delete()
    if changes:
        audit.record("edit_calendar", DAY, actor=actor, changes=changes)
        _tell(actor)
    return len(changes)


def _write(first: date, last: date, is_workday: bool, note: str, actor: User) -> dict[str, Any]:
    policy.may(actor, "edit", DAY).demand()
    if last < first:
        raise ValidationError({"last": _("结束日期不能早于开始日期。")})
    if (last - first).days >= LONGEST:
        raise ValidationError({"last": _("一次最多登记 %s 天。") % LONGEST})
    if not note.strip():
        raise ValidationError({"note": _("请写明依据，如通知的文号。")})
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    before = {one.day: one for one in WorkdayOverride.objects.filter(day__in=days)}
    new = [one for one in days if one not in before or before[one].is_workday != is_workday]
    WorkdayOverride.objects.bulk_create(
        [WorkdayOverride(day=one, is_workday=is_workday, note=note) for one in new],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "note"],
    )
    old = {one: _word(before[one].is_workday) if one in before else None for one in new}
    return {one.isoformat(): [old[one], _word(is_workday)] for one in new}


def _word(is_workday: bool) -> str:
    return _("上班") if is_workday else _("放假")


def _tell(actor: User) -> None:
    for county, count in counties_touched(actor.division):
        inbox.post(
            recipients=User.objects.filter(
                organ__kind=OrganKind.INSPECTION_OFFICE, organ__division=county, post=Post.HEAD
            ),
            kind=Message.Kind.NOTICE,
            key=f"calendar:{calendar.today()}:{count}",
            title=_("工作日历有变化，%s 件整改事项的时限需要重算") % count,
            body=_("打开页面查看涉及的事项和新旧时限，核对后确认。"),
            path="/rectification/settings/recompute/",
            email=False,
        )
