"""提醒: how the runs went, whom the next one would reach, by which rules, and the county's switch."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from common.gate import requires
from rectification import services
from rectification.forms import RulesForm
from rectification.selectors import reminders as reads

from .base import attempt, show

RUN, SETTING = "rectification.ReminderRun", "rectification.CountySetting"
SHOWN = 100


@requires("view", RUN)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    county = _county(request)
    setting = services.county_setting(county) if county else None
    foretold = reads.preview(on=reads.next_day(), county=county)
    context = {
        "county": county,
        "setting": setting,
        "may_switch": setting is not None and policy.allows(request.user, "edit", setting),
        "counties_on": None if county else reads.switched_on(request.user),
        "foretold": foretold,
        "people": foretold.reached(SHOWN),
        "shown": SHOWN,
        "runs": reads.recent_runs(request.user),
        "rules": [_rule(rule, wish) for rule, wish in services.wishes_of(county)],
        "cap": settings.REMINDER_CAP,
        "effect": effect(not setting.reminders_on, foretold) if setting else "",
        "late": reads.late(),
        "hour": _hour(),
        "outbox": None if county else reads.outbox_counts(),
    }
    return render(request, "rectification/reminders.html", context)


def _county(request: HttpRequest) -> Division | None:
    place: Division = request.user.division
    return place if place.tier == Tier.COUNTY else None


def _rule(rule: Any, wish: Any) -> dict[str, Any]:
    day, _colon, people = services.rule_words(rule, wish).partition("：")
    return {"label": day if people else rule.label, "audiences": people or day}


@requires("edit", SETTING)
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """On only after its dry run was seen, and as long as nothing in it has changed since; off at any time."""
    county, on = request.user.division, request.POST.get("on") == "1"
    foretold = reads.preview(on=reads.next_day(), county=county)
    if on and request.POST.get("seen") != foretold.fingerprint:
        messages.warning(request, _("试算结果已有变化，没有启用。请核对下面的名单后再启用。"))
        return redirect("rectification:reminders")
    if request.POST.get("confirmed") != "1":
        return render(request, "_parts/confirm_page.html", _confirm(on, foretold))
    services.set_reminders(county=county, on=on, actor=request.user)
    told = _("已启用整改提醒，每天 %s 发出。") % _hour() if on else _("已停用整改提醒，没有发出的提醒作废。")
    messages.success(request, told)
    return redirect("rectification:reminders")


def _confirm(on: bool, foretold: reads.Preview) -> dict[str, Any]:
    people = foretold.reached(SHOWN)
    return {
        "title": _("启用整改提醒") if on else _("停用整改提醒"),
        "effect": effect(on, foretold),
        "rows": [f"{one.person.organ.name} {one.person.full_name}：{one.items} 件" for one in people] if on else [],
        "verb": _("启用提醒") if on else _("停用提醒"),
        "cancel_url": "/rectification/reminders/",
        "hidden": [("on", "1" if on else "0"), ("seen", foretold.fingerprint)],
        "warn": not on,
        "form": None,
    }


def _hour() -> str:
    return f"{settings.REMIND_AT:%H:%M}"


def effect(on: bool, foretold: reads.Preview) -> str:
    if not on:
        return _("停用后不再发出提醒，还没有发出的提醒作废。")
    return _("启用后每天 %(hour)s 发出提醒；下一次（%(day)s）将提醒 %(people)s 人，涉及 %(items)s 件事项。") % {
        "hour": _hour(),
        "day": f"{foretold.on:%Y-%m-%d}",
        "people": len(foretold.people),
        "items": foretold.items,
    }


@requires("edit", SETTING)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The county's own rules: tried on its items first, kept only as they were tried."""
    county = request.user.division
    rows = services.wishes_of(county)
    form = RulesForm(request.POST or None, rows=rows, quiet_days=services.county_setting(county).quiet_days)
    context: dict[str, Any] = {"form": form}
    tried: list[reads.Preview] = []
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: tried.append(_try(request, form))):
        foretold = tried[0]
        if request.POST.get("action") == "save" and request.POST.get("seen") == foretold.fingerprint:
            services.set_rules(county=county, actor=request.user, **_asked(form))
            messages.success(request, _("已保存本县的提醒规则，从下一次运行起执行。"))
            return redirect("rectification:reminders")
        if request.POST.get("action") == "save":
            messages.warning(request, _("试算结果已有变化，没有保存。请核对后再保存。"))
        before = reads.preview(on=foretold.on, county=county)
        context |= {"foretold": foretold, "before": before, "people": foretold.reached(SHOWN)}
    return show(request, "reminder_rules", context)


def _asked(form: RulesForm) -> dict[str, Any]:
    return {"wishes": form.wishes(), "quiet_days": form.cleaned_data["quiet_days"]}


def _try(request: HttpRequest, form: RulesForm) -> reads.Preview:
    return services.try_rules(county=request.user.division, actor=request.user, **_asked(form))
