"""销号对账: closed, to close, and where township and county differ (E6)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import policy
from common.gate import requires
from rectification import services
from rectification.forms.lookback import CountForm
from rectification.selectors import closing as read

from .base import attempt, show

COUNT = "rectification.CountTold"


@requires("view", COUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    may_tell = policy.may(request.user, "add", COUNT)
    if request.method == "POST" and not may_tell:
        raise PermissionDenied(may_tell.reason)
    rows = read.closing_table(request.user)
    sums: dict[str, Any] = {key: sum(row[key] for row in rows) for key in read.SUMS}
    form = CountForm(request.POST or None, initial={"told_total": sums["total"], "told_closed": sums["closed"]})
    posted = request.method == "POST" and form.is_valid()
    if posted and attempt(form, lambda: services.tell_count(actor=request.user, **form.cleaned_data)):
        messages.success(request, _("对账结果已报县委巡察办。"))
        return redirect("rectification:closing")
    told = read.counts_told(request.user)
    context = {"rows": rows, "sums": sums, "told": told, "may_tell": may_tell, "form": form if may_tell else None}
    return show(request, "closing", context)
