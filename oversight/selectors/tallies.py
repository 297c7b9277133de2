"""What the boards' counters must say, counted from the rows themselves: for a recount and for check_integrity."""

from collections.abc import Callable
from typing import Any

from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value, When
from django.db.models.fields import DurationField, IntegerField
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


def counted(tally: type[Tally]) -> "QuerySet[Any]":
    """Rows (KEYS and SUMS of the tally, in that order) as they are counted from what there is now."""
    return COUNTS[tally]()


def items() -> "QuerySet[Any]":
    spent = ExpressionWrapper(TruncDate("closed_at") - F("assigned_on"), output_field=DurationField())
    days = Cast(Coalesce(Sum(Extract(spent, "epoch")), 0, output_field=IntegerField()) / DAY_SECONDS, BigIntegerField())
    open_until = Case(When(~Q(status=ItemStatus.CLOSED), then=F("deadline")))
    span = Case(*(When(took(key), then=Value(number)) for key, number in SPANS.items()), output_field=IntegerField())
    rows: Any = RectificationItem.objects.order_by().annotate(
        year=F(YEAR),
        until=open_until,
        assigned=TruncMonth("assigned_on"),
        closed=TruncMonth(TruncDate("closed_at")),
        span=span,
    )
    keys = tuple("until" if key == "deadline" else key for key in ItemTally.KEYS)
    found: QuerySet[Any] = rows.values(*keys).annotate(n=Count("pk"), days=days).values_list(*keys, *ItemTally.SUMS)
    return found


def findings() -> "QuerySet[Any]":
    rows: Any = Finding.objects.filter(status=FindingStatus.FED_BACK).order_by().annotate(year=F(YEAR))
    found: QuerySet[Any] = rows.values(*FindingTally.KEYS).annotate(n=Count("pk")).values_list(*FindingTally.KEYS, "n")
    return found


def content() -> "QuerySet[Any]":
    rows: Any = SatisfactionCount.objects.filter(attempt=F("item__attempt")).order_by()
    keys = tuple(f"item__{key}" for key in ("county_id", "township_id", YEAR))
    told = {"n": Count("item_id", distinct=True), "all": Sum("asked"), "good": Sum(F("satisfied") + F("fair"))}
    found: QuerySet[Any] = rows.values(*keys).annotate(**told).values_list(*keys, *told)
    return found


COUNTS: dict[Any, "Callable[[], QuerySet[Any]]"] = {ItemTally: items, FindingTally: findings, ContentTally: content}


def kept(tally: type[Any]) -> "QuerySet[Any]":
    """The same rows as the counters have them."""
    sums = {f"sum_{name}": Sum(name) for name in tally.SUMS}
    found: QuerySet[Any] = tally.objects.order_by().values(*tally.KEYS).annotate(**sums).exclude(sum_n=0)
    return found.values_list(*tally.KEYS, *sums)
