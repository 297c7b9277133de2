"""Query forms of lists, bound to the address; a value that is not offered is refused, not passed on."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Mark, Tier
from accounts.models import Division
from villages.enums import Category, VillageClass, VillageStatus
from villages.models import VillageKind
from villages.selectors.villages import ENDED, NO_CLASS, UNDECIDED, Filters

ANY = ("", _("不限"))
YES_NO = [ANY, ("yes", _("是")), ("no", _("否"))]
CLASSES = [ANY, *VillageClass.choices, (NO_CLASS, _("未分类"))]
MARKS = [
    ANY,
    *(
        (level, [(f"{prefix}{mark}", f"{mark.label}{word}") for mark in Mark if mark])
        for level, prefix, word in (
            (_("村（社区）"), "", _("村")),
            (_("所在乡镇（街道）"), "TOWNSHIP_", _("乡镇")),
            (_("所在县（市、区）"), "COUNTY_", _("县")),
        )
    ),
]
SURVEYS = [ANY, ("full", _("五项齐全")), ("part", _("没有填齐")), ("none", _("一项没填"))]
STATUSES = [
    ("", _("在册")),
    (UNDECIDED, _("在册，去向待决定")),
    (ENDED, _("已撤并")),
    ("ALL", _("全部")),
]
INSPECTED = [
    ANY,
    ("year", _("近一年内")),
    ("three", _("近三年内")),
    ("older", _("三年以前")),
    ("never", _("没有巡察过")),
]


class Place(forms.TypedChoiceField):
    """A division among those offered; its value is the division itself."""

    def __init__(self, label: Any):
        super().__init__(label=label, required=False, empty_value=None)

    def offer(self, divisions: Iterable[Division]) -> None:
        known = {str(one.pk): one for one in divisions}
        self.choices = [ANY, *((pk, one.name) for pk, one in known.items())]
        self.coerce = known.__getitem__


class PlaceForm(forms.Form):
    """Where: the city office chooses a county, then its townships; a county office among its own."""

    county = Place(_("县（市、区）"))
    township = Place(_("乡镇（街道）"))

    def __init__(self, *args: Any, divisions: Iterable[Division], **kwargs: Any):
        super().__init__(*args, **({"auto_id": "f_%s"} | kwargs))
        named = list(divisions)
        for name, tier in (("county", Tier.COUNTY), ("township", Tier.TOWNSHIP)):
            found = [one for one in named if one.tier == tier]
            if found:
                self.fields[name].offer(found)  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def kept(self) -> dict[str, str]:
        """What was asked for, as it stands in the address; what is no choice is left out."""
        return {name: str(self[name].value()) for name in self.asked()}

    def asked(self) -> dict[str, Any]:
        """What was asked for; of a form with errors, the fields that are right."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}

    def said(self) -> str:
        """What was asked for, in words, for the head of an export."""
        told = []
        for name in self.asked():
            field = self.fields[name]
            value = str(self[name].value() or "")
            told.append(f"{field.label}：{dict(_flat(getattr(field, 'choices', ()))).get(value, value)}")
        return "，".join(told)


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list):
            yield from label
        else:
            yield value, label


class VillageQuery(PlaceForm):
    q = forms.CharField(
        label=_("村名或代码"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("汉字、全拼或首字母")}),
    )
    klass = forms.ChoiceField(label=_("分类"), required=False, choices=CLASSES)
    kind = forms.TypedChoiceField(label=_("细类"), required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=STATUSES,
    )
    category = forms.ChoiceField(label=_("类型"), required=False, choices=[ANY, *Category.choices])
    survey = forms.ChoiceField(label=_("村情摸排"), required=False, choices=SURVEYS)
    petitions = forms.IntegerField(label=_("近三年信访不少于（件次）"), required=False, min_value=0, max_value=100_000)
    inspected = forms.ChoiceField(label=_("上次巡察"), required=False, choices=INSPECTED)
    shouldered = forms.ChoiceField(label=_("一肩挑"), required=False, choices=YES_NO)
    mark = forms.ChoiceField(label=_("试点示范"), required=False, choices=MARKS)
    field_order = ("q", "county", "township", "klass", "status", "kind", "category", "survey", "petitions", "inspected")

    def __init__(self, *args: Any, kinds: Iterable[VillageKind], sees_class: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not sees_class:
            del self.fields["klass"], self.fields["kind"]
            self.fields["status"].choices = [one for one in STATUSES if one[0] != UNDECIDED]  # type: ignore[attr-defined]
            return
        groups: dict[str, list[tuple[str, str]]] = {}
        for kind in kinds:
            groups.setdefault(str(VillageClass(kind.klass).label), []).append((str(kind.pk), kind.name))
        self.fields["kind"].choices = [ANY, *groups.items()]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        given = self.asked()
        status = given.pop("status", VillageStatus.ACTIVE)
        return Filters(**given, status="" if status == "ALL" else status)


class MarkQuery(PlaceForm):
    mark = forms.ChoiceField(
        label=_("试点示范"), required=False, choices=[ANY, *((mark, mark.label) for mark in Mark if mark)]
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields.pop("township", None)


class ClassQuery(PlaceForm):
    klass = forms.ChoiceField(label=_("分类"), required=False, choices=[ANY, *VillageClass.choices])
    t = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by_class: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not by_class:
            del self.fields["klass"]
