"""What a county decides for itself: durations by kind from a day on, and the amber days."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.calendar import today
from common.enums import Unit
from inspections.models import Round
from rectification.enums import DeadlineKind

USED = (DeadlineKind.IMMEDIATE, DeadlineKind.PLAN, DeadlineKind.ORDINARY, DeadlineKind.LONG_TERM_REVIEW)


class DeadlinesForm(forms.Form):
    amber_days = forms.IntegerField(
        label=_("黄灯天数"), min_value=1, max_value=60, help_text=_("离时限不超过这么多天亮黄灯；超期亮红灯。")
    )
    satisfaction_least = forms.IntegerField(
        label=_("群众满意度标准（%）"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("满意和基本满意合计低于它的，不写明理由不能销号。"),
    )
    satisfaction_fewest = forms.IntegerField(
        label=_("满意度最少人数"),
        min_value=5,
        max_value=100,
        required=False,
        help_text=_("不足这个人数的，不作依据，也不显示结果。"),
    )
    round = forms.ModelChoiceField(
        label=_("适用轮次"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("各轮次（本县）"),
        help_text=_("某一轮次另有规定的，选这一轮次；它优先于本县的设置。"),
    )
    effective_from = forms.DateField(
        label=_("时限从哪天起执行"),
        help_text=_("影响这一天及以后交办的事项。选了轮次的，可以早到这一轮次开始的日子，已交办的事项保存前逐件列出。"),
    )

    def __init__(self, *args: Any, rounds: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if rounds is not None:
            self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
        for kind in USED:
            self.fields[f"{kind}_amount"] = forms.IntegerField(label=kind.label, min_value=1, max_value=999)
            self.fields[f"{kind}_unit"] = forms.ChoiceField(label=_("单位"), choices=Unit.choices)

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        round = self.cleaned_data.get("round")
        if day < (round.starts_on if round else today()):
            text = _("执行日期不能早于这一轮次开始的日子。") if round else _("执行日期不能早于今天。")
            raise forms.ValidationError(text)
        if day > today() + timedelta(days=366):
            raise forms.ValidationError(_("执行日期请定在一年以内。"))
        return day

    def rows(self) -> list[dict[str, Any]]:
        return [{"amount": self[f"{kind}_amount"], "unit": self[f"{kind}_unit"]} for kind in USED]

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = {key: data[key] for key in ("amber_days", "effective_from", "round")} | {"values": self.values()}
        asked = (data["satisfaction_least"], data["satisfaction_fewest"])
        return told | ({"satisfaction": asked} if all(asked) else {})

    def values(self) -> dict[str, tuple[int, str]]:
        data = self.cleaned_data
        return {str(kind): (data[f"{kind}_amount"], data[f"{kind}_unit"]) for kind in USED}
