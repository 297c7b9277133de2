"""签发交办 (E2): one transaction issues the feedback, freezes its findings and makes the rectification items.

立巡立改 (E3): one finding is handed over while the team is still there; the feedback lists it as handed over already.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit, calendar, inbox, policy
from common.models import Message
from inspections.enums import FindingStatus
from inspections.models import Feedback, Finding, Inspection
from inspections.services import hand_over_finding, issue_feedback
from rectification.enums import DeadlineKind, ItemStatus
from rectification.models import RectificationItem

from .deadlines import deadlines_for
from .telling import tell, tell_organisation

KINDS = (DeadlineKind.PLAN, DeadlineKind.IMMEDIATE, DeadlineKind.ORDINARY)


@transaction.atomic
def hand_over(
    *, feedback: Feedback, actor: User, on: date | None = None, document_number: str = ""
) -> list[RectificationItem]:
    """Issue the feedback and assign one item for each confirmed finding, with deadlines by the settings in force.

    Needs "issue" on the feedback (head of the county office, not the drafter). Township and village are told.
    Raises Conflict when it was issued already, ValidationError when something is missing.
    """
    day = on or calendar.today()
    if day > calendar.today():
        raise ValidationError(_("签发日期不能晚于今天。"))
    policy.allows(actor, "issue", feedback).demand()
    inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=feedback.inspection_id)
    confirmed = inspection.findings.filter(status=FindingStatus.CONFIRMED)
    due = deadlines_for(county=feedback.county, kinds=KINDS, start=day, round=inspection.round)
    issued = issue_feedback(
        feedback=feedback,
        actor=actor,
        on=day,
        deadline=max((deadline_of(one, due) for one in confirmed), default=due[DeadlineKind.ORDINARY]),
        plan_due_on=due[DeadlineKind.PLAN],
        document_number=document_number or feedback.document_number,
    )
    handed = inspection.findings.filter(status=FindingStatus.FED_BACK, item=None)
    findings = handed.select_related("checklist_item").order_by("number")
    items = RectificationItem.objects.bulk_create(_item(issued, one, day, deadline_of(one, due)) for one in findings)
    audit.record_many(
        [audit.row("hand_over", one, actor=actor, target=ItemStatus.ASSIGNED, changes=_told(one)) for one in items]
    )
    _tell(issued, items)
    tell_organisation(items)
    return items


@transaction.atomic
def hand_over_now(*, finding: Finding, actor: User, version: int | None = None) -> RectificationItem:
    """立巡立改: the item of one confirmed finding, at once, with its own short deadline counted from today.

    Needs "hand_over" on the finding (leader or deputy of the team, head of the office). Raises ValidationError when it
    is not marked immediate or the feedback has been issued, Conflict when it is not confirmed or handed over already.
    """
    day = calendar.today()
    frozen = hand_over_finding(finding=finding, actor=actor, version=version)
    due = deadlines_for(county=frozen.county, kinds=[DeadlineKind.IMMEDIATE], start=day, round=frozen.inspection.round)
    item = _item(None, frozen, day, due[DeadlineKind.IMMEDIATE])
    item.save()
    audit.record("hand_over", item, actor=actor, target=ItemStatus.ASSIGNED, changes=_told(item))
    tell("hand_over_now", item, actor=actor)
    tell_organisation([item])
    return item


def deadline_of(finding: Finding, due: dict[str, date]) -> date:
    return due[DeadlineKind.IMMEDIATE if finding.is_immediate else DeadlineKind.ORDINARY]


def _item(feedback: Feedback | None, finding: Finding, day: date, deadline: date) -> RectificationItem:
    return RectificationItem(
        finding=finding,
        feedback=feedback,
        inspection_id=finding.inspection_id,
        county_id=finding.county_id,
        township_id=finding.township_id,
        village_id=finding.village_id,
        number=finding.number or "",  # none has no number once it is fed back
        assigned_on=day,
        original_deadline=deadline,
        deadline=deadline,
        is_immediate=finding.is_immediate,
        is_common=finding.is_common,
    )


def _told(item: RectificationItem) -> dict[str, list[str | None]]:
    return {"deadline": [None, item.original_deadline.isoformat()]}


def _tell(feedback: Feedback, items: list[RectificationItem]) -> None:
    """A notice carries number and dates only: what was found is read in the system."""
    inbox.post(
        recipients=receivers(feedback),
        kind=Message.Kind.NOTICE,
        key=f"hand_over:{feedback.pk}",
        title=_("收到巡察反馈，请签收反馈和 %s 件整改事项") % len(items),
        body=_("%(plan)s 前报整改方案，%(deadline)s 前完成整改。文号 %(number)s。")
        % {
            "number": feedback.document_number or "—",
            "plan": f"{feedback.plan_due_on:%Y-%m-%d}",
            "deadline": f"{feedback.deadline:%Y-%m-%d}",
        },
        path=reverse("rectification:handover", args=[feedback.pk]),
    )


def receivers(feedback: Feedback) -> list[User]:
    """Who gets it: the people of the township committee and of the village Party organisation."""
    return list(
        User.objects.filter(
            is_active=True, organ__kind=OrganKind.PARTY_COMMITTEE, organ__division_id=feedback.township_id
        )
        | User.objects.filter(
            is_active=True, organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id=feedback.village_id
        )
    )
