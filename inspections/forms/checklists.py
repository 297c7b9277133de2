from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import VersionField
from inspections.enums import Theme

from .base import ServiceForm


class RevisionForm(ServiceForm):
    """What was read when the change was made: another's change in between is a conflict."""

    revision = VersionField()


class ItemForm(RevisionForm):
    text = forms.CharField(label=_("具体问题"), max_length=120, help_text=_("一句话说清一种问题，120 字以内。"))
    theme = forms.ChoiceField(label=_("重点问题"), choices=Theme.choices)
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    evidence = forms.CharField(label=_("常见印证"), max_length=120, required=False)
    lead_department = forms.CharField(label=_("主管部门"), max_length=40, required=False)
    party_building = forms.BooleanField(label=_("党建问题"), required=False)


class NewItemForm(ItemForm):
    point_code = forms.ChoiceField(label=_("点位"))
    field_order = ("point_code",)

    def __init__(self, *args: Any, points: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["point_code"].choices = points  # type: ignore[attr-defined]


class EnableForm(RevisionForm):
    on = forms.DateField(label=_("启用日期"), help_text=_("今天或以后。从这一天起进驻的巡察用这一版，已进驻的不变。"))


class CompareQuery(forms.Form):
    old = forms.TypedChoiceField(label=_("旧版"), required=False, coerce=int, empty_value=None)
    new = forms.TypedChoiceField(label=_("新版"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, versions: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            self.fields[name].choices = [(one.pk, str(one)) for one in versions]  # type: ignore[attr-defined]
