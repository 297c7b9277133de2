"""轮次: one wave of an approved plan becomes inspections, one for each of its villages (D1)."""

import re
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Division
from accounts.services import pinyin_of
from common import audit, policy, workflow
from common.errors import Conflict
from inspections.enums import PlanStatus, Stage
from inspections.models import AnnualPlan, Checklist, Inspection, InspectionSetting, PlanEntry, Round, TeamMember
from inspections.selectors.checklist import checklist_in_force
from inspections.selectors.due import round_window
from inspections.selectors.focus import theme_points
from inspections.selectors.inspections import round_has_begun
from inspections.selectors.load import setting_of
from villages.enums import VillageStatus
from villages.models import Village
from villages.services import scope_of

from .duties import make_duties

ORDINALS = "一二三四五六七八九十"


@transaction.atomic
def open_round(*, plan: AnnualPlan, number: int, starts_on: date, ends_on: date, actor: Any) -> Round:
    """Open round `number` of an approved plan and make an inspection for each village of that wave.

    A village merged since then has become its successor on the plan already; that, and leaving out a withdrawn one,
    is on record.
    Raises Conflict when the plan is not approved, ValidationError for wrong dates or a wave without villages.
    """
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("county__parent").get(pk=plan.pk)
    policy.allows(actor, "add", Round(plan=plan, county=plan.county)).demand()
    _check(plan, number, starts_on, ends_on)
    made = Round.objects.create(
        plan=plan, county=plan.county, number=number, name=_name(plan, number), starts_on=starts_on, ends_on=ends_on
    )
    entries, remarks = _living(plan, number)
    _make_inspections(made, entries, actor)
    audit.record("open_round", made, actor=actor, note="\n".join(remarks), changes={"inspections": [0, len(entries)]})
    return made


def _check(plan: AnnualPlan, number: int, starts_on: date, ends_on: date) -> None:
    if plan.status not in (PlanStatus.APPROVED, PlanStatus.FILED):
        raise Conflict(_("计划现在是“%s”，批准之后才能开展巡察。") % plan.status_label)
    _check_dates(plan, starts_on, ends_on)
    if plan.rounds.filter(number=number).exists():
        raise ValidationError({"number": _("第 %s 轮已经开展。") % number})
    if not plan.entries.filter(wave=number).exists():
        raise ValidationError({"number": _("计划的第 %s 轮没有村。") % number})


def _check_dates(plan: AnnualPlan, starts_on: date, ends_on: date) -> None:
    """A round lies in its plan's year, or at most a quarter before or after it."""
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("结束日期不能早于开始日期。")})
    first, last = round_window(plan.year)
    told = _("%(year)s 年度的轮次须在 %(first)s 至 %(last)s 之间。") % {
        "year": plan.year,
        "first": first,
        "last": last,
    }
    if not first <= starts_on <= last:
        raise ValidationError({"starts_on": told})
    if ends_on > last:
        raise ValidationError({"ends_on": told})


@transaction.atomic
def change_round(*, round: Round, actor: Any, name: str, starts_on: date, ends_on: date) -> Round:
    """Correct the name and the days of a round that no team has begun (D1).

    Inspections and grants of members whose days followed the round follow it; days that were set apart, village by
    village, move along by as many days as the beginning does. Which then lie outside, `out_of_round` says.
    Raises Conflict once an inspection has been entered, ValidationError for a missing name or wrong dates.
    """
    fresh = Round.objects.select_for_update(of=("self",)).select_related("county", "plan").get(pk=round.pk)
    policy.allows(actor, "edit", fresh).demand()
    inspections = list(fresh.inspections.select_for_update(of=("self",)).order_by("pk"))
    if refusal := round_has_begun(fresh):
        raise Conflict(refusal)
    if not name.strip():
        raise ValidationError({"name": _("请填写轮次名称。")})
    _check_dates(fresh.plan, starts_on, ends_on)
    before = {key: getattr(fresh, key) for key in ("name", "starts_on", "ends_on")}
    after = {"name": name.strip(), "starts_on": starts_on, "ends_on": ends_on}
    changes = audit.diff(before, after)
    if not changes:
        return fresh
    same_days, moved = (fresh.starts_on, fresh.ends_on), starts_on - fresh.starts_on
    setting = setting_of(fresh.county)
    days: dict[tuple[date, date], list[Inspection]] = {}
    for one in inspections:
        own = (one.planned_from, one.planned_to)
        follows = own == planned_days(setting, one.mode, *same_days)
        new = planned_days(setting, one.mode, starts_on, ends_on) if follows else (own[0] + moved, own[1] + moved)
        if one.status == Stage.BEFORE and new != own:
            days.setdefault(new, []).append(one)
    fresh.name, fresh.starts_on, fresh.ends_on = name.strip(), starts_on, ends_on
    fresh.save(update_fields=list(after))
    TeamMember.objects.filter(team__round=fresh, starts_on=same_days[0], ends_on=same_days[1]).update(
        starts_on=starts_on, ends_on=ends_on
    )
    for (first, last), same in days.items():
        workflow.apply_all(same, "arrange", actor=actor, planned_from=first, planned_to=last)
    audit.record("change_round", fresh, actor=actor, changes=changes)
    return fresh


