"""What a person can report on by workbook, and the workbooks that a person has sent (E6, H5)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from common import policy
from rectification.enums import ItemStatus
from rectification.models import ProgressReport, ProgressRow, ProgressSheet, RectificationItem

from .ledger import ORDER


def reportable(user: User) -> "QuerySet[RectificationItem]":
    """Items that this person may report on and that are being put right, the most urgent first."""
    return _around(_mine(user).filter(status=ItemStatus.IN_PROGRESS)).order_by(*ORDER["deadline"])


def of_numbers(user: User, numbers: Iterable[str]) -> "QuerySet[RectificationItem]":
    """The items of these numbers that are this person's to report on, in whatever state."""
    return _around(_mine(user).filter(number__in=[one for one in numbers if one]))


def _mine(user: User) -> "QuerySet[RectificationItem]":
    return policy.visible(user, RectificationItem.objects.all(), "report")


def _around(rows: "QuerySet[RectificationItem]") -> "QuerySet[RectificationItem]":
    return rows.select_related("finding", "township", "village__division").prefetch_related("measures")


def last_texts(items: Sequence[RectificationItem]) -> dict[int, str]:
    """Item → what was last reported on it in its present attempt."""
    rows = ProgressReport.objects.filter(item__in=[one.pk for one in items], attempt=F("item__attempt"))
    return dict(rows.order_by("item_id", "-id").distinct("item_id").values_list("item_id", "text"))


def sheets_of(user: User) -> "QuerySet[ProgressSheet]":
    counted = ProgressSheet.objects.annotate(
        right=Count("rows", filter=Q(rows__reason="")), refused=Count("rows", filter=~Q(rows__reason=""))
    )
    return policy.visible(user, counted)


def rows_of(sheet: ProgressSheet, *, refused: bool | None = None) -> list[Any]:
    """The filled rows with their items, in the order of the file."""
    rows = ProgressRow.objects.filter(sheet=sheet).select_related("item__finding", "item__village__division")
    if refused is not None:
        rows = rows.exclude(reason="") if refused else rows.filter(reason="")
    return list(rows.order_by("row"))
