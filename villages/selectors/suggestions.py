"""What class the rules suggest for a village, and why. They suggest, people decide (B4).

Rules are read by their order: the first that fits gives the class, later ones of the same class add kinds and
reasons. A field that is not filled in fits no rule. A county that has rules of its own does without the city's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q

from accounts.models import Division
from villages.models import SuggestionRule, Village, VillageKind

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "ne": lambda value, wanted: value != wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "has": lambda value, wanted: str(wanted) in str(value),
}


@dataclass(frozen=True)
class Suggestion:
    klass: str
    kinds: tuple[VillageKind, ...]
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        return "；".join(self.reasons)


def rules_for(county: Division | int) -> list[SuggestionRule]:
    """The county's own rules, or else the city's."""
    in_force = SuggestionRule.objects.filter(rule_set__enabled_at__isnull=False, rule_set__retired_at=None)
    of_both = Q(rule_set__county=county) | Q(rule_set__county=None)
    rules = list(in_force.filter(of_both).select_related("kind", "rule_set").order_by("order", "id"))
    own = [one for one in rules if one.rule_set.county_id is not None]
    return own or rules


def suggest(village: Village, rules: Sequence[SuggestionRule]) -> Suggestion | None:
    """The suggestion for one village, or None when no rule fits."""
    fitting = [rule for rule in rules if fits(village, rule)]
    if not fitting:
        return None
    same = [rule for rule in fitting if rule.klass == fitting[0].klass]
    kinds = dict.fromkeys(rule.kind for rule in same if rule.kind)
    return Suggestion(fitting[0].klass, tuple(kinds), tuple(dict.fromkeys(rule.reason for rule in same)))


def suggest_all(villages: Iterable[Village]) -> dict[int, Suggestion]:
    """{village: suggestion} for those that a rule fits; the rules are read once a county."""
    rules: dict[int, list[SuggestionRule]] = {}
    found = {}
    for village in villages:
        if village.county_id not in rules:
            rules[village.county_id] = rules_for(village.county_id)
        if suggestion := suggest(village, rules[village.county_id]):
            found[village.pk] = suggestion
    return found


def fits(village: Village, rule: SuggestionRule) -> bool:
    value = getattr(village, rule.field)
    if value is None or value == "":
        return False
    wanted = _wanted(rule.value, value)
    return wanted is not None and OPERATORS[rule.operator](value, wanted)


def _wanted(text: str, like: Any) -> Any:
    """The rule's value in the type of the field; None when it is none."""
    if isinstance(like, bool):
        return {"yes": True, "no": False}.get(text)
    if isinstance(like, int | Decimal):
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    return text
