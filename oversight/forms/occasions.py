from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier
from accounts.models import Division, Organ
from common import policy
from common.calendar import today
from common.forms import KeyField
from inspections.forms.base import ServiceForm
from inspections.forms.rounds import OrganField
from oversight.enums import OccasionKind
from oversight.models import Occasion, TalkRule

WHO = _("例如：县委巡察办主要负责人、青义镇党委书记。")


class OccasionForm(ServiceForm):
    """What is arranged; with people and record it has been held already."""

    kind = forms.ChoiceField(label=_("类别"), widget=forms.RadioSelect)
    county = forms.ModelChoiceField(label=_("县（市、区）"), queryset=Division.objects.none(), empty_label=_("请选择"))
    township = forms.ModelChoiceField(
        label=_("约谈的乡镇（街道）"),
        queryset=Division.objects.none(),
        required=False,
        empty_label=_("不是约谈"),
        help_text=_("只有约谈要选。"),
    )
    title = forms.CharField(label=_("主题"), max_length=80)
    reason = forms.CharField(label=_("起因"), max_length=300, required=False)
    day = forms.DateField(label=_("日期"))
    people = forms.CharField(label=_("参加人员"), max_length=300, required=False, help_text=WHO)
    record = forms.CharField(
        label=_("情况记录"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("还没有进行的不填，进行之后再记录。听取研究请写明议题和决定。"),
    )
    key = KeyField()

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        of_city = user.division.tier == Tier.CITY
        kinds = _kinds(user, Division(parent=user.division) if of_city else user.division)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(one.value, one.label) for one in kinds]
        fields["kind"].initial = kinds[0].value if kinds else ""
        fields["day"].initial = today()
        if of_city:
            fields["county"].queryset = Division.objects.filter(parent=user.division, tier=Tier.COUNTY).order_by("code")
            del fields["township"]
        else:
            del fields["county"]
            rows = Division.objects.filter(parent=user.division, tier=Tier.TOWNSHIP)
            fields["township"].queryset = rows.order_by("code")

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given.setdefault("county", self.user.division)
        return given


def _kinds(user: Any, county: Division) -> list[OccasionKind]:
    """What the person may arrange about a county."""
    place = user.division
    return [
        kind for kind in OccasionKind if policy.allows(user, "arrange", Occasion(kind=kind, place=place, county=county))
    ]


class RecordForm(ServiceForm):
    day = forms.DateField(label=_("日期"))
    people = forms.CharField(label=_("参加人员"), max_length=300, help_text=WHO)
    record = forms.CharField(label=_("情况记录"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))


class FollowUpForm(ServiceForm):
    text = forms.CharField(label=_("要求"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    organ = OrganField(label=_("落实单位"), queryset=Organ.objects.none(), empty_label=_("请选择"))
    due = forms.DateField(label=_("期限"))
    key = KeyField()

    def __init__(self, *args: Any, organs: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = organs  # type: ignore[attr-defined]


class AnswerForm(ServiceForm):
    answer = forms.CharField(label=_("落实情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class TalkRuleForm(ServiceForm):
    """When a talk is proposed; only the city proposes one about coverage."""

    behind = forms.IntegerField(label=_("覆盖率低于目标（百分点）"), min_value=1, max_value=100)
    overdue_days = forms.IntegerField(label=_("整改超期（天）"), min_value=1, max_value=365)
    overdue_items = forms.IntegerField(label=_("超期事项（件）"), min_value=1, max_value=1000)

    def __init__(self, data: Any = None, *, rule: TalkRule):
        super().__init__(data, initial=model_to_dict(rule))
        if rule.place.tier != Tier.CITY:
            del self.fields["behind"]
