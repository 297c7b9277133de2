"""Forms of self-checks: the notice, and a village's answers item by item."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import KeyField, VersionField
from inspections.forms.base import ServiceForm
from inspections.models import ChecklistItem
from oversight.enums import Answer
from oversight.models import SelfCheck, SelfCheckItem


class NoticeForm(ServiceForm):
    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(label=_("要求"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = forms.DateField(label=_("答复时限"))
    items = forms.TypedMultipleChoiceField(
        label=_("对照的清单条目"), coerce=int, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"})
    )
    key = KeyField()

    def __init__(self, *args: Any, items: Iterable[ChecklistItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known = {one.pk: one for one in items}
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in self.known.values():
            groups.setdefault(one.point, []).append((one.pk, f"{one.code} {one.text}"))
        self.fields["items"].choices = list(groups.items())  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"items": [self.known[pk] for pk in self.cleaned_data["items"]]}


class AnswerForm(ServiceForm):
    """Two fields an item: 有, 无 or 已改, and what was done."""

    version = VersionField(required=False)

    def __init__(self, *args: Any, check: SelfCheck, items: Iterable[SelfCheckItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = list(items)
        given = {one.item_id: one for one in check.answers.all()}
        for one in self.items:
            known = given.get(one.pk)
            self.fields[f"answer_{one.pk}"] = forms.ChoiceField(
                label=f"{one.code} {one.text}",
                choices=Answer.choices,
                widget=forms.RadioSelect(attrs={"class": "chips"}),
                initial=known.answer if known else None,
            )
            self.fields[f"note_{one.pk}"] = forms.CharField(
                label=_("怎样改的、打算怎样改（答“无”不用填）"),
                max_length=300,
                required=False,
                initial=known.note if known else "",
            )

    def answers(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {one.pk: (data.get(f"answer_{one.pk}", ""), data.get(f"note_{one.pk}", "")) for one in self.items}


class TestedQuery(forms.Form):
    """Which villages' answers an inspection has tested."""

    county = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    year = forms.IntegerField(min_value=2000, max_value=2100)
