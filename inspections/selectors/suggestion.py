"""What the plans should hold so that the term is covered: year by year, key and risk first (A1, D2).

Key-focus villages belong in the first half of the term, risk villages before its last year. What is left over is
spread over the years, at least as many as the year's target asks for and at most as many as the county's teams can
do. Whole townships stay in one wave, so that a round goes to neighbouring villages. What cannot be had is said.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from accounts.models import Division
from common.calendar import today
from common.wording import tenth
from inspections.enums import MODES_OF_CLASS, OPEN_STAGES, Mode
from inspections.models import AnnualPlan, Inspection, PlanEntry
from villages.enums import VillageClass, VillageStatus
from villages.models import Village
from villages.selectors.lineage import successors

from .coverage import covered_on
from .due import first_year_to_open, years_in_time
from .load import setting_of
from .recusals import townships_without_inspectors
from .remarks import Remark, named

FIRST = (VillageClass.KEY_FOCUS, VillageClass.RISK)
SENT_FROM_ELSEWHERE = (Mode.CROSS, Mode.RAISED)
WAVES = 12


@dataclass(frozen=True)
class Left:
    """Where the county's term stands, seen from one year's plan."""

    active: list[Village]
    covered: frozenset[int]
    under_way: frozenset[int]
    planned: Mapping[int, int]
    years_left: int

    @property
    def open(self) -> list[Village]:
        """Active villages that nobody has covered, begun or planned yet."""
        gone = {*self.covered, *self.under_way, *self.planned}
        return [one for one in self.active if one.pk not in gone]

    def of_class(self, klass: str | None) -> list[Village]:
        return [one for one in self.open if one.klass == klass]


@dataclass(frozen=True)
class Year:
    """One year's share: villages with their wave."""

    year: int
    entries: Sequence[tuple[Village, int]]

    @property
    def villages(self) -> list[Village]:
        return [village for village, _wave in self.entries]

    @property
    def total(self) -> int:
        return len(self.entries)

    @property
    def by_class(self) -> list[int]:
        count = Counter(one.klass for one in self.villages)
        return [count[klass] for klass in VillageClass.values]


@dataclass(frozen=True)
class Group:
    """One township's villages of a year, in the waves that they were given."""

    township: Division
    villages: list[Village]
    waves: list[int]


def by_township(entries: Iterable[tuple[Village, int]]) -> list[Group]:
    """Wave by wave, each township once."""
    groups: dict[int, Group] = {}
    for village, wave in sorted(entries, key=lambda one: (one[1], one[0].township.code, one[0].division.code)):
        group = groups.setdefault(village.township_id, Group(village.township, [], []))
        group.villages.append(village)
        if wave not in group.waves:
            group.waves.append(wave)
    return list(groups.values())


@dataclass(frozen=True)
class Suggestion:
    """What the plan's year and the years after it should hold, and which wishes that leaves open."""

    years: Sequence[Year]
    unmet: Sequence[Remark]

    @property
    def entries(self) -> Sequence[tuple[Village, int]]:
        return self.years[0].entries

    def of_townships(self, townships: Collection[int]) -> list[tuple[Village, int]]:
        return [(village, wave) for village, wave in self.entries if village.township_id in townships]


def left_over(plan: AnnualPlan) -> Left:
    """Six queries, whatever the county's size."""
    active = Village.objects.filter(county_id=plan.county_id, status=VillageStatus.ACTIVE)
    return Left(
        active=list(active.select_related("division", "township").order_by("township__code", "division__code")),
        covered=frozenset(covered_on(plan.term, plan.county_id)),
        under_way=frozenset(_under_way(plan)),
        planned=dict(plan.entries.values_list("village_id", "wave")),
        years_left=max(plan.term.ends_on.year - plan.year + 1, 1),
    )


def need_strangers(village: Village, mode: str, away: Collection[int]) -> bool:
    """The mode asks for a team of the county's own, and the county has none that may go there."""
    return village.township_id in away and mode not in SENT_FROM_ELSEWHERE


def _under_way(plan: AnnualPlan) -> Iterable[int]:
    """Villages in an open inspection of the term, or on another year's plan whose round may still begin."""
    into = successors()
    begun = Inspection.objects.filter(round__plan__term=plan.term_id, county_id=plan.county_id, status__in=OPEN_STAGES)
    waiting = PlanEntry.objects.filter(plan__term=plan.term_id, plan__county=plan.county_id).exclude(plan=plan)
    waiting = waiting.exclude(plan__year__lt=first_year_to_open(today()))
    opened = set(
        Inspection.objects.filter(round__plan__term=plan.term_id, county_id=plan.county_id).values_list(
            "round__plan_id", "round__number"
        )
    )
    for village in begun.values_list("village_id", flat=True):
        yield into.get(village, village)
    for village, plan_id, wave in waiting.values_list("village_id", "plan_id", "wave"):
        if (plan_id, wave) not in opened:
            yield into.get(village, village)


