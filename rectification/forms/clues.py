"""Forms of a clue; none of them keeps a draft in the browser."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import KeyField
from rectification.enums import ClueRefusal, ClueResult

from .acts import VersionForm


class ClueForm(forms.Form):
    """The envelope: on paper by default, or with what it says sealed here."""

    seal_number = forms.CharField(
        label=_("纸质密封件封签号"), max_length=40, required=False, help_text=_("材料装袋密封后封签上的编号。")
    )
    pages = forms.IntegerField(label=_("页数"), min_value=1, max_value=9999, required=False)
    body = forms.CharField(
        label=_("密封内容（可不填）"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_("一般走纸质密封件，这里不填。填写的内容加密保存，签收人签收后才能打开。涉密材料不得录入本系统。"),
    )
    key = KeyField()


class ReferForm(ClueForm, VersionForm):
    """Out of a finding, whose version the person saw."""


class ReceiverForm(VersionForm):
    receiver: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("接收人"),
        help_text=_("只移交给选定的这一个人，其他人看不到。"),
        error_messages={"required": _("请选择县纪委监委的接收人。")},
    )

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = receivers  # type: ignore[attr-defined]


class RefusalForm(VersionForm):
    refusal = forms.ChoiceField(label=_("原因"), choices=ClueRefusal.choices, widget=forms.RadioSelect)


class AnswerForm(VersionForm):
    result = forms.ChoiceField(label=_("办理结果"), choices=ClueResult.choices, widget=forms.RadioSelect)
    answer_number = forms.CharField(
        label=_("答复文号"), max_length=40, required=False, help_text=_("只填文号，不写人名和案情。")
    )
