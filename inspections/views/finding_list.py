"""发现问题 as a list, as far as the person may see them, and the same list as a workbook (E1)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common import policy
from common.calendar import today
from common.downloads import as_file
from common.files import XLSX
from common.gate import requires
from common.paging import page_of
from inspections import services
from inspections.forms.findings import FindingQuery
from inspections.models import Inspection
from inspections.selectors import findings as read
from inspections.selectors.inspections import rounds_to_choose

FINDING = "inspections.Finding"


@requires("view", FINDING)
@require_GET
def finding_list(request: HttpRequest) -> HttpResponse:
    query, filters, tab = _asked(request)
    rows = read.findings(request.user, filters)
    counts = read.status_counts(rows)
    before_feedback = policy.may(request.user, "view", Inspection)
    context = {
        "query": query,
        "page": page_of(read.shown(read.under(rows, tab)), request.GET),
        "tab": tab,
        "tabs": [
            {"key": key, "label": label, "count": counts[key], "current": key == tab}
            for key, (label, _statuses) in read.TABS.items()
            if before_feedback or key == "all"
        ],
        "filtered": any(filters.__dict__.values()),
        "inside": before_feedback,
        "may_export": policy.may(request.user, "export", FINDING),
    }
    return render(request, "inspections/finding_list.html", context)


def _asked(request: HttpRequest) -> tuple[FindingQuery, read.Filters, str]:
    """The query form, what it asks for, and the tab."""
    query = FindingQuery(
        request.GET,
        counties=read.counties_to_choose(request.user),
        townships=read.townships_to_choose(request.user),
        rounds=rounds_to_choose(request.user),
    )
    filters = read.Filters(**query.cleaned_data) if query.is_valid() else read.Filters()
    tab = request.GET.get("t", "all")
    return query, filters, tab if tab in read.TABS else "all"


@requires("export", FINDING)
@require_GET
def finding_export(request: HttpRequest) -> HttpResponse:
    """问题底稿台账 of exactly the rows that the list shows for the same query."""
    _query, filters, tab = _asked(request)
    try:
        content = services.export_findings(filters=filters, tab=tab, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(f"{reverse('inspections:findings')}?{request.GET.urlencode()}")
    return as_file(_("问题底稿台账%s.xlsx") % f"{today():%Y%m%d}", content, XLSX)
