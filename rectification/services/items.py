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
from rectification.enums import OPEN, DeadlineKind, ItemStatus
from rectification.models import Measure, RectificationItem, Responsible

from .deadlines import deadline_for, refuse_far
from .extensions import drop_open_request
from .locks import bump, check_version, lock, lock_all, refuse_rectifiers, refuse_watchers
from .plans import measures_differing, people_differing, write_measures, write_people
from .receipts import receive_with_items
from .satisfaction import refuse_low
from .telling import tell
from .villages import settle

PLANNING = (ItemStatus.ASSIGNED, ItemStatus.IN_PROGRESS)


@transaction.atomic
def set_measures(
    *, item: RectificationItem, actor: User, measures: Sequence[Mapping[str, Any]], version: int | None = None
) -> list[Measure]:
    """Replace the plan of an item by `[{text, owner, due_on}]`; measures that stay as they were keep their done date.

    Needs "assign" in ASSIGNED or IN_PROGRESS. Raises ValidationError for an empty plan or a date after the deadline,
    Conflict when the item is no longer at the `version` that the person saw and the plan would change.
    """
    fresh = lock(item, action="assign", actor=actor, statuses=PLANNING)
    refuse_watchers([fresh], actor)
    if differing := measures_differing(fresh, measures):
        check_version(fresh, version, differing)
        bump(fresh)
    return write_measures([(fresh, measures)], actor=actor)


@transaction.atomic
def assign_responsibles(
    *, item: RectificationItem, actor: User, people: Mapping[str, Mapping[str, str]], version: int | None = None
) -> list[Responsible]:
    """Name the four who answer (四抓, A7): `{kind: {name, post, phone}}`; kinds not given stay as they are.

    Needs "assign" while the item is open. What changes is on record. Raises Conflict as `set_measures` does.
    """
    fresh = lock(item, action="assign", actor=actor, statuses=OPEN)
    if differing := people_differing(fresh, people):
        check_version(fresh, version, differing)
        bump(fresh)
    return write_people([fresh], people, actor=actor)


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
    differing = measures_differing(fresh, measures) if measures is not None else []
    differing += people_differing(fresh, people) if people is not None else []
    check_version(fresh, version, differing)
    if measures is not None:
        write_measures([(fresh, measures)], actor=actor)
    if people is not None:
        write_people([fresh], people, actor=actor)
    receive_with_items(items=[fresh], actor=actor)
    return workflow.apply(fresh, "accept", actor=actor, version=version, accepted_at=timezone.now(), accepted_by=actor)


@transaction.atomic
def accept_items(
    *,
    items: Sequence[RectificationItem],
    actor: User,
    people: Mapping[str, Mapping[str, str]],
    measures: Mapping[int, Sequence[Mapping[str, Any]]],
) -> list[RectificationItem]:
    """批量签收 with the same four responsible for all; `measures` by item for those that have none. All or none.

    Takes as many statements for a thousand items as for ten.
    """
    fresh = lock_all(items, action="accept", actor=actor, statuses=[ItemStatus.ASSIGNED])
    write_measures([(one, measures[one.pk]) for one in fresh if one.pk in measures], actor=actor)
    write_people(fresh, people, actor=actor)
    receive_with_items(items=fresh, actor=actor)
    return workflow.apply_all(
        items,
        "accept",
        actor=actor,
        reads=("measures", "responsibles"),
        accepted_at=timezone.now(),
        accepted_by=actor,
    )


@transaction.atomic
def complete_measure(*, measure: Measure, actor: User, done_on: date | None = None) -> Measure:
    """Mark one measure as done; by the township or the village while the item is being put right."""
    item = lock(measure.item, action="report", actor=actor, statuses=[ItemStatus.IN_PROGRESS])
    refuse_watchers([item], actor)
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


@transaction.atomic
def submit_item(
    *, item: RectificationItem, actor: User, note: str = "", version: int | None = None
) -> RectificationItem:
    """提交验收: the township says it is done, with evidence of this attempt. IN_PROGRESS → UNDER_SUPERVISION."""
    submitted = workflow.apply(
        item, "submit", actor=actor, note=note, version=version, submitted_at=timezone.now(), submitted_by=actor
    )
    tell("submit", submitted, actor=actor)
    return submitted


@transaction.atomic
def verify_item(
    *, item: RectificationItem, actor: User, opinion: str = "", version: int | None = None
) -> RectificationItem:
    """验收销号: the county closes what all three links have signed. UNDER_VERIFICATION → CLOSED.

    Where villagers were asked and are not content (E9), the opinion must say why it is closed all the same.
    """
    refuse_low(item, opinion)
    closed = workflow.apply(
        item, "verify", actor=actor, note=opinion, version=version, closed_at=timezone.now(), closed_by=actor
    )
    drop_open_request(item=closed, actor=actor, note=_("事项已验收销号，延期申请不再办理。"))
    tell("verify", closed, actor=actor)
    return closed


@transaction.atomic
def return_item(*, item: RectificationItem, actor: User, note: str, version: int | None = None) -> RectificationItem:
    """退回补充, with the reason; the next attempt starts. UNDER_VERIFICATION → IN_PROGRESS."""
    fresh = lock(item, action="verify", actor=actor, statuses=[ItemStatus.UNDER_VERIFICATION])
    refuse_rectifiers(fresh, actor)
    returned = workflow.apply(fresh, "return", actor=actor, note=note, version=version, attempt=fresh.attempt + 1)
    tell("return", returned, actor=actor)
    return returned


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

    The new deadline is the county's ordinary one from today unless given. CLOSED → IN_PROGRESS. An item of a village
    that has been merged since goes on in the successor; one of a withdrawn village cannot be reopened.
    """
    fresh = lock(item, action="reopen", actor=actor, statuses=[ItemStatus.CLOSED])
    if deadline is None:
        deadline = deadline_for(county=fresh.county, kind=DeadlineKind.ORDINARY, start=calendar.today())
    if deadline <= calendar.today():
        raise ValidationError({"deadline": _("新的整改时限须晚于今天。")})
    refuse_far(deadline, "deadline")
    reopened = workflow.apply(
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
    if settle(item=reopened, actor=actor):
        reopened.refresh_from_db()
    tell("reopen", reopened, actor=actor)
    return reopened


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
    refuse_far(review_on, "review_on")
    refuse_rectifiers(lock(item, action="mark_long_term", actor=actor, statuses=OPEN), actor)
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
    tell("mark_long_term", fresh, actor=actor)
    return fresh
