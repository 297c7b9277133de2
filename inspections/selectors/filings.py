"""What counties have filed with the city, and what they should have by now (G1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.calendar import months_after, today
from inspections.enums import FilingStatus, PlanStatus
from inspections.models import AnnualPlan, Filing, Round, Term

from .coverage import city_of, current_term

F = FilingStatus
NOTICE_DAYS = 30  # from so many days before it begins a round is on the desk until it is filed


@dataclass(frozen=True)
class Missing:
    """A plan or a round that is not filed, and until when it should be."""

    county: Division
    due: date
    year: int
    round: Round | None = None
    returned: bool = False

    @property
    def days(self) -> int:
        return (today() - self.due).days


def filings(user: Any, status: str = "") -> QuerySet[Filing]:
    rows = policy.visible(user, Filing.objects.all())
    rows = rows.filter(status=status) if status else rows
    return rows.select_related("county", "plan__county", "round", "filed_by").order_by("-id")


def for_page() -> QuerySet[Filing]:
    return Filing.objects.select_related("county", "plan__county", "round__plan__county", "filed_by__organ")


def waiting(user: Any) -> QuerySet[Filing]:
    """What the city still has to answer."""
    rows = policy.visible(user, Filing.objects.filter(status=F.SUBMITTED), "answer")
    return rows.select_related("county", "plan__county", "round").order_by("filed_on", "id")


def last_filing(**of: Any) -> Filing | None:
    """The newest filing of a plan or of a round."""
    return Filing.objects.filter(**of).select_related("filed_by").order_by("-id").first()


def returned(of: str) -> Any:
    """Annotation: the last filing of this plan or round came back, and nothing was filed since."""
    filed = Filing.objects.filter(**{of: OuterRef("pk")})
    return Exists(filed.filter(status=F.RETURNED)) & ~Exists(filed.exclude(status=F.RETURNED))


def to_file(user: Any) -> QuerySet[Any]:
    """(pk, name, first day, days ahead, whether it was returned) of rounds that are to be filed by now or soon (G1)."""
    soon = today() + timedelta(days=NOTICE_DAYS)
    rows = Round.objects.filter(plan__status=PlanStatus.FILED, ends_on__gte=today(), starts_on__lte=soon)
    rows = policy.visible(user, rows, "file").exclude(_stands("filings")).annotate(again=returned("round"))
    return rows.order_by("starts_on").values_list("pk", "name", "starts_on", "plan__term__round_due_days", "again")


def missing(user: Any) -> list[Missing]:
    """Plans of this year and rounds that should have been filed by today, the longest overdue first; three queries.

    Rounds are those of filed plans: of a plan that is not filed the city sees nothing, so the plan is what is missing.
    """
    term = current_term(city_of(user))
    if term is None:
        return []
    counties = Division.objects.filter(tier=Tier.COUNTY, parent_id=term.city_id)
    if user.division.tier == Tier.COUNTY:
        counties = counties.filter(pk=user.division.pk)
    found = [*_plans(term, counties), *_rounds(term, counties)]
    return sorted(found, key=lambda one: (one.due, one.county.code))


def plan_due(term: Term, year: int) -> date:
    """The last day of the month that the term names."""
    return months_after(date(year, term.plan_due_month, 1), 1) - timedelta(days=1)


def round_due(term: Term, round: Round) -> date:
    return round.starts_on - timedelta(days=term.round_due_days)


def _plans(term: Term, counties: QuerySet[Division]) -> Iterator[Missing]:
    year = today().year
    due = plan_due(term, year)
    if due >= today() or not term.starts_on.year <= year <= term.ends_on.year:
        return
    standing = AnnualPlan.objects.filter(county=OuterRef("pk"), year=year).filter(_stands("filings"))
    returned = Filing.objects.filter(plan__county=OuterRef("pk"), plan__year=year, status=F.RETURNED)
    rows = counties.filter(~Exists(standing)).annotate(returned=Exists(returned))
    for county in rows.order_by("code"):
        yield Missing(county, due, year, returned=county.returned)


def _rounds(term: Term, counties: QuerySet[Division]) -> Iterator[Missing]:
    last = today() + timedelta(days=term.round_due_days)
    rows = Round.objects.filter(
        plan__term=term, plan__status=PlanStatus.FILED, county__in=counties, starts_on__lt=last, ends_on__gte=today()
    )
    returned = Filing.objects.filter(round=OuterRef("pk"), status=F.RETURNED)
    rows = rows.exclude(_stands("filings")).annotate(returned=Exists(returned))
    for one in rows.select_related("county", "plan"):
        yield Missing(one.county, round_due(term, one), one.plan.year, one, returned=one.returned)


def _stands(path: str) -> Q:
    """There is a filing that was not returned."""
    return Q(**{f"{path}__status__in": (F.SUBMITTED, F.ACCEPTED)})
