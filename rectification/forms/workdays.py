"""Days that the city enters into the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DaysForm(forms.Form):
    WORK, OFF = "work", "off"
    first = forms.DateField(label=_("从"))
    last = forms.DateField(label=_("到"), required=False, help_text=_("只有一天的可以不填。"))
    kind = forms.ChoiceField(label=_("安排"), choices=[(OFF, _("放假")), (WORK, _("上班"))], widget=forms.RadioSelect)
    note = forms.CharField(label=_("依据"), max_length=120, help_text=_("如通知的名称和文号。"))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        last = data["last"] or data["first"]
        return {
            "first": data["first"],
            "last": last,
            "is_workday": data["kind"] == self.WORK,
            "note": data["note"],
        }
