"""目标考核: schemes and results of a city, a county's explanation, points by hand, publishing, the sheet (G3)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common import audit, policy, workflow
from common.downloads import as_file
from common.files import XLSX
from common.gate import get_object, opens, requires
from inspections.views.moves import move_view
from inspections.views.timeline import events
from oversight import services
from oversight.forms.assessments import PointsForm, PublishForm, SchemeForm
from oversight.models import Assessment
from oversight.selectors import assessments as read
from oversight.selectors.measures import HOW, address

ASSESSMENT = Assessment._meta.label
both = require_http_methods(["GET", "HEAD", "POST"])


@requires("view", ASSESSMENT)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"rows": read.assessments(request.user), "may_add": policy.may(request.user, "add", ASSESSMENT)}
    return render(request, "oversight/assessments.html", context)


@requires("view", ASSESSMENT)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The scheme, and the results as far as the reader may see them: of all counties, or of the own one."""
    one = get_object(request.user, read.for_page(), pk=pk)
    may = {act: policy.allows(request.user, act, one) for act in ("edit", "give", "export", "preview")}
    context = {
        "assessment": one,
        "indicators": [{"row": row, "words": HOW[row.measure].words} for row in one.indicators.all()],
        "weights": sum(row.weight for row in one.indicators.all()),
        "results": read.results(request.user, one),
        "ranking": [] if may["preview"] else read.ranking(request.user, one),
        "may": may,
        "buttons": workflow.buttons(one, request.user),
        "events": events(audit.history(one)[:20]) if may["preview"] else [],
    }
    return render(request, "oversight/assessment.html", context)


@requires("view", ASSESSMENT)
@require_safe
def county(request: HttpRequest, pk: int, county: int) -> HttpResponse:
    """How one county's score comes about, each figure with the list that holds its rows."""
    one = get_object(request.user, read.for_page(), pk=pk)
    result = next((row for row in read.results(request.user, one) if row.county.pk == county), None)
    if result is None:
        raise Http404
    lines = [
        {
            "line": line,
            "how": HOW[line.indicator.measure],
            "opens": opens(request.user, HOW[line.indicator.measure].page),
            "part_url": address(line.indicator.measure, one, county, part=True),
            "whole_url": address(line.indicator.measure, one, county),
        }
        for line in result.lines
    ]
    return render(request, "oversight/assessment_county.html", {"assessment": one, "result": result, "lines": lines})


@requires("add", ASSESSMENT)
@both
def new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    year = read.year_to_assess(user)
    told = {"year": year, "title": _("%s 年度巡察工作目标考核") % year, "most_points": 5}
    form = SchemeForm(request.POST or None, indicators=read.usual(user.division, year), is_new=True, initial=told)
    made = _taken(form, lambda: services.draw_up_assessment(actor=user, **form.values()))
    if made:
        messages.success(request, _("已拟定，核对权重后请另一位负责人核定执行。"))
        return redirect(made)
    return _scheme(request, form, _("拟定考核方案"), "/oversight/assessments/")


@requires("edit", ASSESSMENT)
@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), "edit", pk=pk)
    workflow.refuse_late(one, "edit")
    told = {"title": one.title, "note": one.note, "most_points": one.most_points, "version": one.version}
    form = SchemeForm(request.POST or None, indicators=one.indicators.all(), is_new=False, initial=told)

    def act() -> Any:
        version = form.cleaned_data["version"]
        return services.edit_assessment(assessment=one, actor=request.user, version=version, **form.values())

    if _taken(form, act):
        messages.success(request, _("已修改考核方案。"))
        return redirect(one)
    return _scheme(request, form, _("修改方案：%s") % one, one.get_absolute_url())


enforce = move_view(
    load=read.for_page,
    name="enforce",
    argument="assessment",
    service=services.enforce_assessment,
    effect=gettext_lazy("“%s”将开始执行，各县（市、区）都能看到方案；执行后指标和权重不能再改。"),
)


@requires("give", ASSESSMENT)
@both
def points(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), "give", pk=pk)
    form = PointsForm(
        request.POST or None, counties=read.counties_of(one), initial={"county": request.GET.get("county")}
    )
    if _taken(form, lambda: services.give_points(assessment=one, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("已登记加减分。"))
        return redirect(one)
    context = {"form": form, "title": _("加减分：%s") % one, "verb": _("登记加减分"), "parent": one}
    context["back"] = one.get_absolute_url()
    return render(request, "oversight/form.html", context, status=422 if form.errors else 200)


@requires("publish", ASSESSMENT)
@both
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be published, to be looked at before it is."""
    one = get_object(request.user, read.for_page(), "publish", pk=pk)
    workflow.refuse_late(one, "publish")
    form = PublishForm(request.POST or None, initial={"version": one.version})
    if _taken(form, lambda: services.publish_assessment(assessment=one, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("已公布，各县（市、区）会收到消息。"))
        return redirect(one)
    context = {"form": form, "assessment": one, "results": read.results(request.user, one)}
    return render(request, "oversight/assessment_publish.html", context, status=422 if form.errors else 200)


@requires("export", ASSESSMENT)
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object(request.user, read.for_page(), "export", pk=pk)
    return as_file(f"{one}.xlsx", services.score_sheet(assessment=one, actor=request.user), XLSX)


def _taken(form: Any, act: Any) -> Any:
    """What the service made of a form that was sent and is right; None, with what was refused shown, else."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        form.refuse(error)
        return None


def _scheme(request: HttpRequest, form: SchemeForm, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "how": HOW}
    return render(request, "oversight/assessment_scheme.html", context, status=422 if form.errors else 200)
