"""Rules of suggestion in the browser: read them, change them in a draft, try it out, put it in force (B4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import audit, policy
from common.asked import number
from common.audit_words import action_word
from common.gate import get_object, requires
from villages import services
from villages.enums import VillageClass
from villages.forms.rulesets import RuleForm
from villages.forms.villages import refuse
from villages.models import RuleSet, SuggestionRule
from villages.selectors import rulesets as read
from villages.selectors.criteria import CRITERIA, condition, outcome, sentence
from villages.selectors.suggestions import Suggestion
from villages.selectors.trial import Differences, Trial, try_rules

from .present import class_badge

RULES = "villages.RuleSet"
STEPS = 20


@requires("view", RULES)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force at the user's place, the draft beside them, those before."""
    return _page(request, read.in_force(read.place_of(request.user)))


@requires("view", RULES)
@require_safe
def rule_set(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _load(request, "view", pk))


def _load(request: HttpRequest, action: str, pk: int) -> RuleSet:
    return get_object(request.user, read.with_people(), action, pk=pk)


def _page(request: HttpRequest, shown: RuleSet | None) -> HttpResponse:
    home = read.place_of(request.user)
    may = {name: bool(policy.allows(request.user, name, RuleSet(county=home))) for name in ("edit", "enable")}
    is_own = shown is not None and shown.county_id == (home.pk if home else None)
    context = {
        "shown": shown,
        "rows": _rows(shown) if shown else [],
        "follows_city": bool(home and shown and shown.in_force and not is_own),
        "draft": read.draft(request.user, home),
        "earlier": read.earlier(request.user, home)[:STEPS],
        "counties": read.counties_with_own(request.user) if home is None else [],
        "events": _events(shown) if shown and is_own else [],
        "may_edit": may["edit"],
        "may_enable": may["enable"],
        "changing": may["edit"] and is_own and shown is not None and shown.is_draft,
        "may_restore": may["enable"] and is_own and home is not None and shown is not None and shown.in_force,
        "city": read.in_force(None) if home else None,
    }
    return render(request, "villages/rules.html", context)


def _rows(shown: RuleSet) -> list[dict[str, Any]]:
    found = list(shown.rules.select_related("kind").order_by("order", "id"))
    return [
        {
            "rule": one,
            "number": number,
            "condition": condition(one),
            "outcome": outcome(one),
            "sentence": sentence(one),
            "tone": class_badge(one.klass)["tone"],
            "first": number == 1,
            "last": number == len(found),
        }
        for number, one in enumerate(found, 1)
    ]


def _events(shown: RuleSet) -> list[dict[str, Any]]:
    return [
        {
            "title": action_word(one.action, RULES),
            "who": one.actor_text,
            "at": one.at,
            "text": "\n".join(filter(None, [one.note, *_changed(one.changes)])),
            "tone": "g" if one.action == "enable_rules" else "b",
        }
        for one in audit.history(shown)[:STEPS]
    ]


def _changed(changes: dict[str, Any]) -> list[str]:
    """Old and new of one rule; a whole set's are kept in the trail, and stand on their own pages."""
    if "rule" in changes:
        old, new = changes["rule"]
        return [" → ".join(filter(None, [old and f"“{old}”", f"“{new}”" if new else _("（停用）")]))]
    if "order" in changes:
        return [_("第 %(old)s 条 → 第 %(new)s 条") % dict(zip(("old", "new"), changes["order"], strict=True))]
    return []


# ----------------------------------------------------------------------- draft


@requires("edit", RULES)
@require_POST
def rules_draft(request: HttpRequest) -> HttpResponse:
    """Begin to change the rules of the own place, or go on."""
    return redirect(services.begin_draft(county=read.place_of(request.user), actor=request.user))


