from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Division, User
from common.calendar import today
from inspections.enums import RecusalKind
from inspections.selectors.recusals import people_of, townships_of

from .base import ServiceForm
from .rounds import PersonField


class TownshipField(forms.ModelChoiceField):
    """Townships under the name of their county."""

    def grouped(self, rows: Any) -> None:
        self.queryset = rows
        counties = groupby(rows, key=lambda one: one.parent.name)
        groups = [(county, [(one.pk, one.name) for one in members]) for county, members in counties]
        self.widget.choices = [("", _("请选择")), *groups]


class RecusalForm(ServiceForm):
    """What a person declared; the ground is read by this office alone."""

    user = PersonField(label=_("申报人"), queryset=User.objects.none(), empty_label=_("请选择"))
    township = TownshipField(label=_("须回避的乡镇（街道）"), queryset=Division.objects.none())
    kind = forms.ChoiceField(label=_("回避情形"), choices=RecusalKind.choices, widget=forms.RadioSelect)
    declared_on = forms.DateField(label=_("申报日期"))
    until = forms.DateField(label=_("回避至"), required=False, help_text=_("长期回避的不填。"))
    detail = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=120,
        help_text=_("例如：曾任该镇副镇长；配偶的父母在该镇某村。只有本办能看，不写身份证号、住址。"),
    )

    def __init__(self, *args: Any, place: Division, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people_of(place)  # type: ignore[attr-defined]
        self.fields["township"].grouped(townships_of(place))  # type: ignore[attr-defined]
        self.fields["declared_on"].initial = today()
