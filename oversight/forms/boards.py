"""The query form of the villages behind the coverage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import offer_county
from oversight.selectors.villages import NO_CLASS, Asked
from villages.enums import VillageClass

ANY = ("", _("不限"))


class VillageQuery(forms.Form):
    county = forms.TypedChoiceField(label=_("县（市、区）"), required=False, coerce=int, empty_value=None)
    township = forms.TypedChoiceField(label=_("乡镇（街道）"), required=False, coerce=int, empty_value=None)
    klass = forms.ChoiceField(
        label=_("分类"), required=False, choices=[ANY, *VillageClass.choices, (NO_CLASS, _("未分类"))]
    )
    covered = forms.ChoiceField(
        label=_("本届覆盖"), required=False, choices=[ANY, ("yes", _("已覆盖")), ("no", _("未覆盖"))]
    )
    by = forms.IntegerField(label=_("截至哪年年末"), required=False, min_value=2000, max_value=2100)

    def __init__(self, *args: Any, counties: Any, townships: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_county(self, [ANY, *((one.pk, one.name) for one in counties)])
        if townships:
            self.fields["township"].choices = [ANY, *((one.pk, one.name) for one in townships)]  # type: ignore[attr-defined]
        else:
            del self.fields["township"]

    def asked(self) -> Asked:
        given = {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}
        return Asked(**given)
