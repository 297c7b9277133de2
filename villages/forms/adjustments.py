"""Forms of 村级建制调整: the worksheet of a township, a township as a whole, a village taken back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Division
from common.forms import VersionField
from villages.enums import Act, Confidence
from villages.models import Village
from villages.selectors.likeness import Candidate
from villages.selectors.undecided import villages_meant
from villages.services import Decision, Order
from villages.services.townships import NAME_LIMIT

from .queries import PlaceForm

CHOSEN = re.compile(r"(MERGE|RECODE):\d{12}")
BY_HAND = {Act.MERGE: gettext_lazy("并入其他村"), Act.RECODE: gettext_lazy("改用其他代码")}


class OrderForm(forms.Form):
    """By which document, from which day on, and why."""

    document = forms.CharField(
        label=gettext_lazy("批复文号"), required=False, max_length=80, help_text=gettext_lazy("如 川民函〔2020〕8号")
    )
    effective_on = forms.DateField(
        label=gettext_lazy("生效日期"),
        required=False,
        widget=forms.DateInput,
        help_text=gettext_lazy("批复写明的日期；从这一天起原村不再计入覆盖的分母"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def order(self) -> Order:
        given = self.cleaned_data
        return Order(given.get("document", ""), given.get("effective_on"), given.get("reason", ""))

    def refuse(self, error: ValidationError) -> None:
        """Show what a service refused at the field that it speaks of."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for key, errors in error.error_dict.items():
            name = self.field_of(key)
            for one in errors:
                self.add_error(name if name in self.fields else None, one)

    def field_of(self, key: str) -> str:
        return key


class Goal(forms.ChoiceField):
    """What becomes of a village; a suggestion that has meanwhile given way to others can still be chosen."""

    def valid_value(self, value: str) -> bool:
        return bool(CHOSEN.fullmatch(value)) or super().valid_value(value)


class Line:
    """One village on a worksheet with its fields."""

    def __init__(self, sheet: "Worksheet", village: Village, candidates: Sequence[Candidate]):
        self.village, self.candidates = village, candidates
        self.go, self.to, self.version = (sheet[f"{name}_{village.pk}"] for name in ("go", "to", "v"))
        self.best = candidates[0] if candidates else None


