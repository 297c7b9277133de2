"""工作日历: read by the offices, kept by the city's head; a change shows first which counties it touches (E6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import calendar, policy
from common.asked import number
from common.gate import requires
from rectification import services
from rectification.forms import DaysForm
from rectification.selectors.workdays import year_of

from .base import attempt, show

DAY = "common.WorkdayOverride"


@requires("view", DAY)
@require_http_methods(["GET", "HEAD"])
def page(request: HttpRequest) -> HttpResponse:
    return show(request, "calendar", _context(request, DaysForm()))


def _context(request: HttpRequest, form: DaysForm) -> dict[str, Any]:
    this = calendar.today().year
    wanted = number(request.GET.get("year"), digits=4) or this
    year = wanted if 2004 <= wanted <= this + 2 else this
    days, may_edit = year_of(year), policy.may(request.user, "edit", DAY)
    return {
        "year": year,
        "years": [this - 1, this, this + 1],
        "days": days,
        "published": calendar.published(year),
        "form": form,
        "may_edit": may_edit,
        "may_forget": may_edit and any(one.by_city for one in days),
    }


@requires("edit", DAY)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Shown first, kept when the same is sent with `confirmed`."""
    form = DaysForm(request.POST)
    context = _context(request, form)
    touched: list[Any] = []
    if form.is_valid() and attempt(
        form, lambda: touched.extend(services.try_days(actor=request.user, **form.values()))
    ):
        if request.POST.get("confirmed") == "1":
            days = services.set_days(actor=request.user, **form.values())
            messages.success(request, _("已登记 %s 天。涉及的县会收到重算时限的通知。") % days)
            return redirect(f"{request.path}../?year={form.values()['first'].year}")
        context |= {"tried": True, "touched": touched}
    return show(request, "calendar", context)


@requires("edit", DAY)
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    days = [day for text in request.POST.getlist("ids") if (day := _day(text))]
    count = services.forget_days(days=days, actor=request.user)
    messages.success(request, _("已恢复 %s 天为国务院公布的安排。") % count)
    return redirect("rectification:calendar")


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