def _name(plan: AnnualPlan, number: int) -> str:
    ordinal = ORDINALS[number - 1] if number <= len(ORDINALS) else str(number)
    return _("%(county)s %(year)s 年第%(number)s轮巡察") % {
        "county": plan.county.name,
        "year": plan.year,
        "number": ordinal,
    }


def _living(plan: AnnualPlan, wave: int) -> tuple[list[tuple[PlanEntry, Village]], list[str]]:
    """The wave's entries with the villages that exist today, and what had to be noted on the way."""
    rows = plan.entries.filter(wave=wave).select_related("village__division", "origin__division")
    found: dict[int, tuple[PlanEntry, Village]] = {}
    remarks = []
    own_first = F("origin").asc(nulls_first=True)
    for entry in rows.order_by("village__township__code", "village__division__code", own_first):
        village, planned = entry.village, entry.origin or entry.village
        if village.status != VillageStatus.ACTIVE or village.pk in found:
            remarks.append(_("%s 已撤销或已并入本轮的另一个村，不再单独巡察。") % planned)
            continue
        if planned != village:
            remarks.append(_("%(old)s 已并入 %(new)s，改为巡察后者。") % {"old": planned, "new": village})
        found[village.pk] = (entry, village)
    return list(found.values()), remarks


def _make_inspections(made: Round, entries: list[tuple[PlanEntry, Village]], actor: Any) -> None:
    checklist, setting = _checklist(made), setting_of(made.county)
    mark = number_prefix(made)
    themes = {entry.theme: theme_points(checklist, entry.theme) for entry, _village in entries if entry.theme}
    rows = []
    for order, (entry, village) in enumerate(entries, start=1):
        first, last = planned_days(setting, entry.mode, made.starts_on, made.ends_on)
        one = Inspection(
            round=made,
            checklist=checklist,
            number=f"{mark}-{order:03}",
            klass=entry.klass,
            mode=entry.mode,
            mode_reason=entry.mode_reason,
            theme=entry.theme,
            focus=themes.get(entry.theme, []),
            planned_from=first,
            planned_to=last,
            **scope_of(village),
        )
        rows.append(one)
    rows = Inspection.objects.bulk_create(rows)
    make_duties(rows, made.county)
    audit.record_many([audit.row("create", one, actor=actor, target=Stage.BEFORE) for one in rows])


def planned_days(setting: InspectionSetting, mode: str, first: date, last: date) -> tuple[date, date]:
    """As many days as the mode takes, from the first day of the round and not beyond its last (D2)."""
    return first, min(first + timedelta(days=setting.days_of(mode) - 1), last)


def _checklist(made: Round) -> Checklist:
    checklist = checklist_in_force(made.starts_on, made.county)
    if checklist is None:
        raise ValidationError(_("还没有启用的问题清单。请系统管理员先装入基础数据。"))
    return checklist


def number_prefix(made: Round) -> str:
    """FC-2026-1 for the first round of 涪城区 in 2026; counties with the same letters add their code's digits."""
    county = made.county
    mark = county_mark(county)
    twins = Division.objects.filter(parent_id=county.parent_id, tier=county.tier).exclude(pk=county.pk)
    if mark in {county_mark(one) for one in twins}:
        mark += county.code[4:6]
    return f"{mark}-{made.plan.year}-{made.number}"


def county_mark(county: Division) -> str:
    """Initials of a county's own name: 涪城区 → FC, 北川羌族自治县 → BC."""
    own = re.sub(r"(.族)?自治县$|[县市区]$", "", county.name) or county.name
    return pinyin_of(own)[1].upper()
