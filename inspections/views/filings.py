"""任务报备: what counties filed, what is late, and the city's answer (G1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from common import audit, workflow
from common.gate import get_object, requires
from common.paging import page_of
from inspections import services
from inspections.enums import FilingStatus
from inspections.selectors import filings as read
from villages.enums import VillageClass

from .moves import move_view
from .timeline import events

FILING = "inspections.Filing"


@requires("view", FILING)
@require_GET
def filing_list(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("t", "")
    status = status if status in FilingStatus.values else ""
    page = page_of(read.filings(request.user, status), request.GET)
    context = {"page": page, "status": status, "tabs": FilingStatus.choices, "missing": read.missing(request.user)}
    return render(request, "inspections/filings.html", context)


@requires("view", FILING)
@require_GET
def filing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    filing = get_object(request.user, read.for_page(), pk=pk)
    figures = [(label, filing.figures.get(klass, 0)) for klass, label in VillageClass.choices]
    context = {
        "filing": filing,
        "figures": figures,
        "buttons": workflow.buttons(filing, request.user),
        "events": events(audit.history(filing)[:20]),
    }
    return render(request, "inspections/filing.html", context)


filing_accept = move_view(
    load=read.for_page,
    name="accept",
    argument="filing",
    service=services.accept_filing,
    effect=gettext_lazy("将同意备案：%s。"),
    ask=True,
)
filing_return = move_view(
    load=read.for_page,
    name="return",
    argument="filing",
    service=services.return_filing,
    effect=gettext_lazy("将退回：%s。县里按意见修改后重新报备。"),
)
