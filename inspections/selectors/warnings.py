"""What is doubtful about a yearly plan: shown beside it, never in the way of a decision (A1, D2)."""

from collections import Counter
from math import ceil

from django.db.models import Q
from django.utils.translation import gettext as _

from inspections.enums import Stage
from inspections.models import AnnualPlan, Inspection, PlanEntry
from villages.enums import VillageClass, VillageStatus
from villages.models import Village

from .due import years_in_time
from .load import setting_of
from .recusals import townships_without_inspectors
from .remarks import Remark, named
from .suggestion import Left, left_over, need_strangers


def plan_warnings(plan: AnnualPlan) -> list[Remark]:
    """All doubts about the plan as it stands, the gravest first."""
    left = left_over(plan)
    entries = list(plan.entries.select_related("village__division", "village__township"))
    found = [
        _pace(plan, left, entries),
        _year_end(plan, left, entries),
        _capacity(plan, entries),
        _recused(plan, entries),
        _twice(plan, entries),
        _changed(entries),
        _covered_already(left, entries),
        *_classes_without(left, entries),
        _key_focus_late(plan, left, entries),
        _unclassed(left),
    ]
    return [one for one in found if one]


def _pace(plan: AnnualPlan, left: Left, entries: list[PlanEntry]) -> Remark | None:
    """At this year's number every year, is every village reached before the term ends?"""
    new = _new(left, entries)
    rest = len(left.open) + len(new)
    if not rest or len(new) * left.years_left >= rest:
        return None
    return Remark(
        "pace",
        _("按每年 %(pace)s 个村的进度，到届末（%(end)s 年）还有 %(short)s 个村不能覆盖。每年至少要巡察 %(need)s 个村。")
        % {
            "pace": len(new),
            "end": plan.term.ends_on.year,
            "short": rest - len(new) * left.years_left,
            "need": ceil(rest / left.years_left),
        },
    )


def _year_end(plan: AnnualPlan, left: Left, entries: list[PlanEntry]) -> Remark | None:
    """Does the plan reach the target that the term sets for this year's end?"""
    target = plan.term.targets.filter(year=plan.year).values_list("percent", flat=True).first()
    total = len(left.active)
    if not target or not total:
        return None
    ahead = sum(one.pk in left.covered or one.pk in left.under_way for one in left.active)
    reached = (ahead + len(_new(left, entries))) / total * 100
    if reached >= target:
        return None
    return Remark(
        "target",
        _("按本计划，%(year)s 年末覆盖率为 %(reached).1f%%，低于目标 %(target)s%%，还差 %(short)s 个村。")
        % {
            "year": plan.year,
            "reached": reached,
            "target": target,
            "short": ceil(total * target / 100) - ahead - len(_new(left, entries)),
        },
    )


def _capacity(plan: AnnualPlan, entries: list[PlanEntry]) -> Remark | None:
    """Waves that hold more than all the county's teams can do."""
    most = setting_of(plan.county).per_wave
    if most is None:
        return None
    full = [(wave, count) for wave, count in sorted(Counter(one.wave for one in entries).items()) if count > most]
    if not full:
        return None
    told = "、".join(_("第 %(wave)s 轮 %(count)s 个") % {"wave": wave, "count": count} for wave, count in full)
    return Remark("capacity", _("巡察力量每轮最多 %(most)s 个村，列得过多：%(told)s。") % {"most": most, "told": told})


def _recused(plan: AnnualPlan, entries: list[PlanEntry]) -> Remark | None:
    """Villages that none of the county's own teams may inspect."""
    away = townships_without_inspectors(plan.county)
    names = [one.village.full_name for one in entries if need_strangers(one.village, one.mode, away)]
    return named("recused", _("%s 个村，本县巡察组人员都须回避，请改为交叉巡察或提级巡察。"), names)


def _twice(plan: AnnualPlan, entries: list[PlanEntry]) -> Remark | None:
    """Villages that would be inspected a second time within the plan's year."""
    ids = [one.village_id for one in entries]
    same_year = Q(round__plan__year=plan.year) | Q(entered_on__year=plan.year)
    rows = Inspection.objects.filter(same_year, Q(village_id__in=ids) | Q(village__successor_id__in=ids))
    rows = rows.exclude(status=Stage.CANCELLED)
    again: set[int | None] = set()
    by_this_plan: set[int | None] = set()
    for plan_id, *places in rows.values_list("round__plan_id", "village_id", "village__successor_id"):
        (by_this_plan if plan_id == plan.pk else again).update(places)
    names = [
        one.village.full_name
        for one in entries
        if one.village_id in again or (one.village_id not in by_this_plan and _inspected_in(one.village, plan.year))
    ]
    return named("twice", _("%s 个村在本年度已经巡察过，一年之内不宜重复巡察。"), names)


def _inspected_in(village: Village, year: int) -> bool:
    return village.last_inspected_on is not None and village.last_inspected_on.year == year


def _changed(entries: list[PlanEntry]) -> Remark | None:
    names = [
        one.village.full_name
        for one in entries
        if one.village.status != VillageStatus.ACTIVE or one.village.klass != one.klass
    ]
    return named("changed", _("%s 个村列入计划后已改变分类或已并入他村，请核对。"), names)


def _covered_already(left: Left, entries: list[PlanEntry]) -> Remark | None:
    names = [one.village.full_name for one in entries if one.village_id in left.covered | left.under_way]
    return named("covered", _("%s 个村本届已经巡察或正在巡察，再列入不增加覆盖。"), names)


def _classes_without(left: Left, entries: list[PlanEntry]) -> list[Remark]:
    """Classes that still have villages to be covered, but none on this plan."""
    planned = Counter(one.klass for one in entries)
    waiting = Counter(one.klass for one in left.open if one.klass)
    return [
        Remark(
            "class",
            _("%(klass)s还有 %(count)s 个没有覆盖，本计划一个也没有列入。") % {"klass": label, "count": waiting[value]},
        )
        for value, label in VillageClass.choices
        if waiting[value] and not planned[value]
    ]


def _key_focus_late(plan: AnnualPlan, left: Left, entries: list[PlanEntry]) -> Remark | None:
    """Key-focus villages belong in the first half of the term."""
    waiting = left.of_class(VillageClass.KEY_FOCUS)
    pace = sum(one.klass == VillageClass.KEY_FOCUS for one in _new(left, entries))
    in_time = pace * max(years_in_time(plan.term, VillageClass.KEY_FOCUS, plan.year) - 1, 0)
    text = _("按此进度，%s 个重点关注村不能在届期的前半段巡察。")
    return named("key_focus", text, [one.full_name for one in waiting[in_time:]])


def _unclassed(left: Left) -> Remark | None:
    names = [one.full_name for one in left.active if not one.klass]
    return named("unclassed", _("%s 个村还没有审定分类，不能列入计划。"), names)


def _new(left: Left, entries: list[PlanEntry]) -> list[PlanEntry]:
    """Entries that add to the coverage; two whose villages have merged add one."""
    gone = left.covered | left.under_way
    return list({one.village_id: one for one in entries if one.village_id not in gone}.values())
