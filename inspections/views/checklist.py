"""The checklist of issues: 3 aspects, 16 points, 72 items, by version, with search (C1–C3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.gate import requires
from inspections.forms.findings import ChecklistQuery
from inspections.models import Checklist
from inspections.selectors import checklist as read


@requires("view", "inspections.Checklist")
@require_GET
def checklist(request: HttpRequest) -> HttpResponse:
    versions = list(read.checklists())
    query = ChecklistQuery(request.GET, versions=versions)
    wanted = query.cleaned_data if query.is_valid() else {}
    shown = _version(versions, wanted.get("version")) or read.checklist_in_force()
    if shown is None:
        return render(request, "inspections/checklist.html", {"query": query, "checklist": None})
    items = list(read.search_items(shown, wanted.get("q", ""), wanted.get("theme", ""), wanted.get("aspect", "")))
    context = {
        "query": query,
        "checklist": shown,
        "tree": read.as_tree(items),
        "count": len(items),
        "versions": versions,
        "filtered": any(wanted.get(name) for name in ("q", "theme", "aspect")),
    }
    return render(request, "inspections/checklist.html", context)


def _version(versions: list[Checklist], number: int | None) -> Checklist | None:
    return next((one for one in versions if one.number == number), None)
