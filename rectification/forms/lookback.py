"""回头看 and 销号对账."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common.calendar import today
from common.forms import KeyField
from rectification.enums import LookbackResult

from .acts import TEXT


class DrawForm(forms.Form):
    closed_from = forms.DateField(label=_("销号日期从"))
    closed_to = forms.DateField(label=_("到"))
    township: Any = forms.ModelChoiceField(
        queryset=Division.objects.none(), label=_("乡镇（街道）"), required=False, empty_label=_("全县")
    )
    size = forms.IntegerField(label=_("抽取件数"), min_value=1, max_value=200)
    key = KeyField()

    def __init__(self, *args: Any, townships: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships  # type: ignore[attr-defined]
        self.fields["closed_from"].initial = lambda: today() - timedelta(days=365)
        self.fields["closed_to"].initial = today
        self.fields["size"].initial = 5

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("closed_from"), data.get("closed_to")
        if first and last and first > last:
            self.add_error("closed_to", _("结束日期不能早于开始日期。"))
        return data


class LookbackForm(forms.Form):
    result = forms.ChoiceField(label=_("结果"), choices=LookbackResult.choices, widget=forms.RadioSelect)
    checked_on = forms.DateField(label=_("查看日期"))
    place = forms.CharField(label=_("查看地点"), max_length=60, required=False)
    seen = forms.CharField(
        label=_("查看情况"),
        max_length=500,
        widget=TEXT,
        help_text=_("登记后不能再改。不实或反弹的，由负责人重新启动整改，这里写的情况作为理由。"),
        error_messages={"required": _("请写明查看到的情况。")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["checked_on"].initial = today


class CountForm(forms.Form):
    told_total = forms.IntegerField(label=_("本乡镇台账件数"), min_value=0, max_value=99999)
    told_closed = forms.IntegerField(label=_("其中已销号"), min_value=0, max_value=99999)
    note = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        widget=TEXT,
        help_text=_("与县级台账不一致的，写明差在哪几件。"),
    )
