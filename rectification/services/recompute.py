"""重算时限: open items whose deadline follows from settings and calendar, when either has changed (E6).

What somebody decided for an item (an extension, work begun anew) stays. Nothing moves to a day before today.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import Division, User
from common import audit, calendar, inbox, workflow
from common.errors import Conflict
from common.models import AuditEvent, Message
from inspections.models import Round
from rectification.enums import OPEN, DeadlineKind
from rectification.models import RectificationItem

from .deadlines import deadline_for, save_settings

DECIDED = ("extend", "reopen")
READS = ("village__division", "township", "finding")


@dataclass(frozen=True)
class Shift:
    """One item's deadline as it is and as it would be."""

    item: RectificationItem
    new: date

    @property
    def days(self) -> int:
        return (self.new - self.item.deadline).days if self.item.deadline else 0


def shifts(county: Division) -> list[Shift]:
    """The county's open items whose deadline is not what settings and calendar give, in the order of the new one."""
    moving = _moving(county)
    wanted = Q()
    for group in moving:
        wanted |= Q(**dict(zip(GROUP, group, strict=True)))
    items = _following(county).filter(wanted).select_related("inspection", "county", *READS) if moving else []
    found = [Shift(one, moving[_group(one)][0]) for one in items]
    return sorted(found, key=lambda shift: (shift.new, shift.item.pk))


def to_recompute(county: Division) -> int:
    """How many items `shifts` would name; reads none of them."""
    return sum(count for _new, count in _moving(county).values())


GROUP = ("is_immediate", "inspection__round_id", "assigned_on", "deadline")


def _group(item: RectificationItem) -> tuple[Any, ...]:
    return item.is_immediate, item.inspection.round_id, item.assigned_on, item.deadline


def _moving(county: Division) -> dict[tuple[Any, ...], tuple[date, int]]:
    """Items that were handed over together move together: group → new deadline and how many, where it differs."""
    rows = _following(county).values_list(*GROUP).annotate(n=Count("pk"))
    groups = {(*group, deadline): count for *group, deadline, count in rows}
    rounds = Round.objects.in_bulk({round for _immediate, round, _start, _deadline in groups})
    found = {}
    for group, count in groups.items():
        immediate, round, start, deadline = group
        kind = DeadlineKind.IMMEDIATE if immediate else DeadlineKind.ORDINARY
        new = _deadline(county, kind, start, rounds[round])
        if new and new != deadline and new >= calendar.today():
            found[group] = (new, count)
    return found


def _following(county: Division) -> "QuerySet[RectificationItem]":
    """Open items with a deadline on which nobody has decided since the handover."""
    told = AuditEvent.objects.filter(
        object_type=RectificationItem._meta.label, object_id=OuterRef("key"), result="OK", action__in=DECIDED
    )
    rows = RectificationItem.objects.filter(county=county, status__in=OPEN, deadline__isnull=False)
    return rows.annotate(key=Cast("pk", CharField())).filter(~Exists(told))


def _deadline(county: Division, kind: str, start: date, round: Round) -> date | None:
    try:
        return deadline_for(county=county, kind=kind, start=start, round=round)
    except ValidationError:
        return None


def fingerprint(found: Iterable[Shift]) -> str:
    """What somebody has seen who confirms: each item with its version and both dates."""
    text = ";".join(f"{one.item.pk}.{one.item.version}:{one.item.deadline}>{one.new}" for one in found)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def recompute(*, county: Division, actor: User, note: str, seen: str) -> int:
    """Move these deadlines, on record, and tell the townships. Needs "recompute" on each; returns how many.

    Raises Conflict when what would move is no longer what the person has `seen`; all or nothing.
    """
    found = shifts(county)
    if fingerprint(found) != seen:
        raise Conflict(_("涉及的事项或时限在您核对期间有了变化，没有改动。请重新核对后再确认。"))
    by_day: dict[date, list[RectificationItem]] = {}
    for one in found:
        by_day.setdefault(one.new, []).append(one.item)
    for day, items in by_day.items():
        workflow.apply_all(items, "recompute", actor=actor, note=note, deadline=day)
    _tell(found, actor)
    return len(found)


def _tell(found: list[Shift], actor: User) -> None:
    """One message a township: how many, and where to look."""
    counts: dict[int, int] = {}
    for one in found:
        counts[one.item.township_id] = counts.get(one.item.township_id, 0) + 1
    for township, count in counts.items():
        inbox.post(
            recipients=User.objects.filter(organ__kind=OrganKind.PARTY_COMMITTEE, organ__division_id=township),
            kind=Message.Kind.NOTICE,
            key=f"recompute:{audit.plain(calendar.today())}:{fingerprint(found)}:{township}",
            title=_("%s 件整改事项的时限按设置或工作日历调整") % count,
            body=_("打开任务单查看新的时限。"),
            path="/rectification/tasks/",
            email=False,
        )


def try_deadlines(*, county: Division, actor: User, **values: Any) -> list[Shift]:
    """Which items `save_settings` with these values would move, if they were recomputed; nothing is kept."""
    with transaction.atomic():
        save_settings(county=county, actor=actor, **values)
        found = shifts(county)
        transaction.set_rollback(True)
    return found
