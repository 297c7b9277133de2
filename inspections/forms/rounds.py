from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organ, User
from inspections.enums import OPEN_STAGES, TeamPost
from inspections.models import Round, Team
from inspections.selectors.load import days_in_villages
from inspections.selectors.recusals import recused_of
from inspections.selectors.teams import candidates, sending_organs

from .base import ServiceForm


class RoundForm(ServiceForm):
    number = forms.TypedChoiceField(label=_("轮次"), coerce=int)
    starts_on = forms.DateField(label=_("开始日期"))
    ends_on = forms.DateField(label=_("结束日期"), help_text=_("组员的授权默认与轮次同始同终，可单独调整。"))

    def __init__(self, *args: Any, waves: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [(one, _("第 %s 轮") % one) for one in waves]  # type: ignore[attr-defined]


class RoundChangeForm(ServiceForm):
    name = forms.CharField(label=_("名称"), max_length=60)
    starts_on = forms.DateField(label=_("开始日期"))
    ends_on = forms.DateField(label=_("结束日期"))


class OrganField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.division.name} · {obj.name}"


class TeamForm(ServiceForm):
    name = forms.CharField(label=_("组名"), max_length=40, help_text=_("例如：第一巡察组"))
    organ = OrganField(
        label=_("派出单位"),
        queryset=Organ.objects.none(),
        empty_label=None,
        help_text=_("本县的村选本县；交叉巡察选外县（市、区）；提级巡察选市级。"),
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = sending_organs(round)  # type: ignore[attr-defined]
        own = sending_organs(round).filter(division=round.county_id).order_by("kind").first()
        self.fields["organ"].initial = own


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name}（{obj.organ.name}）"


class CandidateField(PersonField):
    """A person with the days of the year in villages, and whether the team's townships are theirs to inspect."""

    days: dict[int, int]
    away: dict[int, set[int]]
    townships: set[int]

    def label_from_instance(self, obj: Any) -> str:
        said = [super().label_from_instance(obj)]
        if days := self.days.get(obj.pk):
            said.append(_("全年驻村 %s 天") % days)
        if self.townships & self.away.get(obj.pk, set()):
            said.append(_("须回避"))
        return " · ".join(map(str, said))


class MemberForm(ServiceForm):
    """A person and a post on a team; the list can be narrowed by name or unit beforehand."""

    user = CandidateField(label=_("人员"), queryset=User.objects.none(), empty_label=_("请选择"))
    post = forms.ChoiceField(label=_("组内岗位"), choices=TeamPost.choices, initial=TeamPost.MEMBER)
    starts_on = forms.DateField(label=_("授权开始"))
    ends_on = forms.DateField(label=_("授权结束"), help_text=_("到期次日起看不到本组的任何资料。"))

    def __init__(self, *args: Any, team: Team, text: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = candidates(team, text).exclude(memberships__team=team)
        people: Any = self.fields["user"]
        people.queryset, found = rows, list(rows)
        people.days, people.away = days_in_villages(found, team.round.plan.year), recused_of(found)
        open_ones = team.inspections.filter(status__in=OPEN_STAGES)
        people.townships = set(open_ones.values_list("township_id", flat=True))
        self.fields["starts_on"].initial = team.round.starts_on
        self.fields["ends_on"].initial = team.round.ends_on


class MemberChangeForm(ServiceForm):
    post = forms.ChoiceField(label=_("组内岗位"), choices=TeamPost.choices)
    starts_on = forms.DateField(label=_("授权开始"))
    ends_on = forms.DateField(label=_("授权结束"), help_text=_("到期次日起看不到本组的任何资料。"))


class AssignForm(ServiceForm):
    team = forms.ModelChoiceField(label=_("派给"), queryset=Team.objects.none(), empty_label=None)
    in_turn = forms.BooleanField(label=_("逐村排期"), required=False)

    def __init__(self, *args: Any, round: Round, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = round.teams.order_by("pk")  # type: ignore[attr-defined]
