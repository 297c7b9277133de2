from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.enums import Mode
from inspections.models import InspectionSetting

from .base import ServiceForm


class ForcesForm(ServiceForm):
    """What the county's teams can do in a year, and how many days each mode takes."""

    waves = forms.IntegerField(label=_("每年轮数"), min_value=1, max_value=12)
    teams = forms.IntegerField(label=_("每轮可派巡察组"), min_value=1, max_value=99, required=False)
    villages_per_team = forms.IntegerField(
        label=_("每组每轮巡察村数"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=_("与组数相乘就是一轮的力量；都不填表示不限。"),
    )
    member_days = forms.IntegerField(
        label=_("每人全年驻村上限（天）"), min_value=1, max_value=366, help_text=_("超过时编组会提示，不拦。")
    )

    def __init__(self, *args: Any, setting: InspectionSetting, **kwargs: Any):
        names = ("waves", "teams", "villages_per_team", "member_days")
        days = {f"days_{one}": setting.days_of(one) for one in Mode.values}
        kwargs["initial"] = {name: getattr(setting, name) for name in names} | days
        super().__init__(*args, **kwargs)
        for mode, label in Mode.choices:
            short = str(label).split("（")[0]
            self.fields[f"days_{mode}"] = forms.IntegerField(label=_("%s（天）") % short, min_value=1, max_value=90)

    def days_fields(self) -> Iterator[Any]:
        return (self[f"days_{mode}"] for mode in Mode.values)

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        days = {mode: self.cleaned_data[f"days_{mode}"] for mode in Mode.values}
        rest = {name: value for name, value in self.cleaned_data.items() if not name.startswith("days_")}
        return rest | {"days": days}
