"""The checklist of issues: 3 aspects, 16 points, 72 items, in versions (C1–C3)."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from common.calendar import today
from inspections.models import Checklist, ChecklistItem


@dataclass
class Point:
    code: str
    name: str
    items: list[ChecklistItem] = field(default_factory=list)


@dataclass
class Aspect:
    code: str
    name: str
    points: list[Point] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(one.items) for one in self.points)


def checklist_in_force(day: date | None = None) -> Checklist | None:
    """The newest version in force on `day`; before the first one's date, the first one."""
    rows = Checklist.objects.order_by("-in_force_from", "-number")
    return rows.filter(in_force_from__lte=day or today()).first() or rows.last()


def checklists() -> QuerySet[Checklist]:
    return Checklist.objects.order_by("-number")


def search_items(checklist: Checklist, text: str = "", theme: str = "", aspect: str = "") -> QuerySet[ChecklistItem]:
    """Items whose words, code, point or pinyin (whole or initials, "cbf") hold every word of `text`."""
    rows = checklist.items.order_by("code")
    for word in text.lower().split():
        rows = rows.filter(
            Q(text__icontains=word)
            | Q(code__istartswith=word)
            | Q(point__icontains=word)
            | Q(group__icontains=word)
            | Q(basis__icontains=word)
            | Q(pinyin__icontains=word)
        )
    if theme:
        rows = rows.filter(theme=theme)
    return rows.filter(aspect_code=aspect) if aspect else rows


def as_tree(items: "QuerySet[ChecklistItem] | list[ChecklistItem]") -> list[Aspect]:
    """Aspects with their points with their items, in the order given."""
    tree: list[Aspect] = []
    for item in items:
        if not tree or tree[-1].code != item.aspect_code:
            tree.append(Aspect(item.aspect_code, item.aspect))
        points = tree[-1].points
        if not points or points[-1].code != item.point_code:
            points.append(Point(item.point_code, item.point))
        points[-1].items.append(item)
    return tree
