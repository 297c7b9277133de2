from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.calendar import today
from common.forms import FilesField, VersionField
from inspections.enums import DUTY_PAPERS, WORK_STAGES, DutyAnchor, DutyPost, Mode

from .base import ServiceForm, chosen


class DutyForm(ServiceForm):
    """What is said of a duty that is done; everything but the day may stay empty."""

    on = forms.DateField(label=_("办理日期"))
    remark = forms.CharField(label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    attachments = FilesField(label=_("附件"), required=False, help_text=_("有就传，没有不必补。"))
    version = VersionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class DutyTemplateForm(ServiceForm):
    """One line of a duty list; the stage is given once, when the line is added."""

    stage = forms.ChoiceField(label=_("阶段"), choices=[(one, one.label) for one in WORK_STAGES])
    title = forms.CharField(label=_("事项"), max_length=60, help_text=_("写要办的事，不写要留的痕。"))
    who = forms.ChoiceField(
        label=_("责任人"), choices=DutyPost.choices, widget=forms.RadioSelect(attrs={"class": "chips"})
    )
    required = forms.BooleanField(label=_("必办（不办完不能结束本阶段）"), required=False)
    paper = forms.ChoiceField(
        label=_("所说的文书"),
        required=False,
        choices=chosen(((one, one.label) for one in DUTY_PAPERS), _("不涉及文书")),
        help_text=_("选了文书，签发之后才能办结这一项。专项巡察的报告指专题报告。"),
    )
    anchor = forms.ChoiceField(label=_("从哪天算起"), choices=DutyAnchor.choices)
    days = forms.IntegerField(
        label=_("天数"), min_value=-90, max_value=365, initial=0, help_text=_("负数表示提前，0 表示当天。")
    )
    modes = forms.MultipleChoiceField(
        label=_("只用于这些巡察方式"),
        required=False,
        choices=Mode.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个都不选，就是各种方式都要办。"),
    )

    def __init__(self, *args: Any, with_stage: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not with_stage:
            del self.fields["stage"]
