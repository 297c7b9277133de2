"""The boards of county and city, the large screen, and the villages behind the coverage (H2)."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import Tier
from accounts.models import Division
from common.asked import number
from common.calendar import today
from common.gate import requires
from common.paging import Page
from oversight.forms.boards import VillageQuery
from oversight.selectors import board as read
from oversight.selectors import villages as behind
from rectification.selectors import places

from .present import Board
from .wall import Wall

ITEM = "rectification.RectificationItem"
REFRESH_SECONDS = 300


@requires("oversee", ITEM)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/board.html", {"board": Board(_figures(request))})


@requires("oversee", ITEM)
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The same figures in large type for a wall, drawn anew every five minutes."""
    context = {"board": Wall(_figures(request)), "refresh": REFRESH_SECONDS, "today": today(), "now": timezone.now()}
    return render(request, "oversight/screen.html", context)


def _figures(request: HttpRequest) -> read.Figures:
    county = county_of_query(request.user, request.GET.get("county", ""))
    return read.figures(read.Asked(request.user, county, year_of_query(request.GET.get("year", ""))))


FIRST_YEAR = 2000  # before it nothing was inspected


def year_of_query(text: str) -> int | None:
    if not text:
        return None
    year = number(text, digits=4) or 0
    if year < FIRST_YEAR:
        raise Http404
    return year


def county_of_query(user: Any, text: str) -> Division | None:
    """The county that the city looks into; a county's own board needs no naming and takes no other's name."""
    if not text:
        return None
    home: Division = user.division
    inside = Division.objects.filter(tier=Tier.COUNTY)
    inside = inside.filter(parent=home) if home.tier == Tier.CITY else inside.filter(pk=home.pk)
    found = inside.filter(pk=number(text) or 0).first()
    if found is None:
        raise Http404
    return found


@requires("oversee", ITEM)
@require_safe
def villages(request: HttpRequest) -> HttpResponse:
    """覆盖明细: which villages have been covered in the term, and when; which have not."""
    user: Any = request.user
    county = county_of_query(user, request.GET.get("county", ""))
    around = places(user, county=county.pk if county else None)
    query = VillageQuery(
        request.GET,
        counties=[one for one in around if one.tier == Tier.COUNTY],
        townships=[one for one in around if one.tier == Tier.TOWNSHIP],
    )
    asked = query.asked() if query.is_valid() else behind.Asked()
    found = behind.villages(user, asked, number(request.GET.get("page"), digits=5) or 1)
    context = {"query": query, "found": found, "filtered": bool(request.GET), "page": _page(request, found)}
    return render(request, "oversight/villages.html", context)


def _page(request: HttpRequest, found: behind.Found) -> Page:
    def url(number: int) -> str:
        query = urlencode(request.GET.dict() | {"page": number})
        return f"?{query}" if 1 <= number <= found.pages else ""

    return Page(found.lines, found.count, url(found.number - 1), url(found.number + 1))
