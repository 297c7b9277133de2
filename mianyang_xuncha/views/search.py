"""The search box of every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.gate import signed_in
from mianyang_xuncha import search as read

LONGEST = 60


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    return render(request, "search/search.html", {"q": text, "groups": read.search(request.user, text)})
