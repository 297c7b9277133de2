"""Looking for lines within one import."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from villages.roster.wording import LABELS

from .queries import ANY


class LineQuery(forms.Form):
    """Within one kind of change; the kind itself is chosen by a tab and travels along."""

    t = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("村名、乡镇或代码"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("名称的一部分，或代码的开头")}),
    )
    township = forms.ChoiceField(label=_("乡镇（街道）"), required=False)
    field = forms.ChoiceField(label=_("有变化的项目"), required=False, choices=[ANY, *LABELS.items()])
    column = forms.ChoiceField(label=_("未通过的列"), required=False)

    def __init__(self, *args: Any, townships: Iterable[str], columns: Iterable[str], fields: bool, **kwargs: Any):
        super().__init__(*args, **({"auto_id": "f_%s"} | kwargs))
        self._offer("township", townships)
        self._offer("column", columns)
        if not fields:
            del self.fields["field"]

    def _offer(self, name: str, found: Iterable[str]) -> None:
        choices = [(one, one) for one in found if one]
        if choices:
            self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value and key != "t"}
