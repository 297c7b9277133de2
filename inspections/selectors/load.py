"""How many days of a year each person spends in villages: what is behind them and what is planned (D1)."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import Division, User
from inspections.enums import Stage
from inspections.models import Inspection, InspectionSetting, Team
from inspections.models.inspections import first_day_of, last_day_of

Grant = tuple[date, date]


def setting_of(county: Division) -> InspectionSetting:
    """The county's own, or one with the shipped values that is not stored."""
    return InspectionSetting.objects.filter(county=county).first() or InspectionSetting(county=county)


def days_in_villages(people: Collection[User], year: int) -> dict[int, int]:
    """Person → days of that year in villages; one query.

    Of each inspection the real days count, or the planned ones until there are real ones, as far as the person's
    grant reaches. A day in two villages counts once.
    """
    found: dict[int, set[date]] = {one.pk: set() for one in people}
    member = ("team__members__user_id", "team__members__starts_on", "team__members__ends_on")
    rows = _going_on().filter(team__members__user__in=people)
    for user, begins, ends, first, last in rows.values_list(*member, "first", "last"):
        found[user].update(_days((max(begins, first), min(ends, last)), year))
    return {pk: len(days) for pk, days in found.items()}


def load_with(team: Team, user: User, grant: Grant) -> int:
    """The person's days in the year of the team's round, with the team's inspections between the grant's days."""
    year = team.round.plan.year
    days: set[date] = set()
    member = ("team__members__starts_on", "team__members__ends_on")
    elsewhere = _going_on().filter(team__members__user=user).exclude(team=team)
    rows = [*elsewhere.values_list(*member, "first", "last")]
    rows += [(*grant, *one) for one in _going_on().filter(team=team).values_list("first", "last")]
    for begins, ends, first, last in rows:
        days.update(_days((max(begins, first), min(ends, last)), year))
    return len(days)


def _going_on() -> "QuerySet[Any]":
    rows: QuerySet[Any] = Inspection.objects.exclude(status=Stage.CANCELLED).order_by()
    rows = rows.annotate(first=first_day_of(), last=last_day_of())
    return rows


def _days(span: Grant, year: int) -> Iterable[date]:
    first, last = max(span[0], date(year, 1, 1)), min(span[1], date(year, 12, 31))
    return (first + timedelta(days=index) for index in range((last - first).days + 1))
