"""时限设置: what the county decides for itself."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Division
from common import policy
from common.calendar import today
from common.gate import requires
from rectification import selectors, services
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
    kept = ("amber_days", "satisfaction_least", "satisfaction_fewest")
    initial: dict[str, Any] = {key: getattr(setting, key) for key in kept} | {"effective_from": today()}
    for kind in USED:
        if kind in now:
            initial |= {f"{kind}_amount": now[kind].amount, f"{kind}_unit": now[kind].unit}
    rounds = selectors.rounds_of(county)
    form = DeadlinesForm(request.POST or None, initial=initial, rounds=rounds)
    tried: list[Any] = []
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: tried.extend(_try(request, form))):
        seen = services.fingerprint(tried)
        if not tried or request.POST.get("seen") == seen:
            _save(request, county, form, seen, len(tried))
            return redirect("rectification:settings")
    context = {
        "form": form,
        "setting": setting,
        "may_edit": may_edit,
        "now": [now[kind] for kind in USED if kind in now],
        "shifts": tried,
        "seen": services.fingerprint(tried) if tried else "",
        "due": services.to_recompute(county) if may_edit and not tried else 0,
        "of_rounds": selectors.settings_of_rounds(county),
    }
    return show(request, "settings", context)


def _try(request: HttpRequest, form: DeadlinesForm) -> list[Any]:
    return services.try_deadlines(county=request.user.division, actor=request.user, **form.settings())


@transaction.atomic
def _save(request: HttpRequest, county: Division, form: DeadlinesForm, seen: str, count: int) -> None:
    """What was shown happens: the settings and, on record, the deadlines that follow from them."""
    services.save_settings(county=county, actor=request.user, **form.settings())
    day = f"{form.cleaned_data['effective_from']:%Y-%m-%d}"
    if count:
        services.recompute(county=county, actor=request.user, note=_("时限设置从 %s 起调整") % day, seen=seen)
        messages.success(request, _("已保存，并重算了 %s 件事项的时限。") % count)
    else:
        messages.success(request, _("已保存。新的时限从 %s 起执行。") % day)


@requires("edit", SETTING)
@require_http_methods(["GET", "HEAD", "POST"])
def recompute(request: HttpRequest) -> HttpResponse:
    """After the calendar has changed: which items and dates, moved when the same is confirmed."""
    county = request.user.division
    if request.method == "POST":
        note = _("按现行时限设置和工作日历重算")
        seen = request.POST.get("seen", "")
        count = services.recompute(county=county, actor=request.user, note=note, seen=seen)
        messages.success(request, _("已重算 %s 件事项的时限，乡镇已收到消息。") % count)
        return redirect("rectification:settings")
    found = services.shifts(county)
    return show(request, "recompute", {"shifts": found, "seen": services.fingerprint(found)})
