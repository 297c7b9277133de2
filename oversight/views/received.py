"""What was sent to one's unit: circulars and special reports to be read and signed for (F3, G4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.downloads import as_file
from common.files import DOCX
from common.gate import get_object, requires
from common.paging import page_of
from oversight import services
from oversight.selectors import circulars as read
from rectification.services import sign_read

RECEIPT = "oversight.CircularReceipt"


@requires("view", RECEIPT)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/received.html", {"page": page_of(read.received(request.user), request.GET)})


@requires("view", RECEIPT)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The text with its tables; POST signs for the unit that it was read."""
    row = get_object(request.user, read.receipts(), "read" if request.method == "POST" else "view", pk=pk)
    if request.method == "POST":
        sign_read(receipt=row, actor=request.user)
        messages.success(request, _("已签阅。"))
        return redirect("oversight:received")
    one = row.circular
    context = {"receipt": row, "circular": one, "tables": read.tables(one)}
    context["campaigns"] = read.campaigns_from(request.user, one) if one.is_report else []
    return render(request, "oversight/receipt.html", context)


@requires("view", RECEIPT)
@require_safe
def receipt_file(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object(request.user, read.receipts(), pk=pk)
    return as_file(*services.circular_file(circular=row.circular, actor=request.user), DOCX)
