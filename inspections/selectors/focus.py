"""The part of the checklist that an inspection is about: all of it, or the points of a special one (C1, C3, D2)."""

from django.db.models import QuerySet

from inspections.enums import Theme
from inspections.models import Checklist, ChecklistItem, Inspection


def points_of(checklist: Checklist) -> list[tuple[str, str]]:
    """(code, name) of every point, in the list's order."""
    rows = checklist.items.order_by("point_code").values_list("point_code", "point").distinct()
    return [(code, name) for code, name in rows]


def theme_points(checklist: Checklist, theme: str) -> list[str]:
    """The points under one of the five key themes, whose items bear it; none for a theme that a person made up."""
    known = {str(one.label): one.value for one in Theme} | {one.value: one.value for one in Theme}
    if theme not in known:
        return []
    rows = checklist.items.filter(theme=known[theme]).order_by("point_code")
    return list(rows.values_list("point_code", flat=True).distinct())


def focused(inspection: Inspection, rows: QuerySet[ChecklistItem]) -> QuerySet[ChecklistItem]:
    """Those of the items that the inspection is about."""
    return rows.filter(point_code__in=inspection.focus) if inspection.focus else rows
