from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.calendar import today
from inspections.enums import Mode
from inspections.models import Term
from villages.enums import VillageClass

from .base import ServiceForm, chosen

YEARS = 6
TARGETS = _("从第一年起逐年填写累计数，用空格分开，例如：20 40 60 80 100")


class TermForm(ServiceForm):
    """A term and its coverage target for each of its years; the years follow the dates."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如：八届市委巡察（2026—2030）"))
    starts_on = forms.DateField(label=_("开始日期"))
    ends_on = forms.DateField(label=_("结束日期"))
    targets = forms.CharField(
        label=_("各年末覆盖率目标（%）"),
        max_length=60,
        help_text=TARGETS,
    )

    def clean_targets(self) -> list[int]:
        words = self.cleaned_data["targets"].replace("，", " ").replace(",", " ").replace("%", " ").split()
        if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in words):
            raise forms.ValidationError(_("目标只能是 0 至 100 的整数，用空格分开。"))
        return [int(one) for one in words]

    def targets_by_year(self) -> dict[int, int]:
        first = self.cleaned_data["starts_on"].year
        return {first + index: share for index, share in enumerate(self.cleaned_data["targets"])}


class TermChangeForm(ServiceForm):
    """What of a term may still be changed: its name, the targets, by when counties file."""

    name = forms.CharField(label=_("名称"), max_length=60)
    targets = forms.CharField(label=_("各年末覆盖率目标（%）"), max_length=60, help_text=TARGETS)
    plan_due_month = forms.IntegerField(label=_("年度计划在几月底之前报备"), min_value=1, max_value=12)
    round_due_days = forms.IntegerField(label=_("轮次在开始前几天报备"), min_value=0, max_value=60)

    clean_targets = TermForm.clean_targets

    def __init__(self, *args: Any, term: Term, **kwargs: Any):
        self.first = term.starts_on.year
        shares = dict(term.targets.values_list("year", "percent"))
        years = range(self.first, max(shares, default=self.first - 1) + 1)
        initial = {name: getattr(term, name) for name in ("name", "plan_due_month", "round_due_days")}
        kwargs["initial"] = initial | {"targets": " ".join(str(shares.get(year, 0)) for year in years)}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        shares = enumerate(self.cleaned_data["targets"])
        return self.cleaned_data | {"targets": {self.first + index: share for index, share in shares}}


class PlanForm(ServiceForm):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        first = today().year
        years = range(first - 1, first + YEARS)
        self.fields["year"].choices = [(one, _("%s 年") % one) for one in years]  # type: ignore[attr-defined]
        self.fields["year"].initial = first


class VillageQuery(forms.Form):
    """Narrow the villages of a plan, or those that could be put on it."""

    q = forms.CharField(label=_("村名"), required=False, max_length=40)
    klass = forms.ChoiceField(label=_("分类"), required=False, choices=chosen(VillageClass.choices))
    township = forms.TypedChoiceField(label=_("乡镇（街道）"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, townships: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = chosen((one.pk, one.name) for one in townships)  # type: ignore[attr-defined]


class EntryQuery(VillageQuery):
    wave = forms.TypedChoiceField(label=_("轮次"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, waves: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wave"].choices = chosen((one, _("第 %s 轮") % one) for one in waves)  # type: ignore[attr-defined]


class PickQuery(VillageQuery):
    covered = forms.ChoiceField(
        label=_("本届覆盖"), required=False, choices=chosen([("no", _("未巡察")), ("yes", _("已巡察"))])
    )


class EntryForm(ServiceForm):
    """Wave and mode for the chosen villages; an empty mode follows from each village's class."""

    wave = forms.IntegerField(label=_("第几轮"), min_value=1, max_value=12, initial=1)
    mode = forms.ChoiceField(label=_("巡察方式"), required=False, choices=chosen(Mode.choices, _("按分类确定（推荐）")))
    mode_reason = forms.CharField(
        label=_("方式与分类不一致的理由"), required=False, max_length=200, help_text=_("只在改用其他方式时填写。")
    )
    theme = forms.CharField(label=_("专项主题"), required=False, max_length=60, help_text=_("只在专项巡察时填写。"))


class ChangeEntryForm(EntryForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wave"].required = False
        self.fields["wave"].initial = None
        self.fields["wave"].help_text = _("不填则不变。")
        self.fields["mode"].choices = chosen(Mode.choices, _("不变"))  # type: ignore[attr-defined]


class CoverageQuery(forms.Form):
    term = forms.TypedChoiceField(label=_("届期"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, terms: "list[Term] | tuple[Term, ...]" = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["term"].choices = [(one.pk, one.name) for one in terms]  # type: ignore[attr-defined]
