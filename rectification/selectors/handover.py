"""What the check page before 签发 shows: issues with their deadlines, receivers, the next document number."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.enums import OrganKind
from accounts.models import Organ
from inspections.enums import FeedbackStatus, FindingStatus
from inspections.models import Feedback, Finding


@dataclass(frozen=True)
class Receiver:
    organ: Organ
    people: list[str]


def feedbacks() -> "QuerySet[Feedback]":
    return Feedback.objects.select_related(
        "inspection__round", "county", "township", "village__division", "drafted_by__organ", "issued_by"
    )


def findings_to_issue(feedback: Feedback) -> list[Finding]:
    """Confirmed ones, or those fed back when it has been issued."""
    issued = feedback.status == FeedbackStatus.ISSUED
    status = FindingStatus.FED_BACK if issued else FindingStatus.CONFIRMED
    rows = feedback.inspection.findings.filter(status=status).select_related("checklist_item")
    return list(rows.order_by("number"))


def receivers(feedback: Feedback) -> list[Receiver]:
    """The township committee and the village Party organisation, with the people who will be told."""
    reach = Q(kind=OrganKind.PARTY_COMMITTEE, division=feedback.township_id) | Q(
        kind=OrganKind.VILLAGE_PARTY, division=feedback.village_id
    )
    organs = Organ.objects.filter(reach).prefetch_related("users").order_by("kind")
    return [Receiver(one, [user.full_name for user in one.users.all() if user.is_active]) for one in organs]


def next_document_number(feedback: Feedback, on: date) -> str:
    """涪巡办反馈〔2026〕3号: counted by county and year; the office may write another."""
    issued = Feedback.objects.filter(county=feedback.county_id, issued_on__year=on.year).count()
    return f"{feedback.county.name[:1]}巡办反馈〔{on.year}〕{issued + 1}号"
