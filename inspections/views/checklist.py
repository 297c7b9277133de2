"""The checklist of issues by version, two versions compared, and how often what was found (C1–C3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.gate import requires
from inspections.forms.checklists import CompareQuery
from inspections.forms.findings import ChecklistQuery
from inspections.models import Checklist
from inspections.selectors import checklist as read
from inspections.selectors import hits as counted

CHECKLIST = "inspections.Checklist"


def county_of(user: Any) -> Division | None:
    """The county in which the person sits; nothing for the city's."""
    place = user.division
    while place is not None and place.tier not in (Tier.COUNTY, Tier.CITY):
        place = place.parent
    return place if place is not None and place.tier == Tier.COUNTY else None


@requires("view", CHECKLIST)
@require_GET
def checklist(request: HttpRequest) -> HttpResponse:
    county = county_of(request.user)
    versions = read.versions(request.user, county)
    query = ChecklistQuery(request.GET, versions=versions)
    wanted = query.cleaned_data if query.is_valid() else {}
    in_force = read.checklist_in_force(county=county)
    shown = next((one for one in versions if one.pk == wanted.get("version")), in_force)
    if shown is None:
        return render(request, "inspections/checklist.html", {"query": query, "checklist": None})
    found = read.search_items(shown.items.all(), wanted.get("q", ""), wanted.get("theme", ""), wanted.get("aspect", ""))
    items = list(found)
    context = {
        "query": query,
        "checklist": shown,
        "in_force": in_force,
        "tree": read.as_tree(items),
        "count": len(items),
        "versions": versions,
        "filtered": any(wanted.get(name) for name in ("q", "theme", "aspect")),
        "waits": _outrun(in_force, versions),
    } | _acts(request.user, county, versions)
    return render(request, "inspections/checklist.html", context)


def _acts(user: Any, county: Division | None, versions: list[Checklist]) -> dict[str, Any]:
    """The own draft to go on with, or that one may be begun."""
    draft = next((one for one in versions if one.is_draft and policy.allows(user, "edit", one)), None)
    may = policy.may(user, "edit", Checklist) and policy.allows(user, "edit", Checklist(county=county))
    return {
        "draft": draft,
        "may_begin": bool(may) and draft is None,
        "sees_findings": policy.may(user, "view", "inspections.Finding"),
    }


def _outrun(in_force: Checklist | None, versions: list[Checklist]) -> Checklist | None:
    """A version of the city's on which the county's own newest one does not stand yet: it must be brought up to it."""
    city = next((one for one in versions if one.county_id is None and not one.is_draft), None)
    own = next((one for one in versions if one.county_id is not None), None)
    return city if own is not None and city is not None and own.base_id != city.pk else None


@requires("view", CHECKLIST)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """What was added, retired and reworded from one version to another."""
    versions = read.versions(request.user, county_of(request.user))
    query = CompareQuery(request.GET, versions=versions)
    wanted = query.cleaned_data if query.is_valid() else {}
    new = next((one for one in versions if one.pk == wanted.get("new")), versions[0] if versions else None)
    before = new.base_id if new is not None else None
    old = next((one for one in versions if one.pk == (wanted.get("old") or before)), None)
    query = CompareQuery({"old": old and old.pk, "new": new and new.pk}, versions=versions)
    context = {"query": query, "old": old, "new": new, "found": read.compared(old, new) if old and new else None}
    return render(request, "inspections/checklist_compare.html", context)


@requires("view", "inspections.Finding")
@require_GET
def hits(request: HttpRequest) -> HttpResponse:
    """Confirmed findings by item, point, theme or post, year by year."""
    way = request.GET.get("by", "item")
    way = way if way in counted.WAYS else "item"
    columns = counted.years(request.user)
    context = {
        "way": way,
        "label": counted.WAYS[way][0],
        "ways": [{"key": key, "label": label, "current": key == way} for key, (label, _f, _a) in counted.WAYS.items()],
        "years": columns,
        "rows": counted.hits(request.user, way, columns),
    }
    return render(request, "inspections/checklist_hits.html", context)
