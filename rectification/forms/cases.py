"""Case results and lessons (E10)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common.calendar import today
from common.forms import KeyField, VersionField
from rectification.enums import CaseOutcome

from .acts import VersionForm


class CaseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("处理结果"), choices=CaseOutcome.choices, widget=forms.RadioSelect)
    people = forms.IntegerField(label=_("处理人数"), min_value=0, max_value=999, initial=1)
    concluded_on = forms.DateField(label=_("办结日期"))
    document_number = forms.CharField(
        label=_("文号"), max_length=40, required=False, help_text=_("只填文号，不写人名和案情。")
    )
    key = KeyField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["concluded_on"].initial = today


class LessonForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(
        label=_("正文"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("写教训和要求。不写人名、村名和可以对上号的情节。“一、”“（一）”开头的段落作标题。"),
    )
    version = VersionField(required=False)


class IssueForm(VersionForm):
    townships: Any = forms.ModelMultipleChoiceField(
        queryset=Division.objects.none(),
        label=_("发到哪些乡镇（街道）"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择发到哪些乡镇。")},
    )
    with_villages = forms.BooleanField(label=_("同时发到所辖村（社区）党组织"), required=False)

    def __init__(self, *args: Any, townships: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["townships"].queryset = townships  # type: ignore[attr-defined]
