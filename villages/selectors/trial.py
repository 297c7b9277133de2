"""A dry run: what a set of rules would suggest for the villages of a place, before anybody relies on it (B4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Division
from common.counting import CAP
from villages.enums import VillageStatus
from villages.models import RuleSet, SuggestionRule, Village

from .criteria import CRITERIA
from .suggestions import Suggestion, fits, rules_for, suggest
from .villages import SHOWN, class_visible

SAMPLE = 20


@dataclass
class Line:
    """One village whose suggestion is not what its class, or today's suggestion, is."""

    village: Village
    before: Suggestion | None
    after: Suggestion | None


@dataclass
class Differences:
    count: int = 0
    sample: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        self.count += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(line)


@dataclass
class Trial:
    """What the rules found over `tested` villages; `capped` when the place has more than were tried."""

    tested: int = 0
    capped: bool = False
    pairs: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    """(approved class, suggested class) → villages."""
    hits: Counter[int] = field(default_factory=Counter)
    """Rule → villages that it fits, whichever rule decides."""
    from_class: Differences = field(default_factory=Differences)
    from_today: Differences = field(default_factory=Differences)

    def suggested(self, klass: str | None) -> int:
        return sum(number for (_approved, found), number in self.pairs.items() if found == klass)


def try_rules(user: Any, rules: Sequence[SuggestionRule], *, county: Division | None = None) -> Trial:
    """Try `rules` on the active villages of the county, or, for the city's rules, of the counties that follow them.

    At most 10,000 villages, in the order of their codes; the number of queries does not depend on how many there are.
    """
    villages = list(_tried(user, county)[: CAP + 1])
    trial = Trial(min(len(villages), CAP), len(villages) > CAP)
    today = rules_for(county)
    for village in villages[:CAP]:
        line = Line(village, suggest(village, today), suggest(village, rules))
        found = line.after.klass if line.after else None
        trial.pairs[village.klass, found] += 1
        trial.hits.update(rule.pk for rule in rules if fits(village, rule))
        if village.klass and found and village.klass != found:
            trial.from_class.add(line)
        if said(line.before) != said(line.after):
            trial.from_today.add(line)
    _name([*trial.from_class.sample, *trial.from_today.sample])
    return trial


def said(suggestion: Suggestion | None) -> tuple[Any, ...]:
    """What makes two suggestions the same to a reader: class and kinds."""
    return (suggestion.klass, {one.pk for one in suggestion.kinds}) if suggestion else ()


def _tried(user: Any, county: Division | None) -> Any:
    villages = class_visible(user).filter(status=VillageStatus.ACTIVE).order_by("division__code")
    if county is not None:
        villages = villages.filter(county=county)
    else:
        own = RuleSet.objects.filter(county__isnull=False, enabled_at__isnull=False, retired_at=None)
        villages = villages.exclude(county__in=own.values("county"))
    return villages.only("pk", "klass", *CRITERIA)


def _name(lines: list[Line]) -> None:
    """Only the villages that are shown are loaded with their names."""
    named = Village.objects.select_related(*SHOWN).in_bulk([one.village.pk for one in lines])
    for one in lines:
        one.village = named[one.village.pk]
