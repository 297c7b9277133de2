"""One rule of a draft: the field is chosen first, so that comparison and value fit it without JavaScript (B4)."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import VersionField
from villages.enums import VillageClass
from villages.models import UNNAMED, SuggestionRule, VillageKind
from villages.selectors.criteria import CHOICE, NUMBER, WORDS, YES_NO, Criterion
from villages.services.rulesets import REASON_LIMIT

CHIPS = {"class": "chips"}
FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


class RuleForm(forms.Form):
    operator = forms.ChoiceField(label=_("比较"), widget=forms.RadioSelect(attrs=CHIPS))
    value = forms.CharField(label=_("值"), max_length=40)
    outcome = forms.ChoiceField(label=_("建议的类别和细类"))
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=REASON_LIMIT,
        help_text=_("跟建议一起显示给办理的人；不填就用条件本身作理由"),
    )
    version = VersionField()

    def __init__(self, *args: Any, criterion: Criterion, rule: SuggestionRule | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.criterion, self.before = criterion, rule
        self.kinds = {str(one.pk): one for one in VillageKind.objects.exclude(name=UNNAMED)}
        self.fields["operator"].choices = [(one, WORDS[one]) for one in criterion.operators]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = self._outcomes()  # type: ignore[attr-defined]
        self._fit_value()
        if rule:
            self.initial.update({name: getattr(rule, name) for name in ("operator", "value", "reason")})
            self.initial["outcome"] = f"{rule.klass}:{rule.kind_id or ''}"
        else:
            self.initial["operator"] = criterion.operators[0]

    def _fit_value(self) -> None:
        """The value's field as the criterion wants it."""
        one = self.criterion
        value = self.fields["value"]
        if one.kind == YES_NO:
            self.fields["operator"].widget = forms.HiddenInput()
            choices = [("yes", one.label), ("no", one.no)]
            self.fields["value"] = forms.ChoiceField(
                label=_("条件"), choices=choices, widget=forms.RadioSelect(attrs=CHIPS)
            )
        elif one.kind == CHOICE:
            self.fields["value"] = forms.ChoiceField(
                label=one.label, choices=one.choices, widget=forms.RadioSelect(attrs=CHIPS)
            )
        elif one.kind == NUMBER:
            value.widget.attrs["inputmode"] = "decimal"
            value.label = one.label
            value.help_text = _("只填数字，单位是%s") % one.unit
        else:
            value.label = one.label
            value.help_text = _("常用：%s") % "、".join(one.usual)

    def _outcomes(self) -> list[tuple[str, Any]]:
        """A class and, under it, its kinds: what is chosen together cannot contradict itself."""
        groups: list[tuple[str, Any]] = [("", _("请选择"))]
        for klass in VillageClass:
            own = [(f"{klass}:{pk}", one.name) for pk, one in self.kinds.items() if one.klass == klass]
            groups.append((str(klass.label), [(f"{klass}:", _("%s（不定细类）") % klass.label), *own]))
        return groups

    def clean(self) -> dict[str, Any]:
        """A reason that still names the old value would be wrong beside every suggestion."""
        given, before = super().clean() or self.cleaned_data, self.before
        if before and before.value != given.get("value") and before.reason and before.reason == given.get("reason"):
            self._refuse_stale(before)
        return given

    def _refuse_stale(self, before: SuggestionRule) -> None:
        if self.criterion.kind in (CHOICE, YES_NO) or _speaks_of(before.reason, before.value):
            self.add_error("reason", _("条件改了，理由里写的还是原来的，请一并修改；清空的，由系统按条件写。"))

    def rule(self) -> dict[str, Any]:
        """What the services take."""
        klass, _colon, kind = self.cleaned_data["outcome"].partition(":")
        given = {name: self.cleaned_data[name] for name in ("operator", "value", "reason", "version")}
        return {"field": self.criterion.field, "klass": klass, "kind": self.kinds.get(kind)} | given


def _speaks_of(reason: str, value: str) -> bool:
    """Does the reason name this value: as a word, as a figure, as so many 万?"""
    if not FIGURE.fullmatch(value):
        return value in reason
    wanted = float(value.replace(",", ""))
    return any(float(one.replace(",", "")) in (wanted, wanted / 10_000) for one in FIGURE.findall(reason))
