"""The workbench: what each person has to do today, and the figures behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.gate import signed_in
from mianyang_xuncha.workbench import desk_for


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    desk = desk_for(request.user, request.GET.get("all", ""))
    return render(request, "home/home.html", {"desk": desk})
