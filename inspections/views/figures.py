"""发动与谈访概况: counts for the city, the leading group and the county's office."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.enums import Tier
from common import policy
from common.gate import requires
from inspections.models import Conversation
from inspections.selectors.fieldwork_figures import figures as read


@requires("count", "inspections.Inspection")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    context = {
        "lines": read(request.user),
        "by_county": request.user.division.tier == Tier.CITY,
        "exact": policy.may(request.user, "view", Conversation),
        "least": settings.SMALL_COUNT,
    }
    return render(request, "inspections/figures.html", context)
