"""The life of an item between handover and 销号: plan, acceptance, submission, verification (E6, A6, A7)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, calendar, workflow
from rectification.enums import OPEN, DeadlineKind, ItemStatus, ResponsibleKind
from rectification.models import Measure, RectificationItem, Responsible

from .deadlines import deadline_for
from .extensions import drop_open_request
from .locks import lock

PLANNING = (ItemStatus.ASSIGNED, ItemStatus.IN_PROGRESS)
MAX_MEASURES = 20


@transaction.atomic
def set_measures(*, item: RectificationItem, actor: User, measures: Sequence[Mapping[str, Any]]) -> list[Measure]:
    """Replace the plan of an item by `[{text, owner, due_on}]`; measures that stay as they were keep their done date.

    Needs "assign" in ASSIGNED or IN_PROGRESS. Raises ValidationError for an empty plan or a date after the deadline.
    """
    return _set_measures(lock(item, action="assign", actor=actor, statuses=PLANNING), actor, measures)


def _set_measures(item: RectificationItem, actor: User, measures: Sequence[Mapping[str, Any]]) -> list[Measure]:
    _check_measures(item, measures)
    old = list(item.measures.all())
    done = {(one.text, one.owner): one.done_on for one in old}
    if old:
        item.measures.all().delete()
    rows = Measure.objects.bulk_create(
        Measure(item=item, order=order, done_on=done.get((row["text"], row["owner"])), **_fields(row))
        for order, row in enumerate(measures, 1)
    )
    if _told(old) != _told(rows):
        audit.record("set_measures", item, actor=actor, changes={"measures": [_told(old), _told(rows)]})
    return rows


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("text", "owner", "due_on")}


def _told(rows: Sequence[Measure]) -> str:
    return "；".join(f"{one.order}. {one.text}（{one.owner}，{one.due_on:%Y-%m-%d}）" for one in rows)


def _check_measures(item: RectificationItem, measures: Sequence[Mapping[str, Any]]) -> None:
    if not measures:
        raise ValidationError(_("请至少填写一条整改措施。"))
    if len(measures) > MAX_MEASURES:
        raise ValidationError(_("整改措施最多 %s 条，请合并后再填。") % MAX_MEASURES)
    for order, row in enumerate(measures, 1):
        if not row["text"].strip() or not row["owner"].strip() or not row["due_on"]:
            raise ValidationError(_("第 %s 条措施的内容、责任人和完成时限都要填写。") % order)
        if item.deadline and row["due_on"] > item.deadline:
            raise ValidationError(
                _("第 %(order)s 条措施的完成时限不能晚于整改时限 %(deadline)s。")
                % {"order": order, "deadline": f"{item.deadline:%Y-%m-%d}"}
            )
        if row["due_on"] < item.assigned_on:
            raise ValidationError(
                _("第 %(order)s 条措施的完成时限不能早于交办日期 %(day)s。")
                % {"order": order, "day": f"{item.assigned_on:%Y-%m-%d}"}
            )


@transaction.atomic
def assign_responsibles(
    *, item: RectificationItem, actor: User, people: Mapping[str, Mapping[str, str]]
) -> list[Responsible]:
    """Name the four who answer (四抓, A7): `{kind: {name, post, phone}}`; kinds not given stay as they are.

    Needs "assign" while the item is open. What changes is on record.
    """
    return _assign(lock(item, action="assign", actor=actor, statuses=OPEN), actor, people)


def _assign(item: RectificationItem, actor: User, people: Mapping[str, Mapping[str, str]]) -> list[Responsible]:
    unknown = set(people) - set(ResponsibleKind.values)
    if unknown:
        raise ValidationError(_("没有这种责任：%s。") % "、".join(sorted(unknown)))
    empty = [str(ResponsibleKind(kind).label) for kind, one in people.items() if not one.get("name", "").strip()]
    if empty:
        raise ValidationError(_("请填写“%s”的姓名或单位。") % "、".join(empty))
    before = {one.kind: _who(one) for one in item.responsibles.all()}
    rows = Responsible.objects.bulk_create(
        [
            Responsible(item=item, kind=kind, **{key: one.get(key, "").strip() for key in ("name", "post", "phone")})
            for kind, one in people.items()
        ],
        update_conflicts=True,
        unique_fields=["item", "kind"],
        update_fields=["name", "post", "phone"],
    )
    changes = audit.diff(before, {one.kind: _who(one) for one in rows})
    if changes:
        audit.record("assign", item, actor=actor, changes=changes)
    return rows


def _who(one: Responsible) -> str:
    return " ".join(filter(None, (one.name, one.post, one.phone)))


@transaction.atomic
def accept_item(
    *,
    item: RectificationItem,
    actor: User,
    measures: Sequence[Mapping[str, Any]] | None = None,
    people: Mapping[str, Mapping[str, str]] | None = None,
    version: int | None = None,
) -> RectificationItem:
    """签收: the township takes the item on, with measures and the four responsible. ASSIGNED → IN_PROGRESS."""
    fresh = lock(item, action="accept", actor=actor, statuses=[ItemStatus.ASSIGNED])
    if measures is not None:
        _set_measures(fresh, actor, measures)
    if people is not None:
        _assign(fresh, actor, people)
    return workflow.apply(fresh, "accept", actor=actor, version=version, accepted_at=timezone.now(), accepted_by=actor)


@transaction.atomic
def accept_items(
    *,
    items: Sequence[RectificationItem],
    actor: User,
    people: Mapping[str, Mapping[str, str]],
    measures: Mapping[int, Sequence[Mapping[str, Any]]],
) -> list[RectificationItem]:
    """批量签收 with the same four responsible for all; `measures` by item for those that have none. All or none."""
    return [
        accept_item(item=item, actor=actor, measures=measures.get(item.pk), people=people, version=item.version)
        for item in items
    ]


@transaction.atomic
def complete_measure(*, measure: Measure, actor: User, done_on: date | None = None) -> Measure:
    """Mark one measure as done; by the township or the village while the item is being put right."""
    item = lock(measure.item, action="report", actor=actor, statuses=[ItemStatus.IN_PROGRESS])
    day = done_on or calendar.today()
    if not item.assigned_on <= day <= calendar.today():
        raise ValidationError(_("完成日期须在交办日期与今天之间。"))
    fresh = Measure.objects.select_for_update().get(pk=measure.pk)
    if fresh.done_on is None:
        fresh.done_on = day
        fresh.save(update_fields=["done_on"])
        audit.record(
            "complete_measure", item, actor=actor, note=fresh.text, changes={"done_on": [None, day.isoformat()]}
        )
    return fresh


def submit_item(
    *, item: RectificationItem, actor: User, note: str = "", version: int | None = None
) -> RectificationItem:
    """提交验收: the township says it is done, with evidence of this attempt. IN_PROGRESS → UNDER_SUPERVISION."""
    return workflow.apply(
        item, "submit", actor=actor, note=note, version=version, submitted_at=timezone.now(), submitted_by=actor
    )


@transaction.atomic
def verify_item(
    *, item: RectificationItem, actor: User, opinion: str = "", version: int | None = None
) -> RectificationItem:
    """验收销号: the county closes what all three links have signed. UNDER_VERIFICATION → CLOSED."""
    closed = workflow.apply(
        item, "verify", actor=actor, note=opinion, version=version, closed_at=timezone.now(), closed_by=actor
    )
    drop_open_request(item=closed, actor=actor, note=_("事项已验收销号，延期申请不再办理。"))
    return closed


@transaction.atomic
def return_item(*, item: RectificationItem, actor: User, note: str, version: int | None = None) -> RectificationItem:
    """退回补充, with the reason; the next attempt starts. UNDER_VERIFICATION → IN_PROGRESS."""
    fresh = lock(item, action="verify", actor=actor, statuses=[ItemStatus.UNDER_VERIFICATION])
    return workflow.apply(fresh, "return", actor=actor, note=note, version=version, attempt=fresh.attempt + 1)


@transaction.atomic
def reopen_item(
    *,
    item: RectificationItem,
    actor: User,
    note: str,
    deadline: date | None = None,
    version: int | None = None,
) -> RectificationItem:
    """重新整改 a closed item (untrue, relapsed, villagers not satisfied): head of the county office, with the reason.

    The new deadline is the county's ordinary one from today unless given. CLOSED → IN_PROGRESS.
    """
    fresh = lock(item, action="reopen", actor=actor, statuses=[ItemStatus.CLOSED])
    if deadline is None:
        deadline = deadline_for(county=fresh.county, kind=DeadlineKind.ORDINARY, start=calendar.today())
    if deadline <= calendar.today():
        raise ValidationError({"deadline": _("新的整改时限须晚于今天。")})
    return workflow.apply(
        fresh,
        "reopen",
        actor=actor,
        note=note,
        version=version,
        attempt=fresh.attempt + 1,
        closed_at=None,
        closed_by=None,
        is_long_term=False,
        review_on=None,
        deadline=deadline,
    )


@transaction.atomic
def mark_long_term(
    *,
    item: RectificationItem,
    actor: User,
    note: str,
    review_on: date | None = None,
    version: int | None = None,
) -> RectificationItem:
    """列为长期坚持: a review (every 90 days unless the county set otherwise) takes the place of the deadline.

    Done again on a long-term item it records the review and sets the next one.
    """
    if review_on is None:
        review_on = deadline_for(county=item.county, kind=DeadlineKind.LONG_TERM_REVIEW, start=calendar.today())
    if review_on <= calendar.today():
        raise ValidationError({"review_on": _("复核日期须晚于今天。")})
    fresh = workflow.apply(
        item,
        "mark_long_term",
        actor=actor,
        note=note,
        version=version,
        is_long_term=True,
        review_on=review_on,
        deadline=None,
    )
    drop_open_request(item=fresh, actor=actor, note=_("事项已列为长期坚持，延期申请不再办理。"))
    return fresh
