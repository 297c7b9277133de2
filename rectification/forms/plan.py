"""The plan of an item: measures with owner and date, and the four responsible."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rectification.enums import RESPONSIBLE_WHO, ResponsibleKind
from rectification.models import Measure, RectificationItem

HINTS = {
    ResponsibleKind.OVERALL: _("如：镇党委书记"),
    ResponsibleKind.LEADER: _("如：党委委员、副镇长"),
    ResponsibleKind.SECTION: _("只填单位的可不填"),
    ResponsibleKind.SUPERVISION: _("如：镇纪委书记"),
}


class MeasureForm(forms.Form):
    text = forms.CharField(label=_("措施"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.CharField(label=_("责任人"), max_length=60)
    due_on = forms.DateField(label=_("完成时限"))

    def has_changed(self) -> bool:
        """A row whose text was left empty is no measure, whatever was prefilled beside it."""
        return bool(self.data.get(self.add_prefix("text"), "").strip()) if self.is_bound else super().has_changed()


class BaseMeasureFormSet(forms.BaseFormSet):
    """Every row may be left empty, also one that was proposed."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.may_stay_empty = index != 0  # type: ignore[attr-defined]  # no star: one measure is enough

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else len(self.initial or [])

    def clean(self) -> None:
        if any(self.errors) or any(form.has_changed() for form in self.forms):
            return
        raise forms.ValidationError(_("请至少填写一条整改措施。"))


MeasureFormSet = forms.formset_factory(MeasureForm, formset=BaseMeasureFormSet, extra=0, max_num=20, validate_max=True)


def measure_formset(item: RectificationItem, measures: Sequence[Measure], data: Any = None) -> Any:
    """Rows of the plan as it is, filled up to three; owner and date are proposed."""
    told = [{"text": one.text, "owner": one.owner, "due_on": one.due_on} for one in measures]
    return MeasureFormSet(data, initial=told + [_proposal(item)] * max(3 - len(told), 0), prefix="measures")


def more_rows(item: RectificationItem, data: Any) -> Any:
    """再加一条 without JavaScript: the rows as they were filled in, and two empty ones."""
    rows: list[dict[str, Any]] = []
    while len(rows) < 20 and f"measures-{len(rows)}-text" in data:
        rows.append({key: data.get(f"measures-{len(rows)}-{key}") for key in ("text", "owner", "due_on")})
    return MeasureFormSet(initial=(rows + [_proposal(item)] * 2)[:20], prefix="measures")


def _proposal(item: RectificationItem) -> dict[str, Any]:
    return {"owner": item.village.secretary or _("村党组织书记"), "due_on": item.deadline}


def measures_of(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset.forms if form.has_changed()]


class PeopleForm(forms.Form):
    """Name, post and office telephone for each of the four."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in ResponsibleKind:
            who = RESPONSIBLE_WHO[kind]
            self.fields[f"{kind}_name"] = forms.CharField(label=_("姓名或单位"), max_length=60)
            self.fields[f"{kind}_post"] = forms.CharField(
                label=_("职务"),
                max_length=60,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": HINTS[kind]}),
            )
            self.fields[f"{kind}_phone"] = forms.CharField(
                label=_("办公电话"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"})
            )
            self.fields[f"{kind}_name"].error_messages["required"] = _("请填写“%(kind)s（%(who)s）”的姓名或单位。") % {
                "kind": kind.label,
                "who": who,
            }

    def sections(self) -> list[dict[str, Any]]:
        """For the template: the four with their fields."""
        return [
            {
                "label": f"{kind.label}（{RESPONSIBLE_WHO[kind]}）",
                "fields": [self[f"{kind}_{part}"] for part in ("name", "post", "phone")],
            }
            for kind in ResponsibleKind
        ]

    def people(self) -> dict[str, dict[str, str]]:
        return {
            str(kind): {part: self.cleaned_data[f"{kind}_{part}"] for part in ("name", "post", "phone")}
            for kind in ResponsibleKind
        }

    @staticmethod
    def initial_of(people: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        return {f"{kind}_{part}": value for kind, one in people.items() for part, value in one.items()}


class BatchMeasuresForm(forms.Form):
    """For batch acceptance: the measures of one item that has none yet, a line each."""

    lines = forms.CharField(
        label=_("整改措施"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一条。"),
        error_messages={"required": _("请至少填写一条整改措施。")},
    )
    owner = forms.CharField(label=_("责任人"), max_length=60)
    due_on = forms.DateField(label=_("完成时限"))

    def clean_lines(self) -> list[str]:
        lines = [one.strip() for one in self.cleaned_data["lines"].splitlines() if one.strip()]
        if any(len(one) > 200 for one in lines):
            raise forms.ValidationError(_("一条措施不超过 200 字，请分成几条。"))
        return lines

    def measures(self) -> list[dict[str, Any]]:
        owner, due_on = self.cleaned_data["owner"], self.cleaned_data["due_on"]
        return [{"text": text, "owner": owner, "due_on": due_on} for text in self.cleaned_data["lines"]]
