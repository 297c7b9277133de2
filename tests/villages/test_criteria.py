"""What rules may ask, how they are said, and which values are refused with what advice (B4)."""

import pytest
from django.core.exceptions import ValidationError

from villages.models import SuggestionRule, VillageKind
from villages.selectors.criteria import CRITERIA, checked, condition, sentence
from villages.selectors.suggestions import OPERATORS


def rule(field, operator, value, klass="RISK", kind=None):
    return SuggestionRule(field=field, operator=operator, value=value, klass=klass, kind=kind)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("petitions_3y", "gte", "5"), "近三年信访件次 ≥ 5 件次"),
        (("petitions_3y", "eq", "0"), "近三年信访件次 等于 0 件次"),
        (("annual_income", "gte", "1000000"), "村集体经济年收入 ≥ 100 万元"),
        (("annual_income", "lt", "1234.5"), "村集体经济年收入 < 1,234.5 元"),
        (("is_weak_lax", "eq", "yes"), "是软弱涣散村"),
        (("secretary_is_director", "eq", "no"), "没有一肩挑"),
        (("cadre_relations", "ne", "TENSE"), "干群关系不等于“紧张”"),
        (("location", "has", "城郊"), "区位条件含有“城郊”"),
    ],
)
def test_a_condition_is_a_phrase_of_the_office(given, said):
    assert condition(rule(*given)) == said


def test_a_rule_is_a_sentence(db):
    kind = VillageKind(klass="RISK", name="干群关系紧张村")
    said = sentence(rule("petitions_3y", "gte", "5", kind=kind))
    assert said == "近三年信访件次 ≥ 5 件次 → 风险隐患村 · 干群关系紧张村"


def test_every_shipped_rule_has_a_sentence_and_passes_the_check(db, reference_data):
    for one in SuggestionRule.objects.select_related("kind"):
        assert "→" in sentence(one)
        assert checked(one.field, one.operator, one.value) == one.value


def test_every_comparison_on_offer_is_one_that_the_suggestions_know():
    assert {operator for one in CRITERIA.values() for operator in one.operators} <= set(OPERATORS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("petitions_3y", "gte", " ５ "), "5"),
        (("annual_income", "lt", "12.50"), "12.50"),
        (("resources", "has", " 砂石 "), "砂石"),
        (("cadre_relations", "eq", "TENSE"), "TENSE"),
    ],
)
def test_a_value_is_kept_clean(given, kept):
    assert checked(*given) == kept


@pytest.mark.parametrize(
    ("given", "field", "advice"),
    [
        (("petitions_3y", "gte", "五"), "value", "要填数字"),
        (("petitions_3y", "gte", "5件"), "value", "不带单位"),
        (("petitions_3y", "gte", "5.5"), "value", "要填整数"),
        (("petitions_3y", "gte", "-1"), "value", "小于 0"),
        (("petitions_3y", "gte", "1e99"), "value", "太大"),
        (("petitions_3y", "gte", "NaN"), "value", "太大"),
        (("petitions_3y", "gte", ""), "value", "要填数字"),
        (("annual_income", "gte", "1.234"), "value", "两位小数"),
        (("is_weak_lax", "eq", "maybe"), "value", "“是”或“否”"),
        (("cadre_relations", "eq", "紧张"), "value", "列出的选项"),
        (("resources", "has", "  "), "value", "例如 砂石"),
        (("resources", "has", "长" * 41), "value", "最多 40 个字"),
        (("resources", "gte", "5"), "operator", "不能这样比较"),
        (("is_weak_lax", "ne", "yes"), "operator", "不能这样比较"),
        (("secretary", "eq", "张三"), "field", "不能用这一项"),
        (("klass", "eq", "RISK"), "field", "不能用这一项"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_advice(given, field, advice):
    with pytest.raises(ValidationError) as error:
        checked(*given)
    assert list(error.value.message_dict) == [field]
    assert advice in error.value.message_dict[field][0]
