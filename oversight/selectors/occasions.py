"""What is read about occasions, what follows from them, and where a talk is proposed (G2, G5, G6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.enums import OrganKind, Tier
from accounts.models import Division, Organ
from common import policy
from common.calendar import today
from common.wording import tenth
from inspections.selectors.coverage import coverage, current_term
from oversight.enums import FollowUpStatus, OccasionKind
from oversight.models import FollowUp, Occasion, TalkRule
from rectification.enums import OPEN
from rectification.models import RectificationItem

QUIET = timedelta(days=30)  # so long after a talk, or after it was decided against, none is proposed again
ANSWERING = (
    OrganKind.INSPECTION_OFFICE,
    OrganKind.DISCIPLINE_COMMISSION,
    OrganKind.ORGANISATION_DEPARTMENT,
    OrganKind.FUNCTIONAL_DEPARTMENT,
    OrganKind.PARTY_COMMITTEE,
)


def occasions(user: Any, kind: str = "", county: Division | None = None) -> "QuerySet[Occasion]":
    rows = policy.visible(user, Occasion.objects.all())
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(county=county) if county else rows
    left = Count("follow_ups", filter=~Q(follow_ups__status=FollowUpStatus.DONE))
    rows = rows.annotate(asked=Count("follow_ups"), left=left)
    return rows.select_related("county", "township", "place").order_by("-day", "-id")


def occasion_for_page() -> "QuerySet[Occasion]":
    return Occasion.objects.select_related("county", "township", "place", "arranged_by__organ")


def follow_ups(user: Any, status: str = "") -> "QuerySet[FollowUp]":
    """What the person's organ has to do, or what the person's office has asked of others; the earliest due first."""
    rows = policy.visible(user, FollowUp.objects.all())
    rows = rows.filter(status=status) if status else rows
    return rows.select_related("occasion", "organ", "county").order_by("due", "id")


def follow_up_for_page() -> "QuerySet[FollowUp]":
    return FollowUp.objects.select_related("occasion__place", "occasion__county", "organ", "county", "answered_by")


def to_answer(user: Any) -> "QuerySet[FollowUp]":
    """On the desk of whoever was asked, the earliest due first."""
    return policy.visible(user, FollowUp.objects.filter(status=FollowUpStatus.OPEN), "respond").order_by("due", "id")


def to_settle(user: Any) -> "QuerySet[FollowUp]":
    """On the desk of whoever asked, unless he answered himself."""
    rows = FollowUp.objects.filter(status=FollowUpStatus.ANSWERED).exclude(answered_by=user)
    return policy.visible(user, rows, "sign_off").order_by("due", "id")


def organs_for(occasion: Occasion) -> "QuerySet[Organ]":
    """Whom the holder may ask: the city, organs of the county; a county, those and its townships' committees too."""
    reach = Q(division_id=occasion.county_id)
    if occasion.place.tier == Tier.COUNTY:
        reach |= Q(division__parent_id=occasion.county_id, division__tier=Tier.TOWNSHIP)
    rows = Organ.objects.filter(reach, kind__in=ANSWERING)
    return rows.select_related("division").order_by("division__code", "kind", "name")


def rule_of(place: Division) -> TalkRule:
    """The place's own rule, or an unsaved one with the usual thresholds."""
    return TalkRule.objects.filter(place=place).first() or TalkRule(place=place)


@dataclass(frozen=True)
class Proposal:
    """Somebody with whom a talk is due by the rule, and the figures that say why."""

    place: Division
    reason: str
    url: str = ""  # the items overdue for so long, where the reason tells of some


def proposals(user: Any) -> list[Proposal]:
    """Counties for the city, townships for a county, in the order of their codes; a person decides (G5)."""
    place = user.division
    rule = rule_of(place)
    of_city = place.tier == Tier.CITY
    column = "county_id" if of_city else "township_id"
    reasons: dict[int, list[str]] = {}
    urls: dict[int, str] = {}
    last = today() - timedelta(days=rule.overdue_days + 1)
    late = RectificationItem.objects.filter(status__in=OPEN, deadline__lte=last)
    counts = policy.visible(user, late, "tally").values_list(column).annotate(n=Count("pk")).order_by(column)
    for pk, count in counts:
        if count >= rule.overdue_items:
            told = _("%(n)s 件整改事项超期 %(days)s 天以上") % {"n": count, "days": rule.overdue_days}
            reasons.setdefault(pk, []).append(told)
            query = {column.removesuffix("_id"): pk, "tab": "overdue", "due_to": last}
            urls[pk] = f"{reverse('rectification:list')}?{urlencode(query)}"
    for pk, told in _behind(user, rule) if of_city else ():
        reasons.setdefault(pk, []).append(told)
    quiet = Occasion.objects.filter(
        kind=OccasionKind.TALK, place=place, day__gt=today() - QUIET, **{f"{column}__in": reasons}
    ).values_list(column, flat=True)
    places = Division.objects.filter(pk__in=reasons).exclude(pk__in=list(quiet)).select_related("parent")
    return [Proposal(one, "；".join(reasons[one.pk]), urls.get(one.pk, "")) for one in places.order_by("code")]


def _behind(user: Any, rule: TalkRule) -> Iterator[tuple[int, str]]:
    """Counties whose coverage lags the year's target by more than the rule allows."""
    term = current_term(user.division.pk)
    found = coverage(term, user) if term else None
    if found is None or found.whole.goal is None or found.level != "county":
        return
    for line in found.by_division:
        gap = found.whole.goal - (line.pct or 0)
        if gap >= rule.behind:
            given = {"pct": tenth(line.pct or 0), "goal": found.whole.goal}
            yield line.key, _("覆盖率 %(pct)s%%，低于今年目标 %(goal)s%%") % given
