"""Coverage of the term, and opening a term (A1, A2)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.asked import number
from common.gate import get_object, requires
from inspections import services
from inspections.forms.plans import TermChangeForm, TermForm
from inspections.models import Term
from inspections.selectors import coverage as read

TERM = "inspections.Term"


@requires("view", TERM)
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Covered of active units for what the person may see: whole, by year, class and the tier below."""
    user = request.user
    terms = list(Term.objects.filter(city_id=read.city_of(user)).order_by("-starts_on"))
    term = _term(terms, request.GET.get("term", "")) or read.current_term(read.city_of(user))
    context: dict[str, Any] = {"term": term, "terms": terms, "may_add": policy.may(user, "add", Term)}
    context["may_edit"] = term is not None and policy.may(user, "edit", Term)
    context["may_count"] = policy.may(user, "count", "inspections.Inspection")
    if term is None:
        return render(request, "inspections/coverage.html", context)
    county, township = _place(request, "county", Tier.COUNTY), _place(request, "township", Tier.TOWNSHIP)
    found = read.coverage(
        term,
        user,
        county_id=county.pk if county else None,
        township_id=township.pk if township else None,
    )
    context |= {"coverage": found, "county": county, "township": township}
    return render(request, "inspections/coverage.html", context)


def _term(terms: list[Term], text: str) -> Term | None:
    if not text:
        return None
    found = next((one for one in terms if str(one.pk) == text), None)
    if found is None:
        raise Http404
    return found


def _place(request: HttpRequest, name: str, tier: Tier) -> Division | None:
    """The county or township that the address narrows to; villages outside the person's scope stay out anyway."""
    text = request.GET.get(name, "")
    if not text:
        return None
    place = Division.objects.filter(pk=number(text) or 0, tier=tier).first()
    if place is None:
        raise Http404
    return place


@requires("add", TERM)
@require_http_methods(["GET", "POST"])
def term_new(request: HttpRequest) -> HttpResponse:
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            term = services.create_term(
                city=request.user.organ.division,  # type: ignore[union-attr]
                name=values["name"],
                starts_on=values["starts_on"],
                ends_on=values["ends_on"],
                targets=form.targets_by_year(),
                actor=request.user,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已建立届期“%s”，各县可以拟定年度计划。") % term)
            return redirect("inspections:coverage")
    return render(request, "inspections/term_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("edit", TERM)
@require_http_methods(["GET", "POST"])
def term_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, targets and filing dates; the term's own dates stay."""
    term = get_object(request.user, Term.objects.select_related("city"), "edit", pk=pk)
    form = TermChangeForm(request.POST or None, term=term)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_term(term=term, actor=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("届期目标已更新。"))
            return redirect("inspections:coverage")
    context = {"form": form, "term": term}
    return render(request, "inspections/term_edit.html", context, status=422 if form.errors else 200)
