from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import KeyField, VersionField, offer_county
from inspections.enums import PostConcerned, Severity, Theme
from inspections.models import Finding, Inspection
from inspections.selectors.findings import KINDS

from .base import Asked, ServiceForm, chosen

# The three aspects of mission row C1, shortened to fit a select.
ASPECTS = [("A", _("一、决策部署落实")), ("B", _("二、群众身边腐败和作风")), ("C", _("三、基层党组织建设"))]


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class FindingForm(ServiceForm):
    """A working paper; the checklist item is chosen on the step before."""

    title = forms.CharField(label=_("问题"), max_length=60, help_text=_("一句话说清，60 字以内。"))
    facts = forms.CharField(
        label=_("事实"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("时间、地点、涉及事项、金额或户数。不写反映人姓名。"),
    )
    second_inspector = PersonField(
        label=_("第二名巡察人员"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("请选择"),
        help_text=_("底稿须两人签名；可以先存，确认前补填。签名的副组长不能再初审。"),
    )
    severity = forms.ChoiceField(
        label=_("程度"),
        choices=Severity.choices,
        initial=Severity.GENERAL,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    is_immediate = forms.BooleanField(label=_("立巡立改（能当场改的）"), required=False)
    is_common = forms.BooleanField(label=_("共性问题（多个村都有）"), required=False)
    period = forms.CharField(label=_("发生时间"), required=False, max_length=60)
    amount = forms.DecimalField(label=_("涉及金额（元）"), required=False, min_value=0, max_digits=14, decimal_places=2)
    people_affected = forms.IntegerField(label=_("涉及群众（人）"), required=False, min_value=0, max_value=1_000_000)
    post_concerned = forms.ChoiceField(
        label=_("涉及岗位"), required=False, choices=chosen(PostConcerned.choices, _("不涉及"))
    )
    evidence = forms.CharField(label=_("印证材料"), required=False, max_length=200)

    MORE = ("period", "amount", "people_affected", "post_concerned", "evidence")

    def __init__(self, *args: Any, inspection: Inspection, author: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["second_inspector"]
        field.queryset = partners(inspection, author)  # type: ignore[attr-defined]

    @property
    def more_is_used(self) -> bool:
        """Are the folded fields to be shown open?"""
        return any(self[name].value() or self[name].errors for name in self.MORE)


class NewFindingForm(FindingForm):
    """With a mark of its own, so that a form sent twice is one finding."""

    key = KeyField(required=False)


class TargetField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}（{obj.checklist_item.code}，{obj.inspector}，{obj.status_label}）"


class MergeForm(ServiceForm):
    """Which finding stays."""

    into = TargetField(
        label=_("并入哪一条"), queryset=Finding.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("说明（可不填）"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = VersionField()

    def __init__(self, *args: Any, targets: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = targets  # type: ignore[attr-defined]


def partners(inspection: Inspection, author: Any) -> Any:
    """Who may sign beside the author: members of the team with a grant in force."""
    on_team = Q(pk__in=inspection.team.members.in_force().values("user_id")) if inspection.team else Q(pk__in=[])
    return User.objects.filter(on_team).exclude(pk=author.pk).order_by("full_name")


class FindingQuery(forms.Form):
    q = forms.CharField(label=_("问题、村名或编号"), required=False, max_length=40)
    county = forms.TypedChoiceField(label=_("县（市、区）"), required=False, coerce=int, empty_value=None)
    township = forms.TypedChoiceField(label=_("乡镇（街道）"), required=False, coerce=int, empty_value=None)
    aspect = forms.ChoiceField(label=_("方面"), required=False, choices=chosen(ASPECTS))
    theme = forms.ChoiceField(label=_("重点问题"), required=False, choices=chosen(Theme.choices))
    severity = forms.ChoiceField(label=_("程度"), required=False, choices=chosen(Severity.choices))
    kind = forms.ChoiceField(
        label=_("性质"), required=False, choices=chosen((key, label) for key, (label, _q) in KINDS.items())
    )
    round = forms.TypedChoiceField(label=_("轮次"), required=False, coerce=int, empty_value=None)
    post = forms.ChoiceField(label=_("涉及岗位"), required=False, choices=chosen(PostConcerned.choices))
    inspection = forms.IntegerField(required=False, widget=forms.HiddenInput)
    item = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    point = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)
    year = forms.IntegerField(required=False, widget=forms.HiddenInput)
    team = Asked()
    member = Asked()
    confirmed = forms.ChoiceField(required=False, choices=[("", ""), ("yes", "")], widget=forms.HiddenInput)
    returned = forms.ChoiceField(required=False, choices=[("", ""), ("yes", "")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, counties: Any = (), townships: Any = (), rounds: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_county(self, chosen((one.pk, one.name) for one in counties))
        self.fields["township"].choices = chosen((one.pk, one.name) for one in townships)  # type: ignore[attr-defined]
        self.fields["round"].choices = chosen((one.pk, one.name) for one in rounds)  # type: ignore[attr-defined]


class ChecklistQuery(forms.Form):
    q = forms.CharField(label=_("查找"), required=False, max_length=40, help_text=_("汉字或拼音首字母"))
    aspect = forms.ChoiceField(label=_("方面"), required=False, choices=chosen(ASPECTS))
    theme = forms.ChoiceField(label=_("重点问题"), required=False, choices=chosen(Theme.choices))
    version = forms.TypedChoiceField(label=_("版本"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, versions: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [(one.pk, f"{one}{_('（草稿）') if one.is_draft else ''}") for one in versions]  # type: ignore[attr-defined]


class OpinionForm(ServiceForm):
    opinion = forms.CharField(
        label=_("反馈意见"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 24}), strip=True
    )
    version = VersionField()
