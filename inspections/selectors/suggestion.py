"""What a year's plan should hold so that the term is covered: this year's share, key and risk first (A1, D2)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from inspections.enums import OPEN_STAGES
from inspections.models import AnnualPlan, Inspection, PlanEntry
from villages.enums import VillageClass, VillageStatus
from villages.models import Village
from villages.selectors.lineage import successors

from .coverage import covered_on

FIRST = (VillageClass.KEY_FOCUS, VillageClass.RISK)


@dataclass(frozen=True)
class Left:
    """Where the county's term stands, seen from one year's plan."""

    active: list[Village]
    covered: frozenset[int]
    under_way: frozenset[int]
    planned: frozenset[int]
    years_left: int
    first_half_years_left: int

    @property
    def open(self) -> list[Village]:
        """Active villages that nobody has covered, begun or planned yet."""
        gone = self.covered | self.under_way | self.planned
        return [one for one in self.active if one.pk not in gone]

    def of_class(self, klass: str | None) -> list[Village]:
        return [one for one in self.open if one.klass == klass]


def left_over(plan: AnnualPlan) -> Left:
    """Six queries, whatever the county's size."""
    active = Village.objects.filter(county_id=plan.county_id, status=VillageStatus.ACTIVE)
    term = plan.term
    middle = term.starts_on + (term.ends_on - term.starts_on) / 2
    return Left(
        active=list(active.select_related("division", "township").order_by("township__code", "division__code")),
        covered=frozenset(covered_on(term, plan.county_id)),
        under_way=frozenset(_under_way(plan)),
        planned=frozenset(plan.entries.values_list("village_id", flat=True)),
        years_left=max(term.ends_on.year - plan.year + 1, 1),
        first_half_years_left=max(middle.year - plan.year + 1, 0),
    )


def _under_way(plan: AnnualPlan) -> Iterable[int]:
    """Villages in an open inspection of the term, or on another year's plan whose round has not begun."""
    into = successors()
    begun = Inspection.objects.filter(round__plan__term=plan.term_id, county_id=plan.county_id, status__in=OPEN_STAGES)
    waiting = PlanEntry.objects.filter(plan__term=plan.term_id, plan__county=plan.county_id).exclude(plan=plan)
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


def plan_suggestion(plan: AnnualPlan, waves: int = 2) -> list[tuple[Village, int]]:
    """Villages to add to the plan, each with its wave; whole townships stay in one wave so that travel is short."""
    left = left_over(plan)
    chosen: list[Village] = []
    for klass, count in _quota(plan, left).items():
        chosen += _by_township(left.of_class(klass), count, Counter(one.township_id for one in chosen))
    return _in_waves(chosen, waves)


def _quota(plan: AnnualPlan, left: Left) -> dict[str, int]:
    """How many of each class this year: key within the first half of the term, risk a year before its end.

    What the year has room for beyond these shares goes to key, then to risk villages; what it has no room for is
    taken from the ordinary ones, of which one remains.
    """
    share = ceil((len(left.open) + len(left.planned)) / left.years_left)
    room = max(share, _target_gap(plan, left)) - len(left.planned)
    if room <= 0:
        return {}
    have = {klass: len(left.of_class(klass)) for klass in VillageClass.values}
    years = (max(left.first_half_years_left, 1), max(left.years_left - 1, 1), left.years_left)
    quota = {klass: ceil(have[klass] / spread) for klass, spread in zip(VillageClass.values, years, strict=True)}
    spare = room - sum(quota.values())
    for klass in VillageClass.values if spare > 0 else reversed(VillageClass.values[1:]):
        step = min(spare, have[klass] - quota[klass]) if spare > 0 else max(spare, min(1, quota[klass]) - quota[klass])
        quota[klass] += step
        spare -= step
    return quota


def _target_gap(plan: AnnualPlan, left: Left) -> int:
    """Villages that the year-end target of the term still asks for."""
    target = plan.term.targets.filter(year=plan.year).values_list("percent", flat=True).first() or 0
    ahead = sum(one.pk in left.covered or one.pk in left.under_way for one in left.active)
    return max(ceil(len(left.active) * target / 100) - ahead, 0)


def _by_township(villages: list[Village], count: int, chosen: "Counter[int]") -> list[Village]:
    """`count` villages, from townships already visited first, then from those with most of them left."""
    size = Counter(one.township_id for one in villages)
    villages = sorted(
        villages,
        key=lambda one: (-chosen[one.township_id], -size[one.township_id], one.township.code, one.division.code),
    )
    return villages[:count]


def _in_waves(villages: list[Village], waves: int) -> list[tuple[Village, int]]:
    """Fill wave after wave with whole townships, those with key and risk villages first."""
    groups: dict[int, list[Village]] = {}
    for one in villages:
        groups.setdefault(one.township_id, []).append(one)
    order = sorted(
        groups.values(), key=lambda group: (-sum(one.klass in FIRST for one in group), group[0].township.code)
    )
    size, placed, found = ceil(len(villages) / waves) or 1, 0, []
    for group in order:
        wave = min(placed // size + 1, waves)
        found += [(one, wave) for one in group]
        placed += len(group)
    return found
