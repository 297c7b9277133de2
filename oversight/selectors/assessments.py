"""目标考核 (G3): schemes, the scores as they would be now, and the scores as they were published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import today
from inspections.models import TermTarget
from oversight.enums import AssessmentStatus, Measure
from oversight.models import Assessment, CountyScore, Indicator, PointsGiven

from .measures import Basis, bases

CENT, TENTH, WHOLE = Decimal("0.01"), Decimal("0.1"), 100
# A new scheme: measure → (weight, from which percentage on it has all points); the city changes both.
USUAL = {
    Measure.COVERAGE: (25, 100),
    Measure.ON_TIME: (25, 95),
    Measure.CLOSED: (20, 95),
    Measure.CONTENT: (10, 90),
    Measure.CLUES: (10, 100),
    Measure.TRUTHFUL: (10, 95),
}


@dataclass(frozen=True)
class Line:
    """One indicator of one county; `points` is None where there was nothing to assess."""

    indicator: Indicator
    basis: Basis
    points: Decimal | None


@dataclass
class Result:
    """What one county reaches: lines in the order of the scheme, points given by hand, total and rank."""

    county: Division
    lines: list[Line]
    gifts: Sequence[PointsGiven] = field(default_factory=list)
    computed: Decimal | None = None
    given: Decimal = Decimal(0)
    total: Decimal | None = None
    rank: int | None = None

    @property
    def points(self) -> Decimal:
        return sum((line.points for line in self.lines if line.points is not None), Decimal(0))

    @property
    def weights(self) -> int:
        """Of the indicators that had something to assess."""
        return sum(line.indicator.weight for line in self.lines if line.points is not None)


def assessments(user: Any) -> "QuerySet[Assessment]":
    return policy.visible(user, Assessment.objects.all()).select_related("place").order_by("-year", "-id")


def for_page() -> "QuerySet[Assessment]":
    return Assessment.objects.select_related("place", "made_by__organ", "published_by__organ").prefetch_related(
        "indicators"
    )


def counties_of(assessment: Assessment) -> "QuerySet[Division]":
    return Division.objects.filter(parent=assessment.place_id, tier=Tier.COUNTY).order_by("code")


def usual(place: Division, year: int) -> list[Indicator]:
    """The indicators of a new scheme; coverage has all its points at the year's target."""
    target = TermTarget.objects.filter(term__city=place, year=year).order_by("-term__starts_on").first()
    rows = []
    for measure, (weight, full_at) in USUAL.items():
        full = target.percent if target and measure == Measure.COVERAGE else full_at
        rows.append(Indicator(measure=measure, weight=weight, full_at=max(full, 1)))
    return rows


def points_of(indicator: Indicator, basis: Basis) -> Decimal | None:
    """weight × (percentage ÷ full_at), at most the weight."""
    if not basis.whole:
        return None
    share = min(Decimal(basis.part) * WHOLE / basis.whole / indicator.full_at, Decimal(1))
    return (indicator.weight * share).quantize(CENT, ROUND_HALF_UP)


def preview(user: Any, assessment: Assessment) -> list[Result]:
    """What the counties would reach today, the best first; as many statements for nine counties as for one.

    Indicators without anything to assess are left out, and the others stand for the whole: the sum of their points
    over the sum of their weights. Counties without any have no total.
    """
    indicators = list(assessment.indicators.all())
    found = bases(user, assessment, [one.measure for one in indicators])
    gifts: dict[int, list[PointsGiven]] = {}
    for gift in assessment.given.select_related("given_by").order_by("id"):
        gifts.setdefault(gift.county_id, []).append(gift)
    rows = []
    for county in counties_of(assessment):
        lines = [_line(one, found[one.measure].get(county.pk, Basis())) for one in indicators]
        rows.append(_summed(Result(county, lines, gifts.get(county.pk, []))))
    return ranked(rows)


def _line(indicator: Indicator, basis: Basis) -> Line:
    return Line(indicator, basis, points_of(indicator, basis))


def _summed(row: Result) -> Result:
    row.given = sum((gift.points for gift in row.gifts), Decimal(0))
    if row.weights:
        row.computed = (row.points * WHOLE / row.weights).quantize(CENT, ROUND_HALF_UP)
        row.total = max(row.computed + row.given, Decimal(0)).quantize(CENT)
    return row


def ranked(rows: Iterable[Result]) -> list[Result]:
    """By total, equal ones share a rank; those without a total come last and have none."""
    found = sorted(rows, key=lambda row: (row.total is None, -(row.total or 0), row.county.code))
    for place, row in enumerate(found, 1):
        same = place > 1 and found[place - 2].total == row.total
        row.rank = None if row.total is None else found[place - 2].rank if same else place
    return found


def published(user: Any, assessment: Assessment) -> list[Result]:
    """The frozen scores that the person may see, the best first."""
    rows = policy.visible(user, CountyScore.objects.filter(assessment=assessment)).select_related("county")
    gifts: dict[int, list[PointsGiven]] = {}
    for gift in policy.visible(user, PointsGiven.objects.filter(assessment=assessment)).order_by("id"):
        gifts.setdefault(gift.county_id, []).append(gift)
    return [
        Result(
            score.county,
            [Line(line.indicator, Basis(line.part, line.whole, line.rows), line.points) for line in score.lines.all()],
            gifts.get(score.county_id, []),
            *(score.computed, score.given, score.total, score.rank),
        )
        for score in rows.prefetch_related("lines__indicator").order_by("rank", "county__code")
    ]


def results(user: Any, assessment: Assessment) -> list[Result]:
    """As published; before, the preview for whoever may see it, and nothing for anybody else."""
    if assessment.status == AssessmentStatus.PUBLISHED:
        return published(user, assessment)
    return preview(user, assessment) if policy.allows(user, "preview", assessment) else []


def ranking(user: Any, assessment: Assessment) -> "QuerySet[CountyScore]":
    """Rank, county and total of all, where the city lets the counties know."""
    rows = policy.visible(user, CountyScore.objects.filter(assessment=assessment), "rank")
    return rows.select_related("county").order_by("rank", "county__code")


def to_enforce(user: Any) -> "QuerySet[Assessment]":
    """Drafts of others that wait for this head."""
    drafts = Assessment.objects.filter(status=AssessmentStatus.DRAFT).exclude(made_by=user)
    return policy.visible(user, drafts, "enforce")


def year_to_assess(user: Any) -> int:
    """The year for which a new scheme is proposed: this one, or the first to come that has no scheme yet."""
    taken = set(Assessment.objects.filter(place=user.division).values_list("year", flat=True))
    return next(year for year in count(today().year) if year not in taken)
