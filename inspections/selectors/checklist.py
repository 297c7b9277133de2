"""The checklist of issues: 3 aspects, 16 points, 72 items, in versions (C1–C3)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import Division
from common import policy
from common.calendar import today
from inspections.models import Checklist, ChecklistItem, Inspection

ORDER = (F("in_force_from").desc(nulls_first=True), "-number")


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


def checklist_in_force(day: date | None = None, county: Division | None = None) -> Checklist | None:
    """The county's own newest version in force on `day` if it stands on the city's that is, else the city's.

    Before the first one's date it is the city's first.
    """
    rows = Checklist.objects.filter(in_force_from__isnull=False).order_by("-in_force_from", "-number")
    by_then, citys = rows.filter(in_force_from__lte=day or today()), Q(county=None)
    city = by_then.filter(citys).first() or rows.filter(citys).last()
    own = by_then.filter(county=county, base=city).first() if county is not None and city is not None else None
    return own or city


def latest(county: Division | None) -> Checklist | None:
    """The newest version that was enabled, be it for a later day."""
    rows = Checklist.objects.filter(county=county, in_force_from__isnull=False).select_related("base")
    return rows.order_by("-number").first()


def versions(user: Any, county: Division | None) -> list[Checklist]:
    """The city's and the county's versions as far as the person may see them; drafts first, then the newest."""
    rows = policy.visible(user, Checklist.objects.filter(Q(county=None) | Q(county=county)))
    return list(rows.select_related("county", "base", "drafted_by", "enabled_by").order_by(*ORDER))


def for_page() -> QuerySet[Checklist]:
    """The queryset of one version, to be passed through the gate."""
    return Checklist.objects.select_related("county", "base", "drafted_by", "enabled_by")


def items_for(inspection: Inspection) -> QuerySet[ChecklistItem]:
    """What may be found in this inspection, in order: the one place where that is narrowed."""
    return inspection.checklist.items.order_by("code")


def retired(checklist: Checklist) -> list[ChecklistItem]:
    """Items of the base that the version has not."""
    if checklist.base is None:
        return []
    return list(checklist.base.items.exclude(code__in=checklist.items.values("code")).order_by("code"))


@dataclass(frozen=True)
class Difference:
    """From one version to another, by the items' codes."""

    added: list[ChecklistItem]
    retired: list[ChecklistItem]
    reworded: list[tuple[ChecklistItem, ChecklistItem, list[str]]]
    same: int


COMPARED = ("text", "basis", "lead_department", "evidence", "theme", "party_building")


def compared(old: Checklist, new: Checklist) -> Difference:
    before, after = ({one.code: one for one in version.items.order_by("code")} for version in (old, new))
    both = [(before[code], one) for code, one in after.items() if code in before]
    changed = [(was, now, _changed(was, now)) for was, now in both if _changed(was, now)]
    return Difference(
        added=[one for code, one in after.items() if code not in before],
        retired=[one for code, one in before.items() if code not in after],
        reworded=changed,
        same=len(both) - len(changed),
    )


def _changed(was: ChecklistItem, now: ChecklistItem) -> list[str]:
    """The fields that differ, by their labels."""
    names = [name for name in COMPARED if getattr(was, name) != getattr(now, name)]
    labels = {one.name: str(one.verbose_name) for one in ChecklistItem._meta.fields}
    return [labels[name] for name in names]


def search_items(
    items: QuerySet[ChecklistItem], text: str = "", theme: str = "", aspect: str = ""
) -> QuerySet[ChecklistItem]:
    """Those of `items` whose words, code, point or pinyin (whole or initials, "cbf") hold every word of `text`."""
    rows = items.order_by("code")
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
