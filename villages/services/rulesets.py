"""The rules of suggestion, changed in the browser: a draft is made, tried out and put in force (B4).

What was in force is kept as it was; the trail has every step with the rule's sentence before and after it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit, policy
from common.errors import Conflict
from villages.enums import VillageClass
from villages.models import UNNAMED, RuleSet, SuggestionRule, VillageKind
from villages.selectors import criteria
from villages.selectors.rulesets import in_force

MOST_RULES = 60
STEP = 10
REASON_LIMIT = 120


@transaction.atomic
def begin_draft(*, county: Division | None, actor: Any) -> RuleSet:
    """The draft of the county (of the city: None), made as a copy of what is in force if there is none yet.

    A county that follows the city's rules so begins with a copy of the city's. Needs "edit". Raises PermissionDenied.
    """
    policy.allows(actor, "edit", RuleSet(county=county)).demand()
    draft, is_new = RuleSet.objects.get_or_create(
        county=county, enabled_at=None, retired_at=None, defaults={"created_by": actor}
    )
    if is_new and (copied := in_force(county)):
        rules = list(copied.rules.all())
        for number, rule in enumerate(rules, 1):
            rule.pk, rule.rule_set, rule.order = None, draft, number * STEP
        SuggestionRule.objects.bulk_create(rules)
        audit.record(
            "begin_rules", draft, actor=actor, note=_("照“%(set)s”拟定，%(n)d 条") % {"set": copied, "n": len(rules)}
        )
    return draft


@transaction.atomic
def add_rule(*, draft: RuleSet, actor: Any, version: int, **given: Any) -> SuggestionRule:
    """Add a rule at the end: `field operator value` suggests `klass` and `kind`, for `reason`. Needs "edit".

    Raises PermissionDenied, Conflict (somebody else changed or enabled the draft), ValidationError by field.
    """
    draft = _opened(draft, actor, version)
    if draft.rules.count() >= MOST_RULES:
        raise ValidationError(_("一套规则最多 %d 条，请先停用不需要的。") % MOST_RULES)
    last = draft.rules.aggregate(last=Max("order"))["last"] or 0
    rule = SuggestionRule(rule_set=draft, order=last + STEP)
    _fill(rule, **given)
    rule.save()
    audit.record("add_rule", draft, actor=actor, changes={"rule": [None, _whole(rule)]})
    return rule


@transaction.atomic
def edit_rule(*, rule: SuggestionRule, actor: Any, version: int, **given: Any) -> SuggestionRule:
    """Change one rule of a draft. Raises as `add_rule`."""
    draft = _opened(rule.rule_set, actor, version)
    rule = draft.rules.select_related("kind").get(pk=rule.pk)
    before = _whole(rule)
    _fill(rule, **given)
    rule.save()
    audit.record("edit_rule", draft, actor=actor, changes={"rule": [before, _whole(rule)]})
    return rule


@transaction.atomic
def move_rule(*, rule: SuggestionRule, actor: Any, version: int, up: bool) -> None:
    """Exchange a rule with the one before or after it; at the end of the list nothing happens. Raises as `add_rule`."""
    draft = _opened(rule.rule_set, actor, version)
    rules = list(draft.rules.select_related("kind").order_by("order", "id"))
    place = rules.index(rule)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for number, one in enumerate(rules, 1):
        one.order = number * STEP
    SuggestionRule.objects.bulk_update(rules, ["order"])
    changes = {"order": [place + 1, other + 1]}
    audit.record("move_rule", draft, actor=actor, note=criteria.sentence(rules[other]), changes=changes)


@transaction.atomic
def remove_rule(*, rule: SuggestionRule, actor: Any, version: int) -> None:
    """Take a rule out of a draft; the sets before it keep theirs. Raises as `add_rule`."""
    draft = _opened(rule.rule_set, actor, version)
    rule = draft.rules.select_related("kind").get(pk=rule.pk)
    audit.record("remove_rule", draft, actor=actor, changes={"rule": [_whole(rule), None]})
    rule.delete()


@transaction.atomic
def enable_rules(*, draft: RuleSet, actor: Any, version: int) -> RuleSet:
    """Put a draft in force in place of the set before it, which is kept. Needs "enable".

    Raises PermissionDenied, Conflict, ValidationError (a set without rules).
    """
    draft = _opened(draft, actor, version, "enable")
    if not draft.rules.exists():
        raise ValidationError(_("草稿里还没有规则，不能启用；请先增加规则，或放弃草稿。"))
    before = in_force(draft.county)
    if before and before.county_id == draft.county_id:
        _retire(before)
    draft.enabled_by, draft.enabled_at = actor, timezone.now()
    draft.save(update_fields=["enabled_by", "enabled_at"])
    audit.record("enable_rules", draft, actor=actor, changes={"rules": [_all(before), _all(draft)]})
    return draft


@transaction.atomic
def discard_draft(*, draft: RuleSet, actor: Any, version: int) -> None:
    """Give a draft up. Needs "edit". Raises PermissionDenied, Conflict."""
    draft = _opened(draft, actor, version)
    _retire(draft)
    audit.record("discard_rules", draft, actor=actor, changes={"rules": [_all(draft), None]})


@transaction.atomic
def restore_rules(*, rule_set: RuleSet, actor: Any, version: int) -> None:
    """Retire a county's own set, so that the city's rules hold there again. Needs "enable".

    Raises PermissionDenied, Conflict (it is no longer in force, or it is the city's).
    """
    rule_set = _locked(rule_set, actor, version, "enable")
    if rule_set.county_id is None or not rule_set.in_force:
        raise Conflict(_("本县执行的已经是全市规则。"))
    _retire(rule_set)
    audit.record("restore_rules", rule_set, actor=actor, changes={"rules": [_all(rule_set), _all(in_force(None))]})


def _locked(rule_set: RuleSet, actor: Any, version: int, action: str) -> RuleSet:
    """The set itself, locked, with its version counted on: two people never change one set unseen."""
    fresh = RuleSet.objects.select_for_update(of=("self",)).select_related("county").get(pk=rule_set.pk)
    policy.allows(actor, action, fresh).demand()
    if fresh.version != version:
        raise Conflict(_("这套规则已被他人修改，请刷新后再办。您填写的内容没有保存。"))
    fresh.version += 1
    fresh.save(update_fields=["version"])
    return fresh


def _opened(draft: RuleSet, actor: Any, version: int, action: str = "edit") -> RuleSet:
    fresh = _locked(draft, actor, version, action)
    if not fresh.is_draft:
        raise Conflict(_("这份草稿已经启用或放弃，请刷新页面。"))
    return fresh


def _retire(rule_set: RuleSet) -> None:
    rule_set.retired_at = timezone.now()
    rule_set.save(update_fields=["retired_at"])


def _fill(
    rule: SuggestionRule, *, field: str, operator: str, value: str, klass: str, kind: VillageKind | None, reason: str
) -> None:
    """Set what the rule says, or say what is wrong with it."""
    value = criteria.checked(field, operator, value)
    if klass not in VillageClass.values:
        raise ValidationError({"outcome": _("请选择建议的类别。")})
    if kind and (kind.klass != klass or kind.name == UNNAMED):
        raise ValidationError({"outcome": _("细类不属于所选的类别，或还没有命名，请重新选择。")})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": _("理由最多 %d 个字，请精简。") % REASON_LIMIT})
    said = {"field": field, "operator": operator, "value": value, "klass": klass, "kind": kind}
    if SuggestionRule.objects.filter(rule_set=rule.rule_set, **said).exclude(pk=rule.pk).exists():
        raise ValidationError(_("已有一条同样的规则，不必重复。"))
    for name, one in said.items():
        setattr(rule, name, one)
    rule.reason = reason.strip() or criteria.condition(rule)


def _whole(rule: SuggestionRule) -> str:
    return f"{criteria.sentence(rule)}（{rule.reason}）"


def _all(rule_set: RuleSet | None) -> str | None:
    """Every sentence of a set, for the trail."""
    if rule_set is None:
        return None
    rules = rule_set.rules.select_related("kind").order_by("order", "id")
    return "\n".join(f"{number}. {_whole(rule)}" for number, rule in enumerate(rules, 1))
