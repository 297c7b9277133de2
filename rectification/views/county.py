"""时限设置: what the county decides for itself."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Division
from common import policy
from common.calendar import today
from common.gate import requires
from rectification import services
from rectification.forms import DeadlinesForm
from rectification.forms.county import USED

from .base import attempt, show

SETTING = "rectification.CountySetting"


@requires("view", SETTING)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    county = request.user.division
    setting = services.county_setting(county)
    may_edit = policy.allows(request.user, "edit", setting)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(may_edit.reason)
    now = services.settings_in_force(county=county, on=today())
    initial: dict[str, Any] = {"amber_days": setting.amber_days, "effective_from": today()}
    for kind in USED:
        if kind in now:
            initial |= {f"{kind}_amount": now[kind].amount, f"{kind}_unit": now[kind].unit}
    form = DeadlinesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _save(request, county, form)):
        messages.success(
            request, _("已保存。新的时限从 %s 起执行。") % f"{form.cleaned_data['effective_from']:%Y-%m-%d}"
        )
        return redirect("rectification:settings")
    context = {
        "form": form,
        "setting": setting,
        "may_edit": may_edit,
        "now": [now[kind] for kind in USED if kind in now],
    }
    return show(request, "settings", context)


def _save(request: HttpRequest, county: Division, form: DeadlinesForm) -> None:
    data = form.cleaned_data
    services.save_settings(
        county=county,
        amber_days=data["amber_days"],
        values=form.values(),
        effective_from=data["effective_from"],
        actor=request.user,
    )
