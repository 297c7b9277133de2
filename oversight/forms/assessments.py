"""Forms of a city's yearly assessment."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common.forms import KeyField, VersionField
from inspections.forms.base import ServiceForm
from oversight.enums import Measure
from oversight.models import Indicator


class SchemeForm(ServiceForm):
    """Title, limits, and for each measure its weight (0: not used) and from where on it has all points."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=80)
    note = forms.CharField(
        label=_("考核说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    most_points = forms.IntegerField(
        label=_("加减分上限"),
        min_value=0,
        max_value=20,
        help_text=_("每个县（市、区）合计最多加或减多少分；0 为不设加减分。"),
    )
    version = VersionField(required=False)

    def __init__(self, *args: Any, indicators: Iterable[Indicator], is_new: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["year"]
        known = {one.measure: one for one in indicators}
        for measure in Measure:
            one = known.get(measure)
            self.fields[f"weight_{measure}"] = forms.IntegerField(
                label=_("%s权重") % measure.label, min_value=0, max_value=100, initial=one.weight if one else 0
            )
            self.fields[f"full_{measure}"] = forms.IntegerField(
                label=_("%s满分线") % measure.label, min_value=1, max_value=100, initial=one.full_at if one else 100
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        for measure in Measure:
            yield {"measure": measure, "weight": self[f"weight_{measure}"], "full": self[f"full_{measure}"]}

    def plain(self) -> Iterator[Any]:
        for name in ("year", "title", "note", "most_points"):
            if name in self.fields:
                yield self[name]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        weights = {one.value: (given[f"weight_{one}"], given[f"full_{one}"]) for one in Measure}
        told = {name: given[name] for name in ("year", "title", "note", "most_points") if name in given}
        return told | {"scheme": {one: row for one, row in weights.items() if row[0]}}


class PointsForm(ServiceForm):
    county = forms.ModelChoiceField(label=_("县（市、区）"), queryset=Division.objects.none(), empty_label=_("请选择"))
    points = forms.DecimalField(
        label=_("加减分"), max_digits=4, decimal_places=1, help_text=_("加分填正数，减分填负数；登错了再登一笔相反的。")
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    key = KeyField()

    def __init__(self, *args: Any, counties: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]

    def clean_points(self) -> Any:
        points = self.cleaned_data["points"]
        if not points:
            raise forms.ValidationError(_("请填加几分或减几分。"))
        return points


class PublishForm(ServiceForm):
    is_ranked = forms.BooleanField(
        label=_("向各县（市、区）公布排名"), required=False, help_text=_("不勾选时，各县只看到本县的得分和说明。")
    )
    version = VersionField()
