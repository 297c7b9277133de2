"""Findings across inspections, each as far as the person may see it (C1–C3, E1)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from inspections.enums import LIVING, NUMBERED, FindingStatus
from inspections.models import Finding, Inspection

from .work import of_member, sent_back

F = FindingStatus
TABS: dict[str, tuple[Any, tuple[FindingStatus, ...]]] = {
    "all": (_("全部"), tuple(F)),
    "draft": (_("底稿"), (F.DRAFT,)),
    "waiting": (_("待审"), (F.SIGNED, F.REVIEWED)),
    "confirmed": (_("已确认"), (F.CONFIRMED,)),
    "fed_back": (_("已反馈"), (F.FED_BACK,)),
    "rejected": (_("不予认定、已合并"), (F.REJECTED, F.MERGED)),
}


@dataclass(frozen=True)
class Filters:
    """What the query form asked for; empty values ask for nothing."""

    q: str = ""
    county: int | None = None
    township: int | None = None
    aspect: str = ""
    theme: str = ""
    severity: str = ""
    kind: str = ""
    round: int | None = None
    post: str = ""
    inspection: int | None = None
    item: str = ""
    point: str = ""
    year: int | None = None
    team: int | None = None
    member: int | None = None
    confirmed: str = ""
    returned: str = ""

    @property
    def is_about_work(self) -> bool:
        """Does it ask who found it, or what became of it at the reviews?"""
        return bool(self.team or self.member or self.confirmed or self.returned)


KINDS = {
    "common": (_("共性问题"), Q(is_common=True)),
    "own": (_("个性问题"), Q(is_common=False)),
    "immediate": (_("立巡立改"), Q(is_immediate=True)),
    "party": (_("党建问题"), Q(checklist_item__party_building=True)),
}


def findings(user: Any, filters: Filters | None = None) -> QuerySet[Finding]:
    f = filters or Filters()
    rows = policy.visible(user, Finding.objects.all()).filter(_words(f.q))
    exact = {
        "county_id": f.county,
        "township_id": f.township,
        "inspection_id": f.inspection,
        "checklist_item__aspect_code": f.aspect,
        "checklist_item__theme": f.theme,
        "severity": f.severity,
        "inspection__round_id": f.round,
        "post_concerned": f.post,
        "checklist_item__code": f.item,
        "checklist_item__point_code": f.point,
        "inspection__round__plan__year": f.year,
        "inspection__team_id": f.team,
    }
    rows = rows.filter(**{column: value for column, value in exact.items() if value})
    if f.is_about_work:
        rows = _of_work(user, rows, f)
    return rows.filter(KINDS[f.kind][1]) if f.kind in KINDS else rows


def _of_work(user: Any, rows: QuerySet[Finding], f: Filters) -> QuerySet[Finding]:
    """Only of inspections that the person may open: whoever reads what was fed back learns nothing of who found it."""
    rows = rows.filter(inspection__in=policy.visible(user, Inspection.objects.order_by()))
    if f.member:
        rows = rows.filter(of_member(f.member))
    if f.confirmed:
        rows = rows.filter(status__in=NUMBERED)
    return rows.filter(sent_back()) if f.returned else rows


def shown(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    return rows.select_related("village__division", "township", "checklist_item", "inspection", "inspector")


def under(rows: QuerySet[Finding], tab: str) -> QuerySet[Finding]:
    return rows if tab == "all" else rows.filter(status__in=TABS[tab][1])


def status_counts(rows: QuerySet[Finding]) -> dict[str, int]:
    by_status = dict(rows.order_by().values_list("status").annotate(n=Count("id")))
    return {tab: sum(by_status.get(str(one), 0) for one in statuses) for tab, (_label, statuses) in TABS.items()}


def for_page() -> QuerySet[Finding]:
    return Finding.objects.select_related(
        "village__division",
        "township",
        "county",
        "checklist_item__checklist",
        "inspection__team",
        "inspection__round",
        "inspection__village__division",
        "inspector",
        "second_inspector",
        "reviewed_by",
        "approved_by",
        "merged_into",
    )


def counties_to_choose(user: Any) -> QuerySet[Division]:
    """The city's counties; a county's own, because whoever is on another county's team sees rows of that as well."""
    own = user.division
    rows = own.children.order_by("code") if own.tier == Tier.CITY else Division.objects.filter(pk=own.pk)
    return rows.filter(tier=Tier.COUNTY)


def townships_to_choose(user: Any) -> QuerySet[Division]:
    seen = policy.visible(user, Finding.objects.all()).values("township_id")
    return Division.objects.filter(pk__in=seen).order_by("code")


def similar(inspection: Inspection, checklist_item_id: int, but: int | None = None) -> QuerySet[Finding]:
    """Other findings of the same inspection under the same item: perhaps the same fact."""
    rows = inspection.findings.filter(checklist_item_id=checklist_item_id)
    rows = rows.exclude(pk=but) if but else rows
    return rows.filter(status__in=[*LIVING, F.FED_BACK]).select_related("inspector").order_by("id")


def targets(finding: Finding) -> QuerySet[Finding]:
    """What the finding may be merged into, those under the same item first."""
    rows = finding.inspection.findings.filter(status__in=LIVING).exclude(pk=finding.pk)
    same = Case(When(checklist_item=finding.checklist_item_id, then=0), default=1)
    return rows.select_related("checklist_item", "inspector").order_by(same, "id")


def sources(finding: Finding) -> QuerySet[Finding]:
    """What was merged into the finding."""
    return finding.sources.select_related("inspector", "second_inspector").order_by("id")


def _words(text: str) -> Q:
    found = Q()
    for word in text.split():
        low = word.lower()
        found &= (
            Q(title__contains=word)
            | Q(facts__contains=word)
            | Q(number__icontains=word)
            | Q(village__division__name__contains=word)
            | Q(village__division__initials__contains=low)
            | Q(checklist_item__code__istartswith=word)
        )
    return found
