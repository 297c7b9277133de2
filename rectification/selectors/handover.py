"""What the check page before 签发 shows: issues with their deadlines, receivers, the next document number."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.enums import OrganKind
from accounts.models import Organ
from inspections.enums import NUMBERED
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
    """Confirmed ones and those handed over from the field already, or all once it has been issued."""
    rows = feedback.inspection.findings.filter(status__in=NUMBERED).select_related("checklist_item", "item")
    return list(rows.order_by("number"))


def receivers(feedback: Feedback) -> list[Receiver]:
    """The township committee and the village Party organisation, with the people who will be told."""
    reach = Q(kind=OrganKind.PARTY_COMMITTEE, division=feedback.township_id) | Q(
        kind=OrganKind.VILLAGE_PARTY, division=feedback.village_id
    )
    organs = Organ.objects.filter(reach).prefetch_related("users").order_by("kind")
    return [Receiver(one, [user.full_name for user in one.users.all() if user.is_active]) for one in organs]


NUMBER = re.compile(r"(?P<head>.+[〔［\[（(])(?P<year>\d{4})(?P<close>[〕］\]）)])(?P<serial>\d+)(?P<tail>\D*)")


def next_document_number(feedback: Feedback, on: date) -> str:
    """The next one of the series that the county used last, or 涪巡办反馈〔2026〕1号; the office may write another."""
    issued = Feedback.objects.filter(county=feedback.county_id).exclude(document_number="")
    numbers = issued.order_by("-issued_on", "-pk").values_list("document_number", flat=True)
    series = [found for one in numbers if (found := NUMBER.fullmatch(one))]
    if not series:
        return f"{feedback.county.name[:1]}巡办反馈〔{on.year}〕1号"
    head, close, tail = series[0].group("head", "close", "tail")
    same = [one for one in series if one["head"] == head and int(one["year"]) == on.year]
    serial = max((int(one["serial"]) for one in same), default=0) + 1
    return f"{head}{on.year}{close}{serial}{tail}"
