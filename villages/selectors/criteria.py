"""What a rule may ask of a village, and how it is said: “近三年信访件次 ≥ 5 件次 → 风险隐患村” (B4)."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.enums import LOCATIONS, ORGANISATION_TYPES, CadreRelations, Category
from villages.models import SuggestionRule

TEN_THOUSAND = 10_000
MOST = {"number": Decimal(2_147_483_647), "money": Decimal("999999999999.99")}
NUMBER, YES_NO, CHOICE, TEXT = "number", "yes_no", "choice", "text"
WORDS: dict[str, Any] = {
    "gte": gettext_lazy("≥（不少于）"),
    "gt": gettext_lazy(">（多于）"),
    "lte": gettext_lazy("≤（不多于）"),
    "lt": gettext_lazy("<（少于）"),
    "eq": gettext_lazy("等于"),
    "ne": gettext_lazy("不等于"),
    "has": gettext_lazy("含有"),
}
SIGNS: dict[str, Any] = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<"} | {
    name: WORDS[name] for name in ("eq", "ne", "has")
}
OPERATORS_OF = {
    NUMBER: ("gte", "gt", "lte", "lt", "eq", "ne"),
    YES_NO: ("eq",),
    CHOICE: ("eq", "ne"),
    TEXT: ("has", "eq", "ne"),
}


@dataclass(frozen=True)
class Criterion:
    """A field of the profile that rules may speak of."""

    field: str
    label: Any
    kind: str
    unit: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    no: Any = ""
    """Of a yes-or-no: how "no" is said; the label says "yes"."""
    usual: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        return OPERATORS_OF[self.kind]

    @property
    def is_money(self) -> bool:
        return self.field == "annual_income"


CRITERIA = {
    one.field: one
    for one in (
        Criterion("petitions_3y", gettext_lazy("近三年信访件次"), NUMBER, gettext_lazy("件次")),
        Criterion("cadre_relations", gettext_lazy("干群关系"), CHOICE, choices=tuple(CadreRelations.choices)),
        Criterion("is_weak_lax", gettext_lazy("是软弱涣散村"), YES_NO, no=gettext_lazy("不是软弱涣散村")),
        Criterion("is_lifted_poverty", gettext_lazy("是脱贫村"), YES_NO, no=gettext_lazy("不是脱贫村")),
        Criterion("is_demonstration", gettext_lazy("是乡村振兴示范村"), YES_NO, no=gettext_lazy("不是乡村振兴示范村")),
        Criterion("secretary_is_director", gettext_lazy("一肩挑"), YES_NO, no=gettext_lazy("没有一肩挑")),
        Criterion("annual_income", gettext_lazy("村集体经济年收入"), NUMBER, gettext_lazy("元")),
        Criterion("resources", gettext_lazy("资源禀赋"), TEXT, usual=("砂石", "矿", "林地", "旅游")),
        Criterion("location", gettext_lazy("区位条件"), TEXT, usual=LOCATIONS),
        Criterion("organisation_type", gettext_lazy("党组织类型"), TEXT, usual=ORGANISATION_TYPES),
        Criterion("party_members", gettext_lazy("党员数"), NUMBER, gettext_lazy("名")),
        Criterion("population", gettext_lazy("人口"), NUMBER, gettext_lazy("人")),
        Criterion("households", gettext_lazy("户数"), NUMBER, gettext_lazy("户")),
        Criterion("category", gettext_lazy("类型"), CHOICE, choices=tuple(Category.choices)),
    )
}


def condition(rule: SuggestionRule) -> str:
    """近三年信访件次 ≥ 5 件次."""
    one = CRITERIA[rule.field]
    if one.kind == YES_NO:
        return str(one.label if rule.value == "yes" else one.no)
    if one.kind == NUMBER:
        return f"{one.label} {SIGNS[rule.operator]} {_said(one, rule.value)}"
    return f"{one.label}{SIGNS[rule.operator]}“{_said(one, rule.value)}”"


def outcome(rule: SuggestionRule) -> str:
    """风险隐患村 · 干群关系紧张村."""
    return f"{rule.get_klass_display()} · {rule.kind}" if rule.kind else str(rule.get_klass_display())


def sentence(rule: SuggestionRule) -> str:
    return f"{condition(rule)} → {outcome(rule)}"


def _said(one: Criterion, value: str) -> str:
    if one.kind != NUMBER:
        return str(dict(one.choices).get(value, value))
    number = Decimal(value)
    if one.is_money and number and number % TEN_THOUSAND == 0:
        return _("%s 万元") % f"{number / TEN_THOUSAND:,.0f}"
    return f"{number.normalize():,f} {one.unit}"


def checked(field: str, operator: str, value: str) -> str:
    """The value as it is kept. Raises ValidationError that says what to write instead, at the field it speaks of."""
    one = CRITERIA.get(field)
    if one is None:
        raise ValidationError({"field": _("规则不能用这一项，请在列出的各项中选择。")})
    if operator not in one.operators:
        raise ValidationError({"operator": _("“%s”不能这样比较，请在列出的比较方式中选择。") % one.label})
    value = unicodedata.normalize("NFKC", value).strip()
    problem = _problem(one, value)
    if problem:
        raise ValidationError({"value": problem})
    return str(Decimal(value)) if one.kind == NUMBER else value


def _problem(one: Criterion, value: str) -> str:
    if one.kind == NUMBER:
        return _number_problem(one, value)
    if one.kind == YES_NO:
        return "" if value in ("yes", "no") else str(_("请选“是”或“否”。"))
    if one.kind == CHOICE:
        return "" if value in dict(one.choices) else str(_("请在列出的选项中选择。"))
    if not value:
        return _("请填写要找的词，例如 %s。") % one.usual[0]
    return "" if len(value) <= 40 else str(_("最多 40 个字，请精简。"))


def _number_problem(one: Criterion, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return str(_("“%s”要填数字，例如 5，不带单位。") % one.label)
    if not number.is_finite() or number < 0 or number > MOST["money" if one.is_money else "number"]:
        return str(_("数字太大或小于 0，请核对。"))
    places = -int(number.normalize().as_tuple().exponent)
    if places > (2 if one.is_money else 0):
        return str(_("最多两位小数。")) if one.is_money else str(_("“%s”要填整数。") % one.label)
    return ""
