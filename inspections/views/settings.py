"""The county's forces: teams, rounds, days of each mode (D1, D2)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import policy
from common.gate import requires
from inspections import services
from inspections.forms.settings import ForcesForm
from inspections.selectors.load import setting_of


@requires("view", "inspections.InspectionSetting")
@require_http_methods(["GET", "POST"])
def forces(request: HttpRequest) -> HttpResponse:
    county = request.user.organ.division  # type: ignore[union-attr]
    setting = setting_of(county)
    form = ForcesForm(request.POST or None, setting=setting)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_forces(county=county, actor=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("巡察力量和各方式的天数已保存。"))
            return redirect("inspections:forces")
    context = {"form": form, "setting": setting, "may_edit": policy.allows(request.user, "edit", setting)}
    return render(request, "inspections/forces.html", context, status=422 if form.errors else 200)
