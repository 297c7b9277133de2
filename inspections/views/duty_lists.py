"""本县责任清单: the county's own list of duties, line by line, in versions (A5)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import policy
from common.asked import number
from common.gate import get_object, requires
from inspections import services
from inspections.forms.duties import DutyTemplateForm
from inspections.models import DutyList, DutyTemplate
from inspections.selectors import duties as read

TEMPLATE = "inspections.DutyTemplate"
FIELDS = ("title", "who", "required", "paper", "anchor", "days", "modes")


@requires("view", TEMPLATE)
@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    """The list in force, or with ?version= an earlier one to look at."""
    county = request.user.division
    now, versions = read.list_in_force(county), list(read.versions(county))
    shown = _chosen(request, versions) or now
    own = now is not None and now.county_id is not None
    context = {
        "county": county,
        "shown": shown,
        "versions": versions,
        "own": own,
        "stages": read.lines_by_stage(shown) if shown else [],
        "used": own and read.is_used(now),
        "may_edit": shown == now and policy.may(request.user, "edit", DutyTemplate),
    }
    return render(request, "inspections/duty_list.html", context)


def _chosen(request: HttpRequest, versions: list[DutyList]) -> DutyList | None:
    text = request.GET.get("version", "")
    if not text:
        return None
    found = next((one for one in versions if one.number == number(text)), None)
    if found is None:
        raise Http404
    return found


@requires("edit", TEMPLATE)
@require_POST
def duty_list_adopt(request: HttpRequest) -> HttpResponse:
    """Take the city's default over as the county's own."""
    if request.POST.get("confirmed") != "1":
        context = {
            "title": _("改为本县清单"),
            "effect": _("将把市级默认清单复制为本县清单第 1 版，以后开展的轮次用本县的。"),
            "verb": _("改为本县清单"),
            "cancel_url": reverse("inspections:duty_list"),
        }
        return render(request, "_parts/confirm_page.html", context)
    services.adopt_duty_list(county=request.user.division, actor=request.user)
    messages.success(request, _("已改为本县清单，可以增减、修改。以后开展的轮次用这一版。"))
    return redirect("inspections:duty_list")


@requires("edit", TEMPLATE)
@require_http_methods(["GET", "POST"])
def duty_template_new(request: HttpRequest) -> HttpResponse:
    form = DutyTemplateForm(request.POST or None, with_stage=True, initial={"stage": request.GET.get("stage", "")})
    if request.method == "POST" and form.is_valid():
        county = request.user.division
        if _done(form, lambda: services.add_duty_template(county=county, actor=request.user, **form.cleaned_data)):
            messages.success(request, _("已增加“%s”。") % form.cleaned_data["title"])
            return redirect("inspections:duty_list")
    return render(request, "inspections/duty_template.html", {"form": form}, status=422 if form.errors else 200)


@requires("edit", TEMPLATE)
@require_http_methods(["GET", "POST"])
def duty_template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object(request.user, read.templates(), "edit", pk=pk)
    initial = {name: getattr(template, name) for name in FIELDS}
    form = DutyTemplateForm(request.POST or None, with_stage=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _done(form, lambda: services.edit_duty_template(template=template, actor=request.user, **values)):
            messages.success(request, _("已修改“%s”。") % values["title"])
            return redirect("inspections:duty_list")
    context = {"form": form, "template": template}
    return render(request, "inspections/duty_template.html", context, status=422 if form.errors else 200)


def _done(form: DutyTemplateForm, call: Any) -> bool:
    try:
        call()
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


@requires("edit", TEMPLATE)
@require_POST
def duty_template_retire(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object(request.user, read.templates(), "edit", pk=pk)
    if request.POST.get("confirmed") != "1":
        context = {
            "title": _("停用责任事项"),
            "effect": _("将停用“%s”。以后开展的轮次不再有这一项，已开展的不受影响。") % template,
            "verb": _("停用"),
            "cancel_url": reverse("inspections:duty_list"),
        }
        return render(request, "_parts/confirm_page.html", context)
    services.retire_duty_template(template=template, actor=request.user)
    messages.success(request, _("已停用“%s”。已开展的巡察不受影响。") % template)
    return redirect("inspections:duty_list")


@requires("edit", TEMPLATE)
@require_POST
def duty_template_move(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object(request.user, read.templates(), "edit", pk=pk)
    services.move_duty_template(template=template, actor=request.user, up=request.POST.get("up") == "1")
    return redirect("inspections:duty_list")
