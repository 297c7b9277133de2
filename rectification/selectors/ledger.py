"""整改台账: what is on it for a person, filtered, counted by tab and paged by keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier
from accounts.models import Division, User
from common import policy
from common.calendar import today
from common.counting import capped_counts
from inspections.models import ChecklistItem
from rectification.enums import ItemStatus
from rectification.models import LedgerExport, RectificationItem

from .lights import IS_OPEN, amber_days, due_soon, light_is, overdue
from .satisfaction import was_polled
from .spans import kept, reached, took, within

PAGE = 50
OWN = (
    "number status version attempt deadline review_on assigned_on is_long_term is_immediate is_common updated_at "
    "accepted_by submitted_by inspection"
)
AROUND = "finding__title village__division__name village__secretary township__name county__name"
SHOWN = (*OWN.split(), *AROUND.split())
TABS = {
    "open": _("未销号"),
    "overdue": _("超期"),
    "soon": _("临期"),
    "assigned": _("待签收"),
    "progress": _("整改中"),
    "supervision": _("待监督"),
    "verification": _("待验收"),
    "closed": _("已销号"),
    "long": _("长期坚持"),
    "all": _("全部"),
}
STATUS_OF_TAB = {
    "assigned": ItemStatus.ASSIGNED,
    "progress": ItemStatus.IN_PROGRESS,
    "supervision": ItemStatus.UNDER_SUPERVISION,
    "verification": ItemStatus.UNDER_VERIFICATION,
    "closed": ItemStatus.CLOSED,
}
BY_DEADLINE = frozenset({"open", "overdue", "soon", "assigned", "progress", "supervision", "verification"})


@dataclass(frozen=True)
class Filters:
    """What the query form asked for; empty values ask for nothing."""

    county: int | None = None
    township: int | None = None
    village: int | None = None
    inspection: int | None = None
    status: str = ""
    light: str = ""
    point: str = ""
    common: str = ""
    immediate: str = ""
    due_from: date | None = None
    due_to: date | None = None
    q: str = ""
    year: int | None = None
    reached: str = ""
    assigned: str = ""
    closed: str = ""
    took: str = ""
    kept: str = ""
    polled: str = ""


@dataclass
class Ledger:
    """One person's ledger on one day: filtered rows, tabs, pages."""

    user: User
    filters: Filters = field(default_factory=Filters)
    tab: str = "all"
    sort: str = ""
    day: date = field(default_factory=today)
    amber: Mapping[int, int] = field(default_factory=amber_days)

    def __post_init__(self) -> None:
        self.tab = self.tab if self.tab in TABS else "all"
        usual = "deadline" if self.tab in BY_DEADLINE else "-id"
        self.sort = self.sort if self.sort in ("deadline", "-deadline", "-id") else usual

    def filtered(self) -> "QuerySet[RectificationItem]":
        return policy.visible(self.user, RectificationItem.objects.all()).filter(self._asked())

    def rows(self) -> "QuerySet[RectificationItem]":
        """All rows of the tab in order, with what a list shows of them."""
        return _shown(self.filtered().filter(self._tab(self.tab))).order_by(*ORDER[self.sort])

    def by_tab(self) -> "dict[str, QuerySet[RectificationItem]]":
        """What each tab counts, so that a page with more to count can ask for all at once."""
        found = self.filtered()
        return {tab: found.filter(self._tab(tab)) for tab in TABS}

    def counts(self) -> dict[str, int]:
        return capped_counts(self.by_tab())

    def page(self, after: str = "", before: str = "", size: int = PAGE) -> "Page":
        key = _key(before or after)
        if key is None:
            return Page(*_cut(list(self.rows()[: size + 1]), size), has_previous=False, sort=self.sort)
        if before:
            back = self.rows().filter(beyond(REVERSED[self.sort], key)).order_by(*ORDER[REVERSED[self.sort]])
            rows, more = _cut(list(back[: size + 1]), size)
            return Page(rows[::-1], True, has_previous=more, sort=self.sort)
        rows, more = _cut(list(self.rows().filter(beyond(self.sort, key))[: size + 1]), size)
        return Page(rows, more, has_previous=True, sort=self.sort)

    def neighbours(self, item: RectificationItem) -> tuple[int | None, int | None]:
        """The items before and after this one in the ledger as it is filtered now."""
        key, found = (item.deadline, item.pk), self.filtered().filter(self._tab(self.tab))
        back = found.filter(beyond(REVERSED[self.sort], key)).order_by(*ORDER[REVERSED[self.sort]])
        on = found.filter(beyond(self.sort, key)).order_by(*ORDER[self.sort])
        return back.values_list("pk", flat=True).first(), on.values_list("pk", flat=True).first()

    def _tab(self, tab: str) -> Q:
        if tab in STATUS_OF_TAB:
            return Q(status=STATUS_OF_TAB[tab])
        if tab == "overdue":
            return overdue(self.day)
        if tab == "soon":
            return due_soon(self.day, self.amber)
        if tab in ("open", "long"):
            return IS_OPEN & Q(is_long_term=True) if tab == "long" else IS_OPEN
        return Q()

    def _asked(self) -> Q:
        f = self.filters
        exact: dict[str, Any] = {"county_id": f.county, "township_id": f.township, "village_id": f.village}
        exact |= {"inspection_id": f.inspection, "status": f.status, "deadline__gte": f.due_from}
        exact |= {"deadline__lte": f.due_to}
        asked = Q(**{key: value for key, value in exact.items() if value not in (None, "")})
        for value, name in ((f.common, "is_common"), (f.immediate, "is_immediate")):
            if value:
                asked &= Q(**{name: value == "yes"})
        asked &= self._moved()
        if f.light:
            asked &= light_is(f.light, self.day, self.amber)
        if f.point:
            asked &= Q(finding__checklist_item__point_code=f.point) | Q(finding__checklist_item__aspect_code=f.point)
        return asked & _text(f.q.strip()) if f.q.strip() else asked

    def _moved(self) -> Q:
        """What was asked about the way of the items: plan year, step, months, days it took."""
        f, asked = self.filters, Q()
        if f.year:
            asked &= Q(inspection__round__plan__year=f.year)
        if f.reached:
            asked &= reached(f.reached)
        if f.assigned:
            asked &= Q(assigned_on__range=within(f.assigned))
        if f.closed:
            asked &= Q(closed_at__date__range=within(f.closed))
        if f.kept:
            asked &= kept(f.kept, self.day)
        if f.polled:
            asked &= was_polled() if f.polled == "yes" else ~was_polled()
        return asked & took(f.took) if f.took else asked


