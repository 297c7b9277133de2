from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import VersionField
from inspections.enums import Mode
from villages.enums import VillageClass

from .base import Asked, ServiceForm, chosen


class InspectionQuery(forms.Form):
    q = forms.CharField(label=_("村名或编号"), required=False, max_length=40)
    township = forms.TypedChoiceField(label=_("乡镇（街道）"), required=False, coerce=int, empty_value=None)
    round = forms.TypedChoiceField(label=_("轮次"), required=False, coerce=int, empty_value=None)
    klass = forms.ChoiceField(label=_("分类"), required=False, choices=chosen(VillageClass.choices))
    mode = forms.ChoiceField(label=_("巡察方式"), required=False, choices=chosen(Mode.choices))
    county = Asked()
    year = Asked()
    team = Asked()
    member = Asked()
    entered = forms.ChoiceField(required=False, choices=[("", ""), ("yes", "")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, townships: Any = (), rounds: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = chosen((one.pk, one.name) for one in townships)  # type: ignore[attr-defined]
        self.fields["round"].choices = chosen((one.pk, one.name) for one in rounds)  # type: ignore[attr-defined]


class ArrangeForm(ServiceForm):
    """Mode and dates of one inspection."""

    mode = forms.ChoiceField(label=_("巡察方式"), choices=Mode.choices)
    mode_reason = forms.CharField(
        label=_("方式与分类不一致的理由"),
        required=False,
        max_length=200,
        help_text=_("改用分类之外的方式时必填。"),
    )
    theme = forms.CharField(label=_("专项主题"), required=False, max_length=60, help_text=_("专项巡察时必填。"))
    focus = forms.MultipleChoiceField(
        label=_("清单范围（点位）"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        help_text=_("只在专项巡察时选；主题是五类重点问题之一的，不选就按主题带出。"),
    )
    planned_from = forms.DateField(label=_("计划进驻"))
    planned_to = forms.DateField(label=_("计划离村"))
    version = VersionField()

    def __init__(self, *args: Any, points: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["focus"].choices = [(code, f"{code} {name}") for code, name in points]  # type: ignore[attr-defined]
        self.fields["planned_to"].help_text = _("改了方式、没有改日期的，按方式的天数重新计算。")
