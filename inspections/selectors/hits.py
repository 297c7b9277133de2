"""How often what was found, over the years: by item, point, theme and post, of what the person may see (C1–C3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from common import policy
from inspections.enums import NUMBERED, PostConcerned, Theme
from inspections.models import ChecklistItem, Finding

# How rows are told apart → (label, the columns, the filter of the list of findings)
WAYS: dict[str, tuple[Any, str, str]] = {
    "item": (_("条目"), "checklist_item__code", "item"),
    "point": (_("点位"), "checklist_item__point_code", "point"),
    "theme": (_("重点问题"), "checklist_item__theme", "theme"),
    "post": (_("涉及岗位"), "post_concerned", "post"),
}
YEAR = "inspection__round__plan__year"
MOST_YEARS = 5


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    cells: list[tuple[int, str]]  # how many in each year, and the query string of the findings behind it
    total: int
    query: str


def years(user: Any) -> list[int]:
    rows = _decided(user).order_by(f"-{YEAR}").values_list(YEAR, flat=True).distinct()
    return sorted(rows[:MOST_YEARS])


def hits(user: Any, way: str, columns: list[int]) -> list[Row]:
    """Rows with at least one finding, the most frequent first; findings that were confirmed or fed back count."""
    _label, field, asked = WAYS[way]
    counted: dict[str, dict[int, int]] = {}
    for key, year, n in _decided(user).order_by().values_list(field, YEAR).annotate(n=Count("id")):
        counted.setdefault(key, {})[year] = n
    names = _names(way)
    rows = [
        Row(
            key=key if way in ("item", "point") else "",
            name=names.get(key, key),
            cells=[(by_year.get(year, 0), urlencode({asked: key, "year": year})) for year in columns],
            total=sum(by_year.values()),
            query=urlencode({asked: key}),
        )
        for key, by_year in counted.items()
        if key
    ]
    return sorted(rows, key=lambda one: (-one.total, one.key, one.name))


def _decided(user: Any) -> Any:
    return policy.visible(user, Finding.objects.filter(status__in=NUMBERED))


def _names(way: str) -> Mapping[str, str]:
    if way == "theme":
        return {str(value): str(label) for value, label in Theme.choices}
    if way == "post":
        return {str(value): str(label) for value, label in PostConcerned.choices}
    column = ("code", "text") if way == "item" else ("point_code", "point")
    return dict(ChecklistItem.objects.order_by("checklist_id").values_list(*column))
