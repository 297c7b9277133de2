"""Forms of common issues and of campaigns."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganKind
from accounts.models import Division, Organ
from common.forms import VersionField
from inspections.forms.base import ServiceForm

LONG = {"rows": 4}


class OrganField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ThresholdForm(ServiceForm):
    villages = forms.IntegerField(label=_("涉及村不少于（个）"), min_value=2, max_value=1000)
    townships = forms.IntegerField(label=_("涉及乡镇不少于（个）"), min_value=1, max_value=200)
    share = forms.IntegerField(label=_("占已反馈村不少于（%）"), min_value=0, max_value=100)
    remind_days = SimpleArrayField(
        forms.IntegerField(min_value=-365, max_value=365),
        label=_("自查提醒日"),
        max_length=20,
        help_text=_("未巡先改的答复时限前几天提醒，用逗号分开；0 是到期当天，-1 是超期 1 天。"),
        error_messages={
            "required": _("请至少填写一天。"),
            "item_invalid": _("请填写用逗号分开的整数，如 7,3,1,0,-1：第 %(nth)s 项"),
        },
    )

    def clean_remind_days(self) -> list[int]:
        return sorted(set(self.cleaned_data["remind_days"]), reverse=True)


class IssueForm(ServiceForm):
    """Which department, until when, and why it recurs."""

    department = OrganField(label=_("牵头部门"), queryset=Organ.objects.none(), empty_label=_("请选择"))
    deadline = forms.DateField(label=_("整治时限"))
    analysis = forms.CharField(
        label=_("成因分析和整治建议"),
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        help_text=_("为什么反复出现，部门要从制度、监管上治什么。"),
    )

    def __init__(self, *args: Any, county: Division, **kwargs: Any):
        super().__init__(*args, **kwargs)
        departments = Organ.objects.filter(kind=OrganKind.FUNCTIONAL_DEPARTMENT, division=county).order_by("name")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class VersionForm(ServiceForm):
    version = VersionField(required=False)


class TakeOnForm(VersionForm):
    plan = forms.CharField(
        label=_("整治措施"), max_length=2000, widget=forms.Textarea(attrs=LONG), help_text=_("本部门怎样从源头上治。")
    )
    measure = forms.CharField(label=_("每个村要完成的任务"), max_length=300)
    deadline = forms.DateField(label=_("各村时限"), help_text=_("不晚于整治时限。"))


class FinishForm(VersionForm):
    result = forms.CharField(label=_("整治结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    done_on = forms.DateField(label=_("完成日期"))


class ReportForm(VersionForm):
    result = forms.CharField(
        label=_("整治结果"),
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        help_text=_("查清什么、纠正什么、建立什么制度。"),
    )
