"""县级责任清单: the six duties of a county in a year, each with its evidence (A4)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import today
from common.enums import Light
from common.wording import tenth
from inspections.enums import FilingStatus, PlanStatus, Stage
from inspections.models import AnnualPlan, Filing, Inspection, Round
from inspections.selectors.coverage import city_of, coverage, current_term
from inspections.selectors.filings import missing
from oversight.enums import OccasionKind, OccasionStatus
from oversight.models import Occasion


@dataclass(frozen=True)
class Duty:
    """One of the six: its light, what it rests on, and where to read it, if this person may."""

    name: str
    light: Light
    evidence: str
    url: str


@dataclass
class County:
    place: Division
    duties: list[Duty] = field(default_factory=list)


def duty_board(user: Any) -> list[County]:
    """The six duties of this year, of each county the person answers for; as many statements for nine as for one."""
    counties = Division.objects.filter(tier=Tier.COUNTY, parent_id=city_of(user)).order_by("code")
    if user.division.tier == Tier.COUNTY:
        counties = counties.filter(pk=user.division.pk)
    facts = _Facts(user, list(counties), today().year)
    return [County(one, list(_duties(facts, one.pk))) for one in counties]


class _Facts:
    """What the board reads, each once for all counties. Rounds and inspections are counted for whoever oversees the
    county, though the city opens none of them."""

    def __init__(self, user: Any, counties: list[Division], year: int):
        self.year = year
        self.unplanned = _("还没有拟定") if user.division.tier == Tier.COUNTY else _("还没有报备")
        self.opens = policy.may(user, "view", Inspection)
        self.plans = dict(policy.visible(user, AnnualPlan.objects.filter(year=year)).values_list("county_id", "status"))
        filings = policy.visible(user, Filing.objects.filter(filed_on__year=year)).order_by("county_id")
        self.filings = {
            county: (count, accepted)
            for county, count, accepted in filings.values_list("county_id").annotate(
                n=Count("pk"), accepted=Count("pk", filter=Q(status=FilingStatus.ACCEPTED))
            )
        }
        self.missing: dict[int, int] = {}
        for one in missing(user):
            self.missing[one.county.pk] = self.missing.get(one.county.pk, 0) + 1
        term = current_term(city_of(user))
        found = coverage(term, user, level="county") if term else None
        self.goal = found.whole.goal if found else None
        self.coverage = {line.key: line for line in found.by_division} if found else {}
        rounds = Round.objects.filter(plan__year=year, county__in=counties).order_by("county_id")
        self.rounds = dict(rounds.values_list("county_id").annotate(n=Count("pk")))
        inspections = Inspection.objects.filter(round__plan__year=year, county__in=counties).order_by("county_id")
        self.inspections = {
            county: (entered, closed)
            for county, entered, closed in inspections.values_list("county_id").annotate(
                entered=Count("pk", filter=Q(status__in=(Stage.DURING, Stage.AFTER, Stage.CLOSED))),
                closed=Count("pk", filter=Q(status=Stage.CLOSED)),
            )
        }
        held = policy.visible(user, Occasion.objects.filter(status=OccasionStatus.HELD, day__year=year))
        rows = held.order_by("county_id").values_list("county_id", "kind").annotate(n=Count("pk"), last=Max("day"))
        self.held = {(county, kind): (count, last) for county, kind, count, last in rows}


def _duties(facts: _Facts, county: int) -> Iterator[Duty]:
    plan = facts.plans.get(county)
    ready = plan in (PlanStatus.APPROVED, PlanStatus.FILED)
    told = _("%(year)s 年度计划：%(status)s") % {
        "year": facts.year,
        "status": PlanStatus(plan).label if plan else facts.unplanned,
    }
    yield Duty(_("统筹规划"), _light(ready, bool(plan)), told, reverse("inspections:plans"))

    line = facts.coverage.get(county)
    pct = line.pct if line and line.pct is not None else 0
    goal = facts.goal
    told = _("覆盖率 %s%%") % tenth(pct) + (_("，今年目标 %s%%") % goal if goal is not None else "")
    yield Duty(_("年度推进"), _light(goal is None or pct >= goal, pct > 0), told, reverse("inspections:coverage"))

    entered, closed = facts.inspections.get(county, (0, 0))
    told = _("%(rounds)s 轮，已进驻 %(entered)s 个村，办结 %(closed)s 个") % {
        "rounds": facts.rounds.get(county, 0),
        "entered": entered,
        "closed": closed,
    }
    url = reverse("inspections:list") if facts.opens else ""
    yield Duty(_("组织实施"), _light(entered > 0, facts.rounds.get(county, 0) > 0), told, url)

    yield _held(facts, county, OccasionKind.HEARING, _("听取汇报、研究 %s 次"))

    count, accepted = facts.filings.get(county, (0, 0))
    late = facts.missing.get(county, 0)
    told = _("报备 %(count)s 件，同意 %(accepted)s 件") % {"count": count, "accepted": accepted}
    told += _("，逾期未报 %s 件") % late if late else ""
    yield Duty(_("工作报备"), _light(count > 0 and not late, not late), told, reverse("inspections:filings"))

    yield _held(facts, county, OccasionKind.APPRAISAL, _("激励考核 %s 次"))


def _held(facts: _Facts, county: int, kind: OccasionKind, words: str) -> Duty:
    count, last = facts.held.get((county, kind), (0, None))
    told = words % count + (_("，最近 %s") % f"{last:%Y-%m-%d}" if last else "")
    url = f"{reverse('oversight:occasions')}?t={kind.value}&county={county}"
    return Duty(str(kind.label), _light(count > 0, False), told, url)


def _light(done: bool, begun: bool) -> Light:
    return Light.GREEN if done else Light.AMBER if begun else Light.RED
