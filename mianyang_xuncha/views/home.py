"""The workbench: what each person has to do today, and the figures behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.gate import signed_in


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/home.html")
