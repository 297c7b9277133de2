"""The query form of the ledger: choices follow from where the person sits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier
from accounts.models import Division, User
from common.enums import Light
from common.forms import offer_county
from rectification.enums import ItemStatus
from rectification.selectors import Filters
from rectification.selectors.spans import MONTH, TOOK

ANY = ("", _("不限"))
YES_NO = [ANY, ("yes", _("是")), ("no", _("否"))]
ASKED = [ANY, ("yes", _("已测评")), ("no", _("未测评"))]
BIGINT = 2**63 - 1
MONTH_ERROR = {"invalid": _("请按“2026-03”的样子填写月份。")}


class Month(forms.DateInput):
    input_type = "month"


class Place(forms.TypedChoiceField):
    def __init__(self, label: Any, **options: Any):
        super().__init__(label=label, required=False, coerce=int, empty_value=None, **options)


class LedgerForm(forms.Form):
    """Bound to the query string; a value that is not offered is refused, not passed on."""

    q = forms.CharField(
        label=_("村名或编号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("汉字、全拼或首字母")}),
    )
    county = Place(_("县（市、区）"))
    township = Place(_("乡镇（街道）"))
    village = Place(_("村（社区）"))
    status = forms.ChoiceField(label=_("状态"), required=False, choices=[ANY, *ItemStatus.choices])
    light = forms.ChoiceField(label=_("灯号"), required=False, choices=[ANY, *Light.choices])
    point = forms.ChoiceField(label=_("清单方面或点位"), required=False)
    common = forms.ChoiceField(label=_("共性问题"), required=False, choices=YES_NO)
    immediate = forms.ChoiceField(label=_("立巡立改"), required=False, choices=YES_NO)
    due_from = forms.DateField(label=_("时限从"), required=False)
    due_to = forms.DateField(label=_("时限到"), required=False)
    year = forms.IntegerField(label=_("计划年度"), required=False, min_value=2000, max_value=2100)
    reached = forms.ChoiceField(label=_("办到哪一步（含以后）"), required=False, choices=[ANY, *ItemStatus.choices])
    assigned = forms.RegexField(MONTH, label=_("交办月份"), required=False, widget=Month, error_messages=MONTH_ERROR)
    closed = forms.RegexField(MONTH, label=_("销号月份"), required=False, widget=Month, error_messages=MONTH_ERROR)
    took = forms.ChoiceField(
        label=_("销号用时"), required=False, choices=[ANY, *((key, row[0]) for key, row in TOOK.items())]
    )
    kept = forms.ChoiceField(label=_("按时销号"), required=False, choices=YES_NO)
    polled = forms.ChoiceField(label=_("满意度测评"), required=False, choices=ASKED)
    inspection = forms.IntegerField(
        required=False, min_value=1, max_value=BIGINT, widget=forms.HiddenInput, label=_("巡察")
    )
    tab = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput, label=_("分类"))
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput, label=_("排序"))

    def __init__(self, *args: Any, choices: dict[str, list[Any]], **kwargs: Any):
        super().__init__(*args, **({"auto_id": "f_%s"} | kwargs))
        for name, options in choices.items():
            if name == "county":
                offer_county(self, [ANY, *options])
            elif options:
                self.fields[name].choices = [ANY, *options]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("due_from") and data.get("due_to") and data["due_from"] > data["due_to"]:
            self.add_error("due_to", _("“时限到”不能早于“时限从”。"))
        return data

    def filters(self) -> Filters:
        """What was asked for; of a form with errors, the fields that are right."""
        names = Filters.__dataclass_fields__
        given = {key: value for key, value in self.cleaned_data.items() if key in names and value not in (None, "")}
        return Filters(**given)


def choices_of(
    user: User, divisions: list[Division], points: list[tuple[str, str, str, str]], township: int | None
) -> dict[str, list[Any]]:
    """Options of the place fields by the person's own tier; villages only once a township is chosen."""
    named = {tier: [(one.pk, one.name) for one in divisions if one.tier == tier] for tier in Tier.values}
    home = user.division.tier
    villages = named[Tier.VILLAGE] if home == Tier.TOWNSHIP or township else []
    return {
        "county": named[Tier.COUNTY],
        "township": named[Tier.TOWNSHIP] if home in (Tier.CITY, Tier.COUNTY) else [],
        "village": villages,
        "point": _points(points),
    }


def _points(rows: list[tuple[str, str, str, str]]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for aspect_code, aspect, point_code, point in rows:
        group = groups.setdefault(aspect, [(aspect_code, f"{aspect}（{_('全部')}）")])
        group.append((point_code, point))
    return list(groups.items())