class Worksheet(OrderForm):
    """Each village of a township with a choice of what became of it, and one order for all."""

    def __init__(
        self,
        *args: Any,
        villages: Sequence[Village],
        candidates: Mapping[int, Sequence[Candidate]],
        user: Any,
        adopt: str = "",
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.user, self.villages = user, {one.pk: one for one in villages}
        for village in villages:
            self._add(village, candidates.get(village.pk, ()), adopt)
        self.lines = [Line(self, one, candidates.get(one.pk, ())) for one in villages]

    def _add(self, village: Village, candidates: Sequence[Candidate], adopt: str) -> None:
        name = village.full_name
        self.fields[f"go_{village.pk}"] = Goal(
            label=name,
            required=False,
            choices=list(_choices(village, candidates)),
            initial=_adopted(village, candidates, adopt),
            widget=forms.Select(attrs={"class": "inp", "aria-label": _("%s的去向") % name}),
        )
        self.fields[f"to_{village.pk}"] = forms.CharField(
            label=name,
            required=False,
            max_length=80,
            widget=forms.TextInput(
                attrs={
                    "class": "inp",
                    "list": "choosable",
                    "autocomplete": "off",
                    "placeholder": _("代码、村名或拼音"),
                    "aria-label": _("%s的去向：其他村") % name,
                }
            ),
        )
        self.fields[f"v_{village.pk}"] = VersionField(initial=village.version)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.decisions: list[Decision] = []
        for pk, village in self.villages.items():
            choice, typed = given.get(f"go_{pk}", ""), given.get(f"to_{pk}", "").strip()
            act, _colon, code = choice.partition(":")
            if not act and typed:
                self.add_error(f"go_{pk}", _("填了去向的村，请同时选“并入其他村”或“改用其他代码”。"))
            elif act:
                successor = self._meant(village, code or typed) if act in BY_HAND else None
                self.decisions.append(Decision(pk, act, given.get(f"v_{pk}", 0), successor))
        return given

    def _meant(self, village: Village, text: str) -> int | None:
        found = villages_meant(self.user, text, village.county_id)
        if len(found) == 1:
            return found[0].pk
        if not text:
            problem = _("请填写去向的村：代码、村名或拼音。")
        elif not found:
            problem = _("名册中没有“%s”。去向的村须已在名册中：请先导入有它的名册，再来决定。") % text
        else:
            some = "、".join(f"{one.full_name}（{one.division.code}）" for one in found[:3])
            problem = _("“%(text)s”不止一个：%(some)s%(more)s，请填代码。") % {
                "text": text,
                "some": some,
                "more": _("等") if len(found) > 3 else "",
            }
        self.add_error(f"to_{village.pk}", problem)
        return None

    def field_of(self, key: str) -> str:
        return f"go_{key}" if key.isdigit() else key


def _choices(village: Village, candidates: Iterable[Candidate]) -> Iterable[tuple[str, str]]:
    yield "", _("暂不决定")
    for one in candidates:
        told = {"act": Act(one.act).label, "township": one.place.township_name, "name": one.place.short_name}
        yield one.value, _("%(act)s %(township)s %(name)s") % told
    yield from ((str(act), str(label)) for act, label in BY_HAND.items())
    yield Act.WITHDRAW, str(Act.WITHDRAW.label)
    if village.missing_from_id:
        yield Act.KEEP, _("保留（村还在，名册漏列）")


def _adopted(village: Village, candidates: Sequence[Candidate], adopt: str) -> str:
    """What is filled in when a person asks for it: the sure suggestions, or keeping all."""
    if adopt == Act.KEEP and village.missing_from_id:
        return str(Act.KEEP)
    best = candidates[0] if candidates else None
    return best.value if best and adopt == Confidence.HIGH and best.confidence == Confidence.HIGH else ""


class TownshipForm(OrderForm):
    """A whole township: into another one, or under another name."""

    MERGE, RENAME = "merge", "rename"
    kind = forms.ChoiceField(
        label=gettext_lazy("调整"),
        choices=[(MERGE, gettext_lazy("并入另一个乡镇（街道）")), (RENAME, gettext_lazy("更名"))],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        initial=MERGE,
    )
    into = forms.ModelChoiceField(
        label=gettext_lazy("并入"),
        queryset=Division.objects.none(),
        required=False,
        help_text=gettext_lazy("选“并入”时填"),
    )
    name = forms.CharField(
        label=gettext_lazy("新名称"), required=False, max_length=NAME_LIMIT, help_text=gettext_lazy("选“更名”时填")
    )
    version = VersionField()
    field_order = ("kind", "into", "name", "document", "effective_on", "reason", "version")

    def __init__(self, *args: Any, townships: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = townships  # type: ignore[attr-defined]
        self.fields["into"].empty_label = _("请选择")  # type: ignore[attr-defined]
        self.fields["effective_on"].help_text = _("批复写明的日期")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") == self.MERGE and not given.get("into") and "into" not in self.errors:
            self.add_error("into", _("请选择并入哪个乡镇（街道）。"))
        return given


class RestoreForm(OrderForm):
    version = VersionField()
    field_order = ("reason", "document", "version")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["effective_on"]
        self.fields["reason"].required = True


class AsideForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class TownshipQuery(PlaceForm):
    q = forms.CharField(
        label=gettext_lazy("乡镇（街道）"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("汉字、全拼或首字母")}),
    )
    all = forms.ChoiceField(
        label=gettext_lazy("列出"),
        required=False,
        choices=[("", gettext_lazy("有待决定的")), ("1", gettext_lazy("全部乡镇（街道）"))],
    )
    field_order = ("q", "county", "all")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields.pop("township", None)