def term_suggestion(plan: AnnualPlan, waves: int | None = None) -> Suggestion:
    """The plan's year and all that follow; twelve queries, whatever the county's size."""
    left, setting = left_over(plan), setting_of(plan.county)
    spread = _Spread(plan, left, setting.per_wave, waves or setting.waves)
    years = list(spread.years())
    away = townships_without_inspectors(plan.county)
    return Suggestion(years, [one for one in spread.unmet(years, away) if one])


def _free_waves(plan: AnnualPlan, count: int) -> list[int]:
    """The first waves whose round has not been opened."""
    opened = set(plan.rounds.values_list("number", flat=True))
    return [one for one in range(1, WAVES + 1) if one not in opened][:count]


class _Spread:
    """Goes through the years with what is left over, taking from it what each of them can do."""

    def __init__(self, plan: AnnualPlan, left: Left, per_wave: int | None, count: int):
        self.plan, self.term, self.left = plan, plan.term, left
        self.per_wave, self.count, self.free = per_wave, count, _free_waves(plan, count)
        self.targets = dict(plan.term.targets.values_list("year", "percent"))
        self.ahead = sum(one.pk in left.covered or one.pk in left.under_way for one in left.active)
        self.rest, self.klass = left.open, {one.pk: one.klass for one in left.active}

    def years(self) -> Iterator[Year]:
        last = self.plan.year + self.left.years_left
        for year in range(self.plan.year, last):
            planned = self.left.planned if year == self.plan.year else {}
            quota = self._quota(year, last - year, Counter(self.klass.get(one) for one in planned))
            chosen: list[Village] = []
            for klass, count in quota.items():
                have = [one for one in self.rest if one.klass == klass]
                chosen += _by_township(have, count, Counter(one.township_id for one in chosen))
            taken = {one.pk for one in chosen}
            self.rest = [one for one in self.rest if one.pk not in taken]
            self.ahead += len(chosen) + len(planned)
            yield Year(year, list(_in_waves(chosen, self._waves(year), Counter(planned.values()), self.per_wave)))

    def _quota(self, year: int, years_left: int, planned: "Counter[str | None]") -> dict[str, int]:
        """How many of each class: key within the first half of the term, risk a year before its end.

        What the year has room for beyond these shares goes to key, then to risk villages; what it has no room for is
        taken from the ordinary, then from the risk ones, of which one remains, as long as there are teams for it. What
        the later years could no longer do in time is not taken away.
        """
        if not self._waves(year):
            return {}
        done = planned.total()
        room = max(ceil((len(self.rest) + done) / years_left), self._gap(year)) - done
        have = Counter(one.klass for one in self.rest)
        quota: dict[str, int] = {}
        least: dict[str, int] = {}
        waiting = 0
        for klass in VillageClass.values:
            years = max(years_in_time(self.term, klass, year), 1)
            waiting += have[klass]
            due = waiting - self._most(len(self.rest)) * (years - 1) - sum(quota.values())
            least[klass] = min(max(due, 0), have[klass])
            share = ceil((have[klass] + planned[klass]) / years) - planned[klass]
            quota[klass] = max(share, least[klass])
        spare = room - sum(quota.values())
        for klass in VillageClass.values if spare > 0 else reversed(VillageClass.values[1:]):
            few = max(least[klass], min(1, quota[klass]) if room > 0 else 0) - quota[klass]
            step = min(spare, have[klass] - quota[klass]) if spare > 0 else max(spare, few)
            quota[klass] += step
            spare -= step
        return self._within_capacity(quota, year, done)

    def _within_capacity(self, quota: dict[str, int], year: int, planned: int) -> dict[str, int]:
        if self.per_wave is None:
            return quota
        room = max(self.per_wave * len(self._waves(year)) - planned, 0)
        for klass in VillageClass.values:
            quota[klass] = min(quota[klass], room)
            room -= quota[klass]
        return quota

    def _waves(self, year: int) -> list[int]:
        """Those of this year that have not been opened; later years have all of theirs."""
        return self.free if year == self.plan.year else list(range(1, self.count + 1))

    def _most(self, unlimited: int) -> int:
        """Villages that one of the later years can take."""
        return unlimited if self.per_wave is None else self.per_wave * self.count

    def _gap(self, year: int) -> int:
        """Villages that the year-end target still asks for."""
        return max(ceil(len(self.left.active) * self.targets.get(year, 0) / 100) - self.ahead, 0)

    def unmet(self, years: Sequence[Year], away: Collection[int]) -> Iterator[Remark | None]:
        """Which wishes stay open, the gravest first."""
        classed = [one for one in self.rest if one.klass]
        yield self._left_at_the_end(years, classed)
        late = [
            one for year in years for one in year.villages if not years_in_time(self.term, one.klass, year.year)
        ] + classed
        key = [one for one in late if one.klass == VillageClass.KEY_FOCUS]
        yield named("key_focus", _("%s 个重点关注村排不进届期的前半段。"), _names(key))
        risk = [one for one in late if one.klass == VillageClass.RISK]
        yield named("risk", _("%s 个风险隐患村排不到最后一年之前。"), _names(risk))
        yield from self._targets_missed(years)
        usual: Mapping[str | None, str] = {klass: modes[0] for klass, modes in MODES_OF_CLASS.items()}
        own = [one for one in years[0].villages if need_strangers(one, usual[one.klass], away)]
        yield named("recused", _("%s 个村，本县巡察组人员都须回避，请改为交叉巡察或提级巡察。"), _names(own))
        waves: dict[str, set[int]] = {}
        for village, wave in years[0].entries:
            waves.setdefault(village.township.name, set()).add(wave)
        split = [name for name, found in waves.items() if len(found) > 1]
        yield named("split", _("%s 个乡镇的村一轮装不下，分在几轮。"), split)
        yield named(
            "unclassed", _("%s 个村还没有审定分类，不能列入。"), _names([one for one in self.rest if not one.klass])
        )

    def _left_at_the_end(self, years: Sequence[Year], rest: list[Village]) -> Remark | None:
        most = self._most(0)
        need = ceil((len(self.left.open) + len(self.left.planned)) / len(years))
        text = _("按每年最多 %(most)s 个村的巡察力量，到届末还有 %%s 个村排不进去。每年至少要能巡察 %(need)s 个村。")
        return named("capacity", text % {"most": most, "need": need}, _names(rest))

    def _targets_missed(self, years: Sequence[Year]) -> Iterator[Remark]:
        total, reached = len(self.left.active), self.ahead - sum(one.total for one in years)
        for year in years:
            reached += year.total
            target = self.targets.get(year.year, 0)
            if total and reached / total * 100 < target:
                told = {"year": year.year, "target": target, "reached": tenth(reached / total * 100)}
                yield Remark("target", _("%(year)s 年末目标 %(target)s%%，按建议只能到 %(reached)s%%。") % told)


