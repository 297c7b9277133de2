"""Forms of circulars and special reports (F3, G4)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganKind, Tier
from accounts.models import Division, Organ
from common.calendar import today
from common.forms import KeyField, VersionField
from inspections.forms.base import ServiceForm
from oversight.models import Circular
from oversight.models.circulars import EXAMPLES

from .issues import OrganField, VersionForm


class PeriodForm(ServiceForm):
    """Of which days; the year so far unless something else is asked."""

    first_day = forms.DateField(label=_("起"))
    last_day = forms.DateField(label=_("止"), help_text=_("不晚于今天。数据截至止日。"))
    key = KeyField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["first_day"].initial = today().replace(month=1, day=1)
        self.fields["last_day"].initial = today()


class ReportForm(PeriodForm):
    department = OrganField(label=_("主管部门"), queryset=Organ.objects.none(), empty_label=_("请选择"))
    subject = forms.ChoiceField(label=_("专题"), help_text=_("从已反馈的问题中选：重点问题、清单点位或者单个条目。"))
    field_order = ("department", "subject", "first_day", "last_day")

    def __init__(self, *args: Any, county: Division, subjects: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        departments = Organ.objects.filter(kind=OrganKind.FUNCTIONAL_DEPARTMENT, division=county)
        fields["department"].queryset = departments.order_by("name")
        fields["subject"].choices = [("", _t("请选择")), *subjects]


class CircularForm(ServiceForm):
    """A draft as text: one area for each section but the examples, which are picked."""

    title = forms.CharField(label=_("标题"), max_length=100)
    to = forms.CharField(label=_("主送"), max_length=100, required=False)
    issuer = forms.CharField(label=_("落款"), max_length=60)
    version = VersionField()

    def __init__(self, data: Any = None, *, circular: Circular):
        known = {name: getattr(circular, name) for name in ("title", "to", "issuer", "version")}
        super().__init__(data, initial=known)
        self.sections = [(f"section_{order}", one) for order, one in enumerate(circular.sections)]
        for name, section in self.sections:
            if section["heading"] == EXAMPLES:
                continue
            rows = max(3, min(16, section["text"].count("\n") + len(section["text"]) // 45 + 2))
            self.fields[name] = forms.CharField(
                label=section["heading"] or _t("开头"),
                initial=section["text"],
                required=False,
                max_length=10_000,
                widget=forms.Textarea(attrs={"rows": rows}),
            )

    @property
    def areas(self) -> list[Any]:
        return [self[name] for name, _section in self.sections if name in self.fields]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"texts": [data.pop(name, section["text"]) for name, section in self.sections], **data}


class ExampleForm(ServiceForm):
    text = forms.CharField(
        label=_("典型问题"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("只写事情，不写人名、村名、联系方式和问题的来源。清空保存就是不用。"),
    )


class ReleaseForm(VersionForm):
    """Everything once more: cleared, and to whom it goes."""

    cleared = forms.BooleanField(
        label=_("已逐条核对：没有姓名、联系方式、问题来源和能对上人的情节"),
        error_messages={"required": _("请先逐条核对，再勾选确认。")},
    )


class AudienceForm(ReleaseForm):
    places: Any = forms.ModelMultipleChoiceField(
        queryset=Division.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择发到哪些地方。")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("发给哪些单位"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择发给哪些单位。")},
    )
    field_order = ("version", "kinds", "places", "cleared")

    def __init__(self, *args: Any, place: Division, places: Any, kinds: Any, missing: Any = (), **kwargs: Any):
        """`missing` are places without a unit to receive it: whoever issues should know."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["places"].queryset = places
        fields["places"].initial = places
        fields["places"].label = _t("县（市、区）") if place.tier == Tier.CITY else _t("乡镇（街道）")
        if names := "、".join(one.name for one in missing):
            fields["places"].help_text = _t("还没有建立单位、收不到的：%s。请先请系统管理员建立单位和账号。") % names
        fields["kinds"].choices = [(kind, OrganKind(kind).label) for kind in kinds]
        fields["kinds"].initial = kinds[:1]
