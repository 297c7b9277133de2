"""What recurs (F1): checklist items by villages, townships and share, against the county's thresholds; the spread."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from accounts.models import Division
from common import policy
from inspections.enums import FindingStatus
from inspections.models import Finding
from oversight.enums import IssueStatus
from oversight.models import CommonIssue, CommonSetting

CODE = "checklist_item__code"


@dataclass(frozen=True)
class Recurring:
    """One checklist item over the county's villages that have been given feedback."""

    code: str
    text: str
    point: str
    villages: int
    townships: int
    findings: int
    inspected: int
    is_common: bool
    issue: CommonIssue | None = None

    @property
    def share(self) -> float:
        return self.villages / self.inspected * 100 if self.inspected else 0.0


@dataclass(frozen=True)
class Spread:
    """One township: its villages with the item, of those given feedback."""

    township: Division
    villages: int
    inspected: int
    findings: int

    @property
    def share(self) -> float:
        return self.villages / self.inspected * 100


def setting_of(county: Division) -> CommonSetting:
    """The county's thresholds, or the shipped ones (not saved)."""
    return CommonSetting.objects.filter(county=county).first() or CommonSetting(county=county)


def findings_of(user: Any, county: Division) -> "QuerySet[Finding]":
    rows = Finding.objects.filter(county=county, status=FindingStatus.FED_BACK)
    return policy.visible(user, rows).order_by()


def detect(user: Any, county: Division) -> list[Recurring]:
    """Every item that was found, what is common first; those opened already carry their issue. Four queries."""
    rows, limits = findings_of(user, county), setting_of(county)
    inspected = rows.aggregate(n=Count("village_id", distinct=True))["n"]
    issues = policy.visible(user, CommonIssue.objects.filter(county=county))
    open_ones = {one.code: one for one in issues.select_related("campaign", "county").order_by("id")}
    counted = rows.values(CODE).annotate(
        text=Max("checklist_item__text"),
        point=Max("checklist_item__point"),
        villages=Count("village_id", distinct=True),
        townships=Count("township_id", distinct=True),
        findings=Count("pk"),
    )
    found = []
    for row in counted:
        code = row.pop(CODE)
        is_common = (
            row["villages"] >= limits.villages
            and row["townships"] >= limits.townships
            and row["villages"] * 100 >= limits.share * inspected
        )
        found.append(Recurring(code, inspected=inspected, is_common=is_common, issue=open_ones.get(code), **row))
    return sorted(found, key=lambda one: (not one.is_common, -one.villages, -one.findings, one.code))


def recurring(user: Any, county: Division, code: str) -> Recurring | None:
    return next((one for one in detect(user, county) if one.code == code), None)


def spread(user: Any, county: Division, code: str) -> list[Spread]:
    """By township, those with most of their villages first. Three queries."""
    rows = findings_of(user, county)
    inspected = dict(rows.values_list("township_id").annotate(n=Count("village_id", distinct=True)))
    counted = rows.filter(**{CODE: code}).values("township_id")
    counted = counted.annotate(villages=Count("village_id", distinct=True), n=Count("pk"))
    here = {row["township_id"]: (row["villages"], row["n"]) for row in counted}
    places = Division.objects.in_bulk(list(inspected))
    found = [Spread(places[pk], here.get(pk, (0, 0))[0], n, here.get(pk, (0, 0))[1]) for pk, n in inspected.items()]
    return sorted(found, key=lambda one: (-one.share, -one.findings, one.township.code))


def issues(user: Any, county: Division | None = None) -> "QuerySet[CommonIssue]":
    rows = policy.visible(user, CommonIssue.objects.all())
    rows = rows.filter(county=county) if county else rows
    return rows.select_related("county", "department", "campaign").order_by("-id")


def to_decide(user: Any) -> "QuerySet[CommonIssue]":
    """What waits for this person's approval."""
    rows = policy.visible(user, CommonIssue.objects.filter(status=IssueStatus.PROPOSED), "approve")
    return rows.exclude(opened_by=user).select_related("county", "opened_by__organ").order_by("id")


def for_page() -> "QuerySet[CommonIssue]":
    return CommonIssue.objects.select_related(
        "county", "department", "opened_by__organ", "decided_by__organ", "campaign"
    )
