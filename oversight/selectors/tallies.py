"""What the boards' counters must say, counted from the rows themselves: for a recount and for check_integrity."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value, When
from django.db.models.fields import DateField, DurationField, IntegerField
from django.db.models.functions import Cast, Coalesce, Extract, TruncDate, TruncMonth

from inspections.enums import FindingStatus
from inspections.models import Finding
from oversight.models import ContentTally, FindingTally, ItemTally, Tally
from rectification.enums import ItemStatus
from rectification.models import RectificationItem, SatisfactionCount
from rectification.selectors.spans import TOOK, took

YEAR = "inspection__round__plan__year"
SPANS = {key: number for number, key in enumerate(TOOK)}
"""Keys of TOOK as the tally writes them."""
DAY_SECONDS = 86_400
Statement = tuple[str, Sequence[Any]]
"""SQL and its values."""


def items() -> "QuerySet[Any]":
    spent = ExpressionWrapper(TruncDate("closed_at") - F("assigned_on"), output_field=DurationField())
    days = Cast(Coalesce(Sum(Extract(spent, "epoch")), 0, output_field=IntegerField()) / DAY_SECONDS, BigIntegerField())
    open_until = Case(When(~Q(status=ItemStatus.CLOSED), then=F("deadline")))
    span = Case(*(When(took(key), then=Value(number)) for key, number in SPANS.items()), output_field=IntegerField())
    rows: Any = RectificationItem.objects.order_by().annotate(
        year=F(YEAR),
        until=open_until,
        assigned=Cast(TruncMonth("assigned_on"), DateField()),
        closed=Cast(TruncMonth(TruncDate("closed_at")), DateField()),
        span=span,
    )
    keys = tuple("until" if key == "deadline" else key for key in (*ItemTally.PLACE, *ItemTally.FACETS))
    found: QuerySet[Any] = rows.values(*keys).annotate(n=Count("pk"), days=days).values_list(*keys, *ItemTally.SUMS)
    return found


def findings() -> "QuerySet[Any]":
    rows: Any = Finding.objects.filter(status=FindingStatus.FED_BACK).order_by().annotate(year=F(YEAR))
    keys = (*FindingTally.PLACE, *FindingTally.FACETS)
    found: QuerySet[Any] = rows.values(*keys).annotate(n=Count("pk")).values_list(*keys, "n")
    return found


def content() -> "QuerySet[Any]":
    rows: Any = SatisfactionCount.objects.filter(attempt=F("item__attempt")).order_by()
    keys = tuple(f"item__{key}" for key in ("county_id", "township_id", YEAR))
    told = {"n": Count("item_id", distinct=True), "all": Sum("asked"), "good": Sum(F("satisfied") + F("fair"))}
    found: QuerySet[Any] = rows.values(*keys).annotate(**told).values_list(*keys, *told)
    return found


COUNTS: dict[type[Tally], "Callable[[], QuerySet[Any]]"] = {
    ItemTally: items,
    FindingTally: findings,
    ContentTally: content,
}


def counted(tally: type[Tally]) -> Statement:
    """What the counters must say: the rows as they are counted from what there is now."""
    sql, values = COUNTS[tally]().query.sql_with_params()
    columns = ", ".join((*tally.PLACE, *tally.FACETS, *tally.SUMS))
    return _summed(tally, f"({sql}) AS told({columns})"), values


def kept(tally: type[Tally]) -> Statement:
    """The same rows as the counters have them."""
    return _summed(tally, tally._meta.db_table), ()


def rows(statement: Statement) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor)


def _summed(tally: type[Tally], source: str) -> str:
    """PLACE, FACETS (one of them, the others NULL) and SUMS of `source`, where there is anything to count."""
    place, facets = ", ".join(tally.PLACE), ", ".join(tally.FACETS)
    sums = ", ".join(f"sum({name})::bigint" for name in tally.SUMS)
    if not facets:
        return f"SELECT {place}, {sums} FROM {source} GROUP BY {place} HAVING sum(n) <> 0"  # noqa: S608
    sets = ", ".join(f"({name})" for name in tally.FACETS)
    return (
        f"SELECT {place}, {facets}, {sums} FROM {source} GROUP BY {place}, GROUPING SETS ({sets})"  # noqa: S608
        f" HAVING sum(n) <> 0 AND num_nonnulls({facets}) = 1"
    )
