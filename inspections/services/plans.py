"""年度计划: which villages a county inspects in a year, from draft to filing with the city (D2, G1)."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit, policy, workflow
from common.errors import Conflict
from inspections.enums import MODES_OF_CLASS, Mode, PlanStatus
from inspections.models import AnnualPlan, PlanEntry, Term
from inspections.selectors.suggestion import term_suggestion
from villages.enums import VillageClass, VillageStatus
from villages.models import Village

from .telling import tell_approver, tell_office

LAST_WAVE = 12


@transaction.atomic
def create_plan(*, county: Division, year: int, actor: Any) -> AnnualPlan:
    """Start a county's plan for a year inside the city's term (A4). One plan per county and year."""
    policy.allows(actor, "add", AnnualPlan(county=county)).demand()
    Division.objects.select_for_update().get(pk=county.pk)
    if AnnualPlan.objects.filter(county=county, year=year).exists():
        raise ValidationError({"year": _("%s 年度计划已经建立，请直接打开。") % year})
    terms = Term.objects.filter(city_id=county.parent_id, starts_on__year__lte=year, ends_on__year__gte=year)
    term = terms.order_by("-starts_on").first()
    if term is None:
        raise ValidationError({"year": _("%s 年不在任何一届之内。请市委巡察办先建立届期。") % year})
    plan = AnnualPlan.objects.create(county=county, term=term, year=year, created_by=actor)
    audit.record("create_plan", plan, actor=actor, target=PlanStatus.DRAFT)
    return plan


@transaction.atomic
def add_to_plan(
    *,
    plan: AnnualPlan,
    villages: Iterable[Village],
    wave: int,
    actor: Any,
    mode: str | None = None,
    mode_reason: str = "",
    theme: str = "",
) -> list[PlanEntry]:
    """Put villages on a draft plan; the mode follows from the class unless one is given (D2).

    Villages that are already on the plan are left as they are. Raises ValidationError for a village that is not
    the county's, not active or has no approved class, for a mode that its class does not have without a reason,
    and for a special inspection without theme. Returns the new entries.
    """
    plan = _draft(plan, actor)
    _check_wave(plan, wave)
    known = set(plan.entries.values_list("village_id", flat=True))
    entries = [
        PlanEntry(plan=plan, village=one, klass=one.klass or "", mode=mode or default_mode(one.klass or ""), wave=wave)
        for one in _plannable(plan, villages)
        if one.pk not in known
    ]
    for entry in entries:
        entry.mode_reason, entry.theme = checked_mode(entry.klass, entry.mode, mode_reason, theme)
    PlanEntry.objects.bulk_create(entries)
    _record(plan, "add_to_plan", entries, actor)
    return entries


@transaction.atomic
def change_on_plan(
    *,
    plan: AnnualPlan,
    villages: Iterable[Village],
    actor: Any,
    wave: int | None = None,
    mode: str | None = None,
    mode_reason: str = "",
    theme: str = "",
) -> int:
    """Move villages of a draft plan to another wave or mode; returns how many were changed."""
    plan = _draft(plan, actor)
    if wave is not None:
        _check_wave(plan, wave)
    entries = _waiting(plan, villages)
    for entry in entries:
        entry.wave = wave or entry.wave
        if mode:
            entry.mode_reason, entry.theme = checked_mode(entry.klass, mode, mode_reason, theme)
            entry.mode = mode
    PlanEntry.objects.bulk_update(entries, ["wave", "mode", "mode_reason", "theme"])
    _record(plan, "change_on_plan", entries, actor)
    return len(entries)


@transaction.atomic
def remove_from_plan(*, plan: AnnualPlan, villages: Iterable[Village], actor: Any) -> int:
    """Take villages off a draft plan; returns how many were on it."""
    plan = _draft(plan, actor)
    entries = _waiting(plan, villages)
    _record(plan, "remove_from_plan", entries, actor)
    plan.entries.filter(pk__in=[one.pk for one in entries]).delete()
    return len(entries)


@transaction.atomic
def suggest_plan(
    *, plan: AnnualPlan, actor: Any, waves: int | None = None, townships: Collection[int] | None = None
) -> list[PlanEntry]:
    """Fill a draft plan with what this year's share of the term asks for; a person edits it (A1).

    What is left over is spread over the remaining years, key and risk villages first, whole townships together; of
    it only the villages of `townships`, where these are named. What could not be satisfied goes on record.
    """
    plan = _draft(plan, actor)
    if waves is not None and not 1 <= waves <= LAST_WAVE:
        raise ValidationError({"waves": _("轮数须在 1 至 %s 之间。") % LAST_WAVE})
    found = term_suggestion(plan, waves=waves)
    if set(townships or ()) - {village.township_id for village, _wave in found.entries}:
        raise ValidationError(_("所选的乡镇不在现在的建议之内，可能已经列入或已有变动。请刷新页面，重新勾选。"))
    entries = [
        PlanEntry(plan=plan, village=one, klass=one.klass or "", mode=default_mode(one.klass or ""), wave=wave)
        for one, wave in (found.entries if townships is None else found.of_townships(townships))
    ]
    PlanEntry.objects.bulk_create(entries)
    _record(plan, "suggest_plan", entries, actor, remarks=[one.text for one in found.unmet])
    return entries


@transaction.atomic
def submit_plan(*, plan: AnnualPlan, actor: Any, note: str = "") -> AnnualPlan:
    """Hand the draft to the county committee's leading group (A4)."""
    submitted = workflow.apply(plan, "submit", actor=actor, note=note)
    tell_approver(submitted)
    return submitted


