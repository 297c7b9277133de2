"""A county's reminder rules: days within the city's bounds, more people, or not at all."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rectification.enums import Audience
from rectification.models import ReminderRule
from rectification.services.reminder_rules import MORE, Wish, bounds, day_words


class RulesForm(forms.Form):
    """One row a rule; days are counted from the deadline, before or after it as the rule is."""

    quiet_days = forms.BooleanField(
        label=_("休息日不发提醒"),
        required=False,
        help_text=_("周末和节假日不发，顺延到下一个工作日；调休上班的日子照发。"),
    )

    def __init__(self, *args: Any, rows: list[tuple[ReminderRule, Wish]], quiet_days: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rules = [rule for rule, _wish in rows]
        self.fields["quiet_days"].initial = quiet_days
        for rule, wish in rows:
            self._add(rule, wish)

    def _add(self, rule: ReminderRule, wish: Wish) -> None:
        low, high = bounds(rule)
        if rule.may_stop:
            self.fields[f"on_{rule.pk}"] = forms.BooleanField(label=_("启用"), required=False, initial=wish.is_active)
        if low != high:
            span = sorted((abs(low), abs(high)))
            label = _("到期前几天") if rule.offset_days < 0 else _("超期几天")
            self.fields[f"days_{rule.pk}"] = forms.IntegerField(
                label=label,
                min_value=span[0],
                max_value=span[1],
                initial=abs(wish.offset_days),
                help_text=_("%(low)s 至 %(high)s 天") % {"low": span[0], "high": span[1]},
            )
        offered = [(str(one), one.label) for one in MORE if one not in rule.audience]
        if offered:
            self.fields[f"more_{rule.pk}"] = forms.MultipleChoiceField(
                label=_("另外提醒"),
                choices=offered,
                required=False,
                initial=wish.more,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each rule with its fields, as far as it has them."""
        return [
            {
                "legend": f"{day_words(rule.offset_days)}" if rule.least is None else rule.label,
                "always": "、".join(str(Audience(one).label) for one in rule.audience),
                "fields": [self[name] for name in self._names(rule)],
            }
            for rule in self.rules
        ]

    def _names(self, rule: ReminderRule) -> list[str]:
        return [name for part in ("on", "days", "more") if (name := f"{part}_{rule.pk}") in self.fields]

    def wishes(self) -> dict[int, Wish]:
        data = self.cleaned_data
        return {
            rule.pk: Wish(
                offset_days=self._days(rule),
                is_active=data.get(f"on_{rule.pk}", True),
                more=data.get(f"more_{rule.pk}", []),
            )
            for rule in self.rules
        }

    def _days(self, rule: ReminderRule) -> int:
        days = self.cleaned_data.get(f"days_{rule.pk}")
        if days is None:
            return rule.offset_days
        return -days if rule.offset_days < 0 else int(days)
