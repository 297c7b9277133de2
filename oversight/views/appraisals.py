"""激励考核: teams and members for the office's head, the own figures for a member, marks, commendations (G7)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import policy
from common.calendar import today
from common.gate import get_object, requires
from common.paging import page_of
from inspections.selectors.inspections import for_page
from oversight import services
from oversight.enums import Grade
from oversight.forms.appraisals import COMMENDED, BehindQuery, CommendForm, MarksForm
from oversight.models import Commendation, QualityMark
from oversight.selectors import appraisals as read
from oversight.selectors.occasions import occasion_for_page

from .boards import year_of_query
from .present import address

MARK, COMMENDATION = QualityMark._meta.label, Commendation._meta.label
both = require_http_methods(["GET", "HEAD", "POST"])


def year_of(request: HttpRequest) -> int:
    return year_of_query(request.GET.get("year", "")) or today().year


@requires("view", MARK)
@require_safe
def appraisal(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    asked = read.Asked(year_of(request), county=user.division)
    context = {
        "year": asked.year,
        "years": sorted({*read.years(user.division), asked.year}, reverse=True),
        "teams": [_linked(one, asked, "team") for one in read.teams(asked)],
        "members": [_linked(one, asked, "member") for one in read.members(asked)],
        "unmarked": read.unmarked_of(user.division, asked.year, user)[:50],
    }
    return render(request, "oversight/appraisal.html", context)


def _linked(done: read.Done, asked: read.Asked, whose: str) -> dict[str, Any]:
    """A row of the page: each figure with the address of the list that has its rows."""
    own = {whose: done.pk, "year": asked.year, "county": asked.county and asked.county.pk}
    urls = {
        "entered": address("inspections:list", **own, entered="yes"),
        "closed": address("inspections:list", **own, t="done"),
        "confirmed": address("inspections:findings", **own, confirmed="yes"),
        "returned": address("inspections:findings", **own, returned="yes"),
        "commended": _behind(done, asked, whose, COMMENDED),
    }
    cells = {key: {"n": done.counts[key], "url": url} for key, url in urls.items()}
    return {"done": done, "cells": cells, "grades": _grades(done, asked, whose)}


def _grades(done: read.Done, asked: read.Asked, whose: str = "") -> list[dict[str, Any]]:
    given = [(str(grade.label), done.counts[grade], grade) for grade in Grade if done.counts[grade]]
    return [
        {"name": name, "n": n, "url": _behind(done, asked, whose, grade) if whose else ""} for name, n, grade in given
    ]


def _behind(done: read.Done, asked: read.Asked, whose: str, of: str) -> str:
    return address("oversight:appraisal_rows", **{whose: done.pk}, year=asked.year, of=of)


@requires("view", MARK)
@require_safe
def appraisal_rows(request: HttpRequest) -> HttpResponse:
    """The marks, or the commendations, that a figure of the appraisal counts."""
    user: Any = request.user
    asked, query = read.Asked(year_of(request), county=user.division), BehindQuery(request.GET)
    if not query.is_valid():
        raise Http404
    of, whose = query.cleaned_data.pop("of"), query.cleaned_data
    commended = of == COMMENDED
    behind = read.Behind(asked, "" if commended else of, **whose)
    rows = behind.commendations(user) if commended else behind.marks(user)
    context = {"year": asked.year, "commended": commended, "page": page_of(rows, request.GET)}
    return render(request, "oversight/appraisal_rows.html", context)


@requires("view_own", MARK)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    year = year_of(request)
    asked = read.Asked(year, person=user)
    this = today().year
    context = {
        "year": year,
        "years": [this, this - 1],
        "rows": [{"done": one, "grades": _grades(one, asked)} for one in read.members(asked)],
        "marks": read.own_marks(user, year),
        "commendations": user.commendations.filter(occasion__day__year=year).select_related("occasion"),
    }
    return render(request, "oversight/my_appraisal.html", context)


@requires("add", MARK)
@both
def papers_mark(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    inspection = get_object(user, for_page(), pk=pk)
    policy.allows(user, "add", QualityMark(inspection=inspection, county=inspection.county)).demand()
    services.refuse_unless_closed(inspection)
    members = read.to_be_marked(inspection, user)
    form = MarksForm(request.POST or None, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.mark_papers(inspection=inspection, marks=form.marks(), actor=user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已评价 %s 人。") % len(made))
            left = read.to_mark(user).first() or inspection
            return redirect("oversight:papers_mark", left.pk)
    context = {"inspection": inspection, "form": form, "members": members, "marks": read.marks_of(inspection)}
    return render(request, "oversight/papers_mark.html", context, status=422 if form.errors else 200)


@requires("add", COMMENDATION)
@both
def commend(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    occasion = get_object(user, occasion_for_page(), pk=pk)
    policy.allows(user, "add", Commendation(occasion=occasion, county=occasion.county)).demand()
    teams, people = read.commendable(occasion)
    form = CommendForm(request.POST or None, teams=teams, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            services.commend(occasion=occasion, actor=user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记表扬。"))
            return redirect(occasion)
    context = {"form": form, "title": _("登记表扬：%s") % occasion, "verb": _("登记表扬"), "parent": occasion}
    context["back"] = occasion.get_absolute_url()
    return render(request, "oversight/form.html", context, status=422 if form.errors else 200)