@transaction.atomic
def approve_plan(*, plan: AnnualPlan, actor: Any, note: str = "") -> AnnualPlan:
    """The head of the leading group approves the plan."""
    approved = workflow.apply(plan, "approve", actor=actor, note=note)
    tell_office(approved)
    return approved


@transaction.atomic
def return_plan(*, plan: AnnualPlan, actor: Any, note: str = "") -> AnnualPlan:
    """The head of the leading group sends the plan back with a reason."""
    returned = workflow.apply(plan, "return", actor=actor, note=note)
    tell_office(returned)
    return returned


def default_mode(klass: str) -> str:
    """The mode that a class proposes: the first of its usual ones."""
    return str(MODES_OF_CLASS[VillageClass(klass)][0])


def checked_mode(klass: str, mode: str, mode_reason: str, theme: str) -> tuple[str, str]:
    """(reason, theme) as they are to be stored; ValidationError names what is missing (D2)."""
    if mode not in Mode.values:
        raise ValidationError({"mode": _("没有这种巡察方式。")})
    usual = mode in MODES_OF_CLASS.get(VillageClass(klass), ())
    if not usual and not mode_reason.strip():
        raise ValidationError(
            {
                "mode_reason": _("“%(mode)s”不是%(klass)s的常用方式，请写明理由。")
                % {"mode": Mode(mode).label, "klass": VillageClass(klass).label}
            }
        )
    if mode == Mode.SPECIAL and not theme.strip():
        raise ValidationError({"theme": _("专项巡察请写明专项主题。")})
    return ("" if usual else mode_reason.strip()), (theme.strip() if mode == Mode.SPECIAL else "")


def _draft(plan: AnnualPlan, actor: Any) -> AnnualPlan:
    """The plan, locked, when `actor` may edit it and it is still a draft."""
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("county", "term").get(pk=plan.pk)
    policy.allows(actor, "edit", plan).demand()
    if plan.status != PlanStatus.DRAFT:
        raise Conflict(_("计划现在是“%s”，不能再改动其中的村。") % plan.status_label)
    return plan


def _check_wave(plan: AnnualPlan, wave: int) -> None:
    if not 1 <= wave <= LAST_WAVE:
        raise ValidationError({"wave": _("轮次须在 1 至 %s 之间。") % LAST_WAVE})
    if plan.rounds.filter(number=wave).exists():
        raise ValidationError({"wave": _("第 %s 轮已经开展，不能再列入村。请换一轮。") % wave})


def _waiting(plan: AnnualPlan, villages: Iterable[Village]) -> list[PlanEntry]:
    """The villages' places on the plan; those of a round that was opened before the city's return stay as they are."""
    entries = list(plan.entries.filter(village__in=list(villages)).select_related("village__division"))
    opened = set(plan.rounds.values_list("number", flat=True))
    begun = [str(one.village) for one in entries if one.wave in opened]
    if begun:
        raise ValidationError(_("所在轮次已经开展，不能再改动：%s。") % _few(begun))
    return entries


def _plannable(plan: AnnualPlan, villages: Iterable[Village]) -> list[Village]:
    villages = list(villages)
    for test, message in (
        (lambda one: one.county_id != plan.county_id, _("不是本县的村：%s。")),
        (lambda one: one.status != VillageStatus.ACTIVE, _("已并入他村或已撤销，不能列入计划：%s。")),
        (lambda one: not one.klass, _("还没有审定分类，不能列入计划：%s。请先在村名录中分类并审定。")),
    ):
        wrong = [str(one) for one in villages if test(one)]
        if wrong:
            raise ValidationError(message % _few(wrong))
    return villages


def _few(names: list[str], most: int = 8) -> str:
    shown = "、".join(names[:most])
    return shown if len(names) <= most else _("%(names)s等 %(count)s 个") % {"names": shown, "count": len(names)}


def _record(plan: AnnualPlan, verb: str, entries: list[PlanEntry], actor: Any, remarks: Iterable[str] = ()) -> None:
    if entries:
        names = [f"{one.village} {one.wave} {one.get_mode_display()}" for one in entries]
        note = "\n".join([_few([str(one.village) for one in entries], 20), *remarks])
        audit.record(verb, plan, actor=actor, note=note, changes={"villages": [None, names]})