@requires("edit", RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what the rule asks about, then say the rest."""
    draft = _load(request, "edit", pk)
    field = request.POST.get("field") or request.GET.get("field", "")
    if field not in CRITERIA:
        return render(request, "villages/rule_field.html", {"draft": draft, "criteria": CRITERIA.values()})
    form = RuleForm(request.POST or None, criterion=CRITERIA[field], initial={"version": draft.version})
    if form.is_valid():
        given = form.rule()
        if _saved(form, lambda: services.add_rule(draft=draft, actor=request.user, **given)):
            messages.success(request, _("已增加一条规则，排在最后；先后可以调整。"))
            return redirect(draft)
    return _form(request, form, draft, None)


@requires("edit", RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    draft = _load(request, "edit", pk)
    one = _rule(draft, rule)
    form = RuleForm(request.POST or None, criterion=CRITERIA[one.field], rule=one, initial={"version": draft.version})
    if form.is_valid():
        given = form.rule()
        if _saved(form, lambda: services.edit_rule(rule=one, actor=request.user, **given)):
            messages.success(request, _("已修改这条规则。"))
            return redirect(f"{draft.get_absolute_url()}#r{one.pk}")
    return _form(request, form, draft, one)


def _saved(form: RuleForm, save: Any) -> bool:
    try:
        save()
    except ValidationError as error:
        refuse(form, error)
        return False
    return True


def _form(request: HttpRequest, form: RuleForm, draft: RuleSet, rule: SuggestionRule | None) -> HttpResponse:
    context = {"form": form, "draft": draft, "rule": rule, "criterion": form.criterion}
    context["now"] = sentence(rule) if rule else ""
    return render(request, "villages/rule_form.html", context, status=422 if form.errors else 200)


def _rule(draft: RuleSet, pk: int) -> SuggestionRule:
    return get_object_or_404(draft.rules.select_related("kind", "rule_set"), pk=pk)


def _version(request: HttpRequest) -> int:
    """The version that the page showed; without one nothing was shown, and the service refuses to change anything."""
    return number(request.POST.get("version"), digits=9) or 0


@requires("edit", RULES)
@require_POST
def rule_move(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    draft = _load(request, "edit", pk)
    one = _rule(draft, rule)
    up = request.POST.get("to") == "up"
    services.move_rule(rule=one, actor=request.user, version=_version(request), up=up)
    return redirect(f"{draft.get_absolute_url()}#r{one.pk}")


@requires("edit", RULES)
@require_POST
def rule_remove(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    draft = _load(request, "edit", pk)
    one = _rule(draft, rule)
    said = sentence(one)
    services.remove_rule(rule=one, actor=request.user, version=_version(request))
    messages.success(request, _("已停用“%s”。草稿启用之前，现行规则不受影响。") % said)
    return redirect(draft)


# -------------------------------------------------------------- try out, decide


@requires("view", RULES)
@require_safe
def rules_try(request: HttpRequest, pk: int) -> HttpResponse:
    """What this set would suggest, for the villages of its county or of the reader's."""
    tried = _load(request, "view", pk)
    found = list(tried.rules.select_related("kind").order_by("order", "id"))
    county = tried.county or read.place_of(request.user)
    trial = try_rules(request.user, found, county=county)
    context = {
        "tried": tried,
        "county": county,
        "trial": trial,
        "kpis": _figures(trial),
        "table": _table(trial),
        "columns": [*(one.label for one in VillageClass), _("没有建议")],
        "rows": [row | {"hits": trial.hits[row["rule"].pk]} for row in _rows(tried)],
        "lists": [
            _differences(_("与现行分类不同"), trial.from_class, "from-class"),
            _differences(_("与现行规则的建议不同"), trial.from_today, "from-today"),
        ],
        "may_enable": tried.is_draft and policy.allows(request.user, "enable", tried),
    }
    return render(request, "villages/rules_try.html", context)


def _figures(trial: Trial) -> list[dict[str, Any]]:
    figures = [{"label": _("试算的村"), "value": trial.tested, "unit": _("个")}]
    for klass in [*VillageClass, None]:
        label = _("建议%s") % klass.label if klass else _("没有建议")
        number = trial.suggested(klass)
        share = f"{number / trial.tested:.1%}" if trial.tested else ""
        figures.append({"label": label, "value": number, "unit": _("个"), "note": share})
    tone = "amber" if trial.from_class.count else ""
    figures.append({"label": _("与现行分类不同"), "value": trial.from_class.count, "unit": _("个"), "tone": tone})
    return figures


def _table(trial: Trial) -> list[dict[str, Any]]:
    """A row for each approved class, a column for each suggested one."""
    rows = []
    for approved in [*VillageClass, None]:
        cells = [
            {"number": trial.pairs[approved, found], "same": approved == found and found is not None}
            for found in [*VillageClass, None]
        ]
        rows.append({"badge": class_badge(approved), "cells": cells})
    return rows


def _differences(title: str, found: Differences, anchor: str) -> dict[str, Any]:
    lines = [
        {
            "village": line.village,
            "badge": class_badge(line.village.klass),
            "before": _suggested(line.before),
            "after": _suggested(line.after),
        }
        for line in found.sample
    ]
    return {"title": title, "count": found.count, "lines": lines, "anchor": anchor}


def _suggested(suggestion: Suggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    badge = class_badge(suggestion.klass)
    return badge | {"kinds": "、".join(one.name for one in suggestion.kinds), "reason": suggestion.reason}


@requires("enable", RULES)
@require_POST
def rules_enable(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _load(request, "enable", pk)
    version = _version(request)
    effect = _("启用后，未分类的村按这 %d 条规则给出建议；已审定的分类不变。") % draft.rules.count()
    if request.POST.get("confirmed") != "1":
        return _confirm(request, _("启用规则"), effect, [row["sentence"] for row in _rows(draft)], version)
    try:
        services.enable_rules(draft=draft, actor=request.user, version=version)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(draft)
    messages.success(request, _("规则已启用，原来的规则留在“以前的规则”里。"))
    return redirect("villages:rules")


@requires("edit", RULES)
@require_POST
def rules_discard(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _load(request, "edit", pk)
    version = _version(request)
    if request.POST.get("confirmed") != "1":
        effect = _("草稿里的修改都不保留，现行规则不受影响。")
        return _confirm(request, _("放弃草稿"), effect, [], version, warn=True)
    services.discard_draft(draft=draft, actor=request.user, version=version)
    messages.success(request, _("草稿已放弃，现行规则没有变化。"))
    return redirect("villages:rules")


@requires("enable", RULES)
@require_POST
def rules_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the city's rules hold again."""
    own = _load(request, "enable", pk)
    version = _version(request)
    if request.POST.get("confirmed") != "1":
        effect = _("本县自己的规则停用，改用全市规则给出建议；已审定的分类不变。可以先试算全市规则。")
        return _confirm(request, _("恢复为全市规则"), effect, [], version, warn=True)
    services.restore_rules(rule_set=own, actor=request.user, version=version)
    messages.success(request, _("已恢复为全市规则。本县原来的规则留在“以前的规则”里。"))
    return redirect("villages:rules")


def _confirm(
    request: HttpRequest, title: str, effect: str, rows: list[str], version: int, *, warn: bool = False
) -> HttpResponse:
    context = {
        "title": title,
        "effect": effect,
        "rows": rows,
        "verb": title,
        "cancel_url": reverse("villages:rules"),
        "hidden": [("version", version)],
        "warn": warn,
        "form": None,
    }
    return render(request, "_parts/confirm_page.html", context)