def _names(villages: Iterable[Village]) -> list[str]:
    return [one.full_name for one in villages]


def _by_township(villages: list[Village], count: int, chosen: "Counter[int]") -> list[Village]:
    """`count` villages, from townships already visited first, then from those with most of them left."""
    size = Counter(one.township_id for one in villages)
    villages = sorted(
        villages,
        key=lambda one: (-chosen[one.township_id], -size[one.township_id], one.township.code, one.division.code),
    )
    return villages[:count]


def _in_waves(
    villages: list[Village], numbers: list[int], filled: "Counter[int]", most: int | None
) -> Iterator[tuple[Village, int]]:
    """Fill wave after wave with whole townships, those with key and risk villages first."""
    groups: dict[int, list[Village]] = {}
    for one in villages:
        groups.setdefault(one.township_id, []).append(one)
    order = sorted(
        groups.values(), key=lambda group: (-sum(one.klass in FIRST for one in group), group[0].township.code)
    )
    size, at, placed = ceil(len(villages) / max(len(numbers), 1)), 0, 0
    for group in order:
        if placed >= size:
            at, placed = at + 1, 0
        wished = numbers[at]
        placed += len(group)
        for wave, part in _fit(group, [wished, *(one for one in numbers if one != wished)], filled, most):
            filled[wave] += len(part)
            yield from ((one, wave) for one in part)


def _fit(
    group: list[Village], waves: list[int], filled: "Counter[int]", most: int | None
) -> Iterator[tuple[int, list[Village]]]:
    """The township in the first wave that has room for all of it; over several where none has."""
    whole = next((one for one in waves if most is None or filled[one] + len(group) <= most), None)
    if whole is not None:
        yield whole, group
        return
    for wave in waves:
        room = max((most or 0) - filled[wave], 0)
        if part := group[:room]:
            yield wave, part
        group = group[room:]
