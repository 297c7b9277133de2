"""A county's own reminder rules, within what the city allows, and the dry run before they are kept (E7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division, User
from common import audit, policy
from rectification.enums import Audience
from rectification.models import CountyRule, CountySetting, ReminderRule
from rectification.selectors import reminders as reads

MORE = tuple(one for one in Audience if one != Audience.CITY_OFFICE)  # a county reminds its own people


@dataclass(frozen=True)
class Wish:
    """What a county wants of one rule."""

    offset_days: int
    is_active: bool = True
    more: list[str] = field(default_factory=list)


def try_rules(*, county: Division, wishes: Mapping[int, Wish], quiet_days: bool, actor: User) -> reads.Preview:
    """Whom the next run would reach under these rules; nothing is kept. Raises what `set_rules` raises."""
    with transaction.atomic():
        _write(county, wishes, quiet_days, actor)
        foretold = reads.preview(on=reads.next_day(), county=county)
        transaction.set_rollback(True)
    return foretold


@transaction.atomic
def set_rules(*, county: Division, wishes: Mapping[int, Wish], quiet_days: bool, actor: User) -> None:
    """Keep the county's rules. Needs "edit" on its setting (the head). Raises ValidationError outside the bounds.

    What was reminded by a rule for a deadline is not reminded by it again, whatever its days are now.
    """
    changes = _write(county, wishes, quiet_days, actor)
    if changes:
        audit.record("edit_reminder_rules", CountySetting.objects.get(county=county), actor=actor, changes=changes)


def _write(county: Division, wishes: Mapping[int, Wish], quiet_days: bool, actor: User) -> dict[str, Any]:
    setting, _created = CountySetting.objects.get_or_create(county=county)
    policy.allows(actor, "edit", setting).demand()
    setting = CountySetting.objects.select_for_update().get(pk=setting.pk)
    rules = {one.pk: one for one in ReminderRule.objects.filter(is_active=True)}
    _check(rules, wishes)
    before = {one.rule_id: one for one in CountyRule.objects.filter(county=county)}
    changes: dict[str, Any] = {}
    for pk, wish in wishes.items():
        old, new = words(rules[pk], _wish(rules[pk], before.get(pk))), words(rules[pk], wish)
        if old != new:
            changes[rules[pk].label] = [old, new]
            fields = {"offset_days": wish.offset_days, "is_active": wish.is_active, "more": wish.more}
            CountyRule.objects.update_or_create(county=county, rule=rules[pk], defaults=fields)
    if setting.quiet_days != quiet_days:
        changes["quiet_days"] = [setting.quiet_days, quiet_days]
        setting.quiet_days = quiet_days
        setting.save(update_fields=["quiet_days"])
    return changes


def _wish(rule: ReminderRule, mine: CountyRule | None) -> Wish:
    return Wish(mine.offset_days, mine.is_active, mine.more) if mine else Wish(rule.offset_days)


def wishes_of(county: Division | None) -> list[tuple[ReminderRule, Wish]]:
    """Each rule of the city with what the county, if any, has made of it."""
    mine = {one.rule_id: one for one in CountyRule.objects.filter(county=county)} if county else {}
    return [(one, _wish(one, mine.get(one.pk))) for one in reads.rules()]


def _check(rules: Mapping[int, ReminderRule], wishes: Mapping[int, Wish]) -> None:
    wrong: dict[str, str] = {}
    for pk, wish in wishes.items():
        rule = rules.get(pk)
        if rule is None:
            raise ValidationError(_("提醒规则已有变化，请刷新页面后再改。"))
        low, high = bounds(rule)
        if not low <= wish.offset_days <= high:
            wrong[f"days_{pk}"] = _("“%(rule)s”只能定在%(low)s到%(high)s之间。") % {
                "rule": rule.label,
                "low": day_words(low),
                "high": day_words(high),
            }
        if not wish.is_active and not rule.may_stop:
            wrong[f"days_{pk}"] = _("“%s”是全市统一的，不能停用。") % rule.label
        if set(wish.more) - set(MORE):
            wrong[f"more_{pk}"] = _("只能另外提醒本县的单位。")
    if wrong:
        raise ValidationError(wrong)


def bounds(rule: ReminderRule) -> tuple[int, int]:
    """Between which days a county may put it; both the rule's own where the city has left nothing open."""
    if rule.least is None or rule.most is None:
        return rule.offset_days, rule.offset_days
    return rule.least, rule.most


def day_words(offset: int) -> str:
    if offset == 0:
        return _("到期当天")
    return _("到期前 %s 天") % -offset if offset < 0 else _("超期 %s 天") % offset


def words(rule: ReminderRule, wish: Wish) -> str:
    """到期前 10 天：村（社区）党组织、乡镇（街道）党委."""
    if not wish.is_active:
        return _("不提醒")
    people = "、".join(str(Audience(one).label) for one in dict.fromkeys([*rule.audience, *wish.more]))
    return f"{day_words(wish.offset_days)}：{people}"
