"""回避申报: what the office keeps of who stays away from where (D1)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.gate import requires
from common.paging import page_of
from inspections import services
from inspections.forms.recusals import RecusalForm
from inspections.models import Recusal
from inspections.selectors import recusals as read

from .moves import move_view

RECUSAL = "inspections.Recusal"


@requires("view", RECUSAL)
@require_GET
def recusal_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:40]
    page = page_of(read.recusals(request.user, text), request.GET)
    return render(request, "inspections/recusals.html", {"page": page, "q": text})


@requires("add", RECUSAL)
@require_http_methods(["GET", "POST"])
def recusal_new(request: HttpRequest) -> HttpResponse:
    form = RecusalForm(request.POST or None, place=request.user.organ.division)  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        try:
            made = services.declare_recusal(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            _say(request, made)
            return redirect("inspections:recusals")
    return render(request, "inspections/recusal_new.html", {"form": form}, status=422 if form.errors else 200)


def _say(request: HttpRequest, made: Recusal) -> None:
    told = {"user": made.user, "township": made.township}
    messages.success(request, _("已登记：%(user)s须回避%(township)s，立即生效。") % told)
    for one in read.conflicts(made.user).filter(township=made.township):
        given: dict[str, Any] = {"user": made.user, "team": one.team, "place": one.place}
        messages.warning(request, _("%(user)s在%(team)s，该组正承担%(place)s的巡察，请换人或换组。") % given)


recusal_lift = move_view(
    load=read.for_page,
    name="lift",
    argument="recusal",
    service=services.lift_recusal,
    effect=gettext_lazy("将解除回避：%s。解除后可以参与对该处的巡察。"),
)
