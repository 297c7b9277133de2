"""Circulars and special reports: lists, receipts, what may be an example, what came of a report (F3, G4)."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.enums import OrganKind, Tier
from accounts.models import Division, User
from common import policy
from common.wording import quoted
from inspections.enums import FindingStatus
from inspections.models import Finding
from inspections.selectors.opinion import yuan
from inspections.selectors.papers.base import Draft
from oversight.enums import CircularStatus, TaskStatus
from oversight.models import Campaign, Circular, CircularReceipt
from oversight.selectors.common import Recurring, detect
from rectification.models import CaseResult, Clue

from .clearance import of_example, personal
from .figures import circular, office_of
from .report import about, report, subjects
from .tables import Table, tables

__all__ = [
    "Table",
    "campaigns_from",
    "candidates",
    "circulars",
    "draft",
    "example_text",
    "followed",
    "for_page",
    "kinds_of",
    "of_example",
    "office_of",
    "people_of",
    "personal",
    "places_below",
    "places_out_of_reach",
    "proposal",
    "receipts",
    "receipts_of",
    "received",
    "subjects",
    "tables",
    "to_issue",
    "to_read",
]


def draft(user: Any, one: Circular) -> tuple[Draft, dict[str, Any]]:
    """(first text, figures) of what `one` says it is about."""
    if one.department is None:
        return circular(user, one.place, one.first_day, one.last_day)
    return report(user, one.place, one.department, one.subject, one.first_day, one.last_day)


def circulars(user: Any, kind: str) -> "QuerySet[Circular]":
    """Drafts of the own place and what was issued there, and for the city in its counties; with `sent` and `read`."""
    rows = policy.visible(user, Circular.objects.filter(kind=kind)).exclude(status=CircularStatus.DROPPED)
    read = Count("receipts", filter=~Q(receipts__read_at=None))
    return rows.select_related("place", "department", "drafted_by__organ").annotate(sent=Count("receipts"), read=read)


def for_page() -> "QuerySet[Circular]":
    return Circular.objects.select_related("place__parent", "department", "drafted_by__organ", "issued_by__organ")


def receipts() -> "QuerySet[CircularReceipt]":
    near = ("circular__place", "circular__department", "circular__issued_by__organ", "organ", "read_by")
    return CircularReceipt.objects.select_related(*near)


def received(user: Any) -> "QuerySet[CircularReceipt]":
    return policy.visible(user, receipts())


def receipts_of(one: Circular) -> list[CircularReceipt]:
    """Unread ones first."""
    rows = CircularReceipt.objects.filter(circular=one).select_related("organ__division", "read_by")
    return list(rows.order_by(F("read_at").desc(nulls_first=True), "organ__division__code", "organ_id"))


def to_read(user: Any) -> "QuerySet[CircularReceipt]":
    """What the person's unit has not signed for."""
    return policy.visible(user, CircularReceipt.objects.filter(read_at=None), "read")


def to_issue(user: Any) -> "QuerySet[Circular]":
    """Drafts of others that wait for this person."""
    rows = policy.visible(user, Circular.objects.filter(status=CircularStatus.DRAFT), "issue")
    return rows.exclude(drafted_by=user)


def candidates(user: Any, one: Circular) -> "QuerySet[Finding]":
    """Findings that may become an example: handed over in the period, no clue and no case hanging on them."""
    where = {"county__parent": one.place} if one.place.tier == Tier.CITY else {"county": one.place}
    rows = Finding.objects.filter(
        ~Exists(Clue.objects.filter(finding=OuterRef("pk"))),
        ~Exists(CaseResult.objects.filter(finding=OuterRef("pk"))),
        status=FindingStatus.FED_BACK,
        item__assigned_on__range=(one.first_day, one.last_day),
        **where,
    )
    rows = rows.filter(about(one.subject)) if one.is_report else rows
    return policy.visible(user, rows).select_related("checklist_item", "township", "county", "village__division")


def example_text(one: Circular, finding: Finding) -> str:
    """A first wording that names neither village nor facts: place above it, the checklist's own words, the amount."""
    place = finding.county.name if one.place.tier == Tier.CITY else finding.township.name
    money = f"，涉及资金{yuan(finding.amount)}元" if finding.amount else ""
    return f"{place}某村存在{quoted(finding.checklist_item.text)}问题{money}。"


def followed(user: Any, one: Circular) -> "list[tuple[dict[str, Any], Recurring | None, Campaign | None]]":
    """Each checklist item of a report, how it stands in the county now, its campaign with `total` and `done`."""
    found = {row.code: row for row in detect(user, one.place)}
    own = policy.visible(user, Campaign.objects.filter(county=one.place, organ=one.department_id))
    counted = own.select_related("issue", "organ").annotate(
        total=Count("tasks"), done=Count("tasks", filter=Q(tasks__status=TaskStatus.DONE))
    )
    campaigns = {row.issue.code: row for row in counted.order_by("pk")}
    return [(item, found.get(item["code"]), campaigns.get(item["code"])) for item in one.figures["items"]]


def proposal(one: Circular) -> dict[str, Any]:
    """What a common issue opened from a report takes over from it: the department, causes and measures."""
    wanted = [text for heading, text in one.headed_sections if heading.endswith(("主要原因", "整治建议"))]
    return {"department": one.department, "analysis": "\n".join(wanted)[:2000]}


def campaigns_from(user: Any, one: Circular) -> "QuerySet[Campaign]":
    """For the department: what was opened from the report."""
    return policy.visible(user, Campaign.objects.filter(issue__report=one)).select_related("issue").order_by("pk")


AUDIENCES: dict[str, tuple[str, ...]] = {
    Tier.CITY: (OrganKind.INSPECTION_OFFICE, OrganKind.LEADING_GROUP, OrganKind.PARTY_COMMITTEE),
    Tier.COUNTY: (
        OrganKind.PARTY_COMMITTEE,
        OrganKind.TOWNSHIP_DISCIPLINE,
        OrganKind.VILLAGE_PARTY,
        OrganKind.FUNCTIONAL_DEPARTMENT,
    ),
}


def places_below(place: Division) -> "QuerySet[Division]":
    """To whom a circular can go: the counties, or the townships that have a Party committee."""
    return place.children.filter(organs__kind=_addressee(place)).order_by("code")


def places_out_of_reach(place: Division) -> "QuerySet[Division]":
    """Those below that have no such unit yet, so that nobody there would receive it."""
    return place.children.exclude(organs__kind=_addressee(place)).order_by("code")


def _addressee(place: Division) -> OrganKind:
    return OrganKind.INSPECTION_OFFICE if place.tier == Tier.CITY else OrganKind.PARTY_COMMITTEE


def kinds_of(place: Division) -> tuple[str, ...]:
    return AUDIENCES[place.tier]


def people_of(rows: "QuerySet[CircularReceipt]") -> "QuerySet[User]":
    return User.objects.filter(organ__in=rows.values("organ"))
