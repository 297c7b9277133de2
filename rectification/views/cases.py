"""案件处理结果 of a clue or a finding, for whoever domain.md lets see clues (E10)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.gate import get_object, requires
from common.paging import page_of
from inspections.selectors.findings import for_page as findings
from rectification import services
from rectification.forms.cases import CaseForm
from rectification.selectors import cases as read
from rectification.selectors import clues as clue_reads

from .base import attempt, show

CASE = "rectification.CaseResult"
GET_POST = ["GET", "HEAD", "POST"]


@requires("view", CASE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    services.look_at(CASE, actor=request.user)
    return _private(request, "cases", {"page": page_of(read.cases_of(request.user), request.GET)})


@requires("answer", "rectification.Clue")
@require_http_methods(GET_POST)
def of_clue(request: HttpRequest, pk: int) -> HttpResponse:
    clue = get_object(request.user, clue_reads.for_page(), "answer", pk=pk)
    return _record(request, {"clue": clue}, clue.get_absolute_url())


@requires("add", CASE)
@require_http_methods(GET_POST)
def of_finding(request: HttpRequest, pk: int) -> HttpResponse:
    finding = get_object(request.user, findings(), pk=pk)
    return _record(request, {"finding": finding}, "/rectification/cases/")


def _record(request: HttpRequest, about: dict[str, Any], back: str) -> HttpResponse:
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.record_case(actor=request.user, **about, **data)):
            messages.success(request, _("案件处理结果已登记。"))
            return redirect(back)
    return _private(request, "case_new", about | {"form": form, "back": back})


def _private(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = show(request, template, context)
    response["Cache-Control"] = "no-store, private"
    return response