ORDER: dict[str, list[Any]] = {
    "deadline": [F("deadline").asc(nulls_last=True), "id"],
    "-deadline": [F("deadline").desc(nulls_first=True), "-id"],
    "id": ["id"],
    "-id": ["-id"],
}
REVERSED = {"deadline": "-deadline", "-deadline": "deadline", "-id": "id", "id": "-id"}


@dataclass(frozen=True)
class Page:
    rows: list[RectificationItem]
    has_next: bool
    has_previous: bool
    sort: str

    @property
    def after(self) -> str:
        return self._mark(self.rows[-1]) if self.rows and self.has_next else ""

    @property
    def before(self) -> str:
        return self._mark(self.rows[0]) if self.rows and self.has_previous else ""

    def _mark(self, item: RectificationItem) -> str:
        return f"{item.deadline.isoformat() if item.deadline else ''}_{item.pk}"


def _key(mark: str) -> tuple[date | None, int] | None:
    """The sort key behind a page mark; a mark that makes no sense starts from the beginning."""
    day, line, pk = mark.partition("_")
    try:
        return (date.fromisoformat(day) if day else None, int(pk)) if line and len(pk) < 19 else None
    except ValueError:
        return None


def beyond(sort: str, key: tuple[date | None, int]) -> Q:
    """Rows that come after `key` in this order; rows without a deadline come last, and first in reverse."""
    day, pk = key
    if sort in ("id", "-id"):
        return Q(id__gt=pk) if sort == "id" else Q(id__lt=pk)
    if sort == "deadline":
        if day is None:
            return Q(deadline=None, id__gt=pk)
        return Q(deadline__gte=day) & (Q(deadline__gt=day) | Q(id__gt=pk)) | Q(deadline=None)
    if day is None:
        return Q(deadline=None, id__lt=pk) | Q(deadline__isnull=False)
    return Q(deadline__lte=day) & (Q(deadline__lt=day) | Q(id__lt=pk))


def _cut(rows: list[RectificationItem], size: int) -> tuple[list[RectificationItem], bool]:
    return rows[:size], len(rows) > size


def _shown(rows: "QuerySet[RectificationItem]") -> "QuerySet[RectificationItem]":
    return rows.select_related("finding", "village__division", "township", "county").only(*SHOWN)


def _text(text: str) -> Q:
    """A village by 汉字, 全拼 or initials, or an item by its number."""
    letters = text.lower()
    named = Q(name__contains=text) | Q(pinyin__startswith=letters) | Q(initials__startswith=letters)
    return Q(village_id__in=Division.objects.filter(named, tier=Tier.VILLAGE).values("pk")) | Q(number__icontains=text)


def places(user: User, *, county: int | None = None, township: int | None = None) -> list[Division]:
    """The counties, townships and villages under the person's own division to choose between, in one query.

    The own county as well: whoever is on another county's team can ask for the own rows alone.
    """
    home = user.division
    reach = Q(parent_id=home.pk) | Q(pk=home.pk, tier=Tier.COUNTY)
    under_home = Q(parent__parent_id=home.pk) | Q(parent__parent__parent_id=home.pk)
    for one in (county, township):
        if one:
            reach |= Q(parent_id=one) & under_home
    return list(Division.objects.filter(reach).order_by("code"))


def points() -> list[tuple[str, str, str, str]]:
    """(aspect code, aspect, point code, point) of the checklists, in order."""
    rows = ChecklistItem.objects.order_by("aspect_code", "point_code")
    return list(rows.values_list("aspect_code", "aspect", "point_code", "point").distinct())


def ledger_counts(user: User, amber: Mapping[int, int] | None = None) -> dict[str, int]:
    """Capped counts by tab over all that the person sees, for the workbench and the menu."""
    return (Ledger(user) if amber is None else Ledger(user, amber=amber)).counts()


def chosen(user: User, ids: list[int], action: str = "view") -> list[RectificationItem]:
    """The items of a batch, in the order of their deadlines, as far as the person may do `action` on them.

    The caller compares the number with what was asked for: one foreign id refuses the whole batch.
    """
    rows = _shown(policy.visible(user, RectificationItem.objects.filter(pk__in=ids), action))
    return list(rows.order_by(*ORDER["deadline"]))


def select(rows: "QuerySet[RectificationItem]", limit: int) -> list[Any]:
    return list(_shown(rows).order_by(*ORDER["deadline"])[:limit])


def exports_of(user: User) -> "QuerySet[LedgerExport]":
    """The large exports that this person has asked for in the present seat."""
    return LedgerExport.objects.filter(organ_id=user.organ_id)
