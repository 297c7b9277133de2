"""Inspections that a person may see, by stage (A5, D1, H1)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common import audit, policy
from inspections.enums import NUMBERED, UNDECIDED, Stage
from inspections.models import Feedback, Finding, Inspection, Round, Team
from villages.selectors.lineage import forebears

from .work import ENTERED, while_on

TABS: dict[str, tuple[Any, Stage | None]] = {
    "all": (_("全部"), None),
    "before": (_("巡前"), Stage.BEFORE),
    "during": (_("巡中"), Stage.DURING),
    "after": (_("巡后"), Stage.AFTER),
    "done": (_("已完成"), Stage.CLOSED),
    "cancelled": (_("已取消"), Stage.CANCELLED),
}


@dataclass(frozen=True)
class Filters:
    """What the query form asked for; empty values ask for nothing."""

    q: str = ""
    township: int | None = None
    round: int | None = None
    klass: str = ""
    mode: str = ""
    county: int | None = None
    year: int | None = None
    team: int | None = None
    member: int | None = None
    entered: str = ""


def inspections(user: Any, filters: Filters | None = None) -> QuerySet[Inspection]:
    """What the person may see of inspections, filtered."""
    f = filters or Filters()
    rows = policy.visible(user, Inspection.objects.all()).filter(_words(f.q))
    exact = {
        "township_id": f.township,
        "round_id": f.round,
        "klass": f.klass,
        "mode": f.mode,
        "county_id": f.county,
        "round__plan__year": f.year,
        "team_id": f.team,
    }
    rows = rows.filter(**{column: value for column, value in exact.items() if value})
    if f.member:
        rows = rows.filter(while_on("team__members__", ""), team__members__user=f.member)
    return rows.filter(status__in=ENTERED) if f.entered else rows


def round_has_begun(round: Round) -> str | None:
    """Why the round can no longer be corrected, or nothing while no team has entered a village."""
    begun = round.inspections.exclude(status__in=[Stage.BEFORE, Stage.CANCELLED]).exists()
    return _("“%s”已有巡察组进驻，名称和日期不能再改。") % round if begun else None


def out_of_round(round: Round) -> QuerySet[Inspection]:
    """Villages not begun whose days do not lie within the round."""
    outside = Q(planned_from__lt=round.starts_on) | Q(planned_to__gt=round.ends_on)
    return round.inspections.filter(outside, status=Stage.BEFORE).select_related("village__division").order_by("number")


def with_counts(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """What a list shows of each inspection; counted for the rows of the page only."""
    return rows.select_related("village__division", "township", "round", "team").annotate(
        draft_count=_count(*UNDECIDED),
        finding_count=_count(*NUMBERED),
    )


def stage_counts(rows: QuerySet[Inspection]) -> dict[str, int]:
    """How many stand under each tab."""
    by_stage = dict(rows.order_by().values_list("status").annotate(n=Count("id")))
    found = {tab: by_stage.get(str(stage), 0) for tab, (_label, stage) in TABS.items() if stage}
    return {"all": sum(by_stage.values())} | found


def for_page() -> QuerySet[Inspection]:
    """The queryset of the one-inspection page, to be passed through the gate."""
    return Inspection.objects.select_related(
        "village__division",
        "village__township",
        "origin__division",
        "township",
        "county",
        "round__plan__term",
        "team__organ__division",
        "checklist",
    )


def rounds_to_choose(user: Any) -> QuerySet[Round]:
    return policy.visible(user, Round.objects.all()).order_by("-starts_on", "-id")[:40]


def townships_to_choose(user: Any) -> QuerySet[Division]:
    """Townships in which the person sees inspections."""
    seen = policy.visible(user, Inspection.objects.all()).values("township_id")
    return Division.objects.filter(pk__in=seen).order_by("code")


def findings_of(user: Any, inspection: Inspection) -> QuerySet[Finding]:
    rows = policy.visible(user, Finding.objects.filter(inspection=inspection))
    return rows.select_related("checklist_item", "inspector", "second_inspector", "inspection__team").order_by("id")


def feedback_of(user: Any, inspection: Inspection) -> Feedback | None:
    rows = policy.visible(user, Feedback.objects.filter(inspection=inspection))
    return rows.select_related("drafted_by", "issued_by").first()


def team_of(inspection: Inspection) -> Team | None:
    """The inspection's team with its members, as the page shows it."""
    if inspection.team_id is None:
        return None
    rows = Team.objects.select_related("organ").prefetch_related("members__user__organ")
    return rows.get(pk=inspection.team_id)


def timeline(inspection: Inspection, feedback: Feedback | None) -> list[Any]:
    """Events of the inspection and its feedback, newest first."""
    events = list(audit.history(inspection)[:40])
    if feedback:
        events += list(audit.history(feedback)[:20])
    return sorted(events, key=lambda one: one.pk, reverse=True)


def of_village(user: Any, village: Any) -> QuerySet[Inspection]:
    """Inspections of a village, of all that became it, and those that left it for its successor; newest first.

    As far as the person may see them.
    """
    here = Q(village__in=[village.pk, *forebears(village.pk)]) | Q(origin=village.pk)
    rows = policy.visible(user, Inspection.objects.filter(here))
    return with_counts(rows).select_related("village__township", "origin__division", "origin__township").order_by("-id")


def _count(*statuses: str) -> Subquery:
    rows = Finding.objects.filter(inspection=OuterRef("pk"), status__in=statuses).order_by()
    return Subquery(rows.values("inspection").annotate(n=Count("id")).values("n"))


def _words(text: str) -> Q:
    """Every word occurs in the village's name, pinyin or initials, the township's name or the number."""
    found = Q()
    for word in text.split():
        low = word.lower()
        found &= (
            Q(village__division__name__contains=word)
            | Q(village__division__pinyin__contains=low)
            | Q(village__division__initials__contains=low)
            | Q(township__name__contains=word)
            | Q(number__icontains=word)
        )
    return found


def team_load(round: Round) -> dict[int | None, int]:
    """Open inspections of each team of a round; None counts those without team."""
    rows = round.inspections.exclude(status=Stage.CANCELLED).order_by()
    return dict(rows.values_list("team_id").annotate(n=Count("id")))


def of_round(user: Any, round: Round, without_team: bool = False) -> QuerySet[Inspection]:
    """A round's inspections as the person may see them, grouped by township."""
    rows = with_counts(policy.visible(user, round.inspections.select_related("team__organ__division")))
    rows = rows.filter(team=None).exclude(status=Stage.CANCELLED) if without_team else rows
    return rows.order_by(F("number"))
