"""Rules that suggest a class: readable data, first fitting rule decides, blanks fit nothing."""

from decimal import Decimal

import pytest
from django.utils import timezone

from mianyang_xuncha import reference
from villages.models import RuleSet, SuggestionRule, Village, VillageKind
from villages.selectors.suggestions import OPERATORS, fits, rules_for, suggest, suggest_all


def rule(field="petitions_3y", operator="gte", value="5", klass="RISK", order=10, **more):
    return SuggestionRule(field=field, operator=operator, value=value, klass=klass, order=order, reason="理由", **more)


@pytest.mark.parametrize(
    ("operator", "below", "same", "above"),
    [
        ("eq", False, True, False),
        ("ne", True, False, True),
        ("lt", True, False, False),
        ("lte", True, True, False),
        ("gt", False, False, True),
        ("gte", False, True, True),
    ],
)
def test_numbers_are_compared(operator, below, same, above):
    found = [fits(Village(petitions_3y=number), rule(operator=operator)) for number in (4, 5, 6)]
    assert found == [below, same, above]


def test_all_operators_of_the_rules_are_known():
    assert set(OPERATORS) == {"eq", "ne", "lt", "lte", "gt", "gte", "has"}


def test_a_word_is_looked_for_in_a_text():
    one = rule("resources", "has", "砂石")
    assert fits(Village(resources="林地、砂石"), one)
    assert not fits(Village(resources="林地"), one)


def test_yes_and_no_and_money_and_choices():
    assert fits(Village(is_weak_lax=True), rule("is_weak_lax", "eq", "yes"))
    assert not fits(Village(is_weak_lax=False), rule("is_weak_lax", "eq", "yes"))
    assert fits(Village(annual_income=Decimal("1000000.00")), rule("annual_income", "gte", "1000000"))
    assert fits(Village(cadre_relations="TENSE"), rule("cadre_relations", "eq", "TENSE"))


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_field_that_is_not_filled_in_fits_no_rule(operator):
    assert not fits(Village(), rule(operator=operator))
    assert not fits(Village(), rule("resources", operator, "矿"))


def test_a_rule_whose_value_is_no_number_fits_nothing():
    assert not fits(Village(petitions_3y=5), rule(value="五"))


def test_the_first_fitting_rule_decides_and_later_ones_add_kinds_and_reasons(db, reference_data):
    village = Village(petitions_3y=6, cadre_relations="TENSE", is_demonstration=True)
    found = suggest(village, rules_for(0))
    assert (found.klass, [one.code for one in found.kinds]) == ("RISK", ["RISK_CADRES"])
    assert found.reasons == ("村情登记的干群关系为紧张", "近三年信访件次达到 5 件次")


def test_a_village_without_a_survey_gets_no_suggestion(db, reference_data):
    assert suggest(Village(), rules_for(0)) is None


def test_a_county_with_rules_of_its_own_does_without_the_citys(world, reference_data):
    in_force = RuleSet.objects.create(county=world.county, enabled_at=timezone.now())
    own = rule("households", "gte", "1", "KEY_FOCUS", rule_set=in_force)
    own.save()
    assert rules_for(world.county) == [own]
    assert len(rules_for(world.other_county)) == 15


def test_the_rules_are_read_once_a_county(world, reference_data, django_assert_num_queries):
    Village.objects.update(petitions_3y=9)
    villages = list(Village.objects.filter(county=world.county))
    with django_assert_num_queries(1):
        found = suggest_all(villages)
    assert {one.klass for one in found.values()} == {"RISK"}
    assert len(found) == 3


def test_every_shipped_rule_names_a_field_an_operator_and_a_kind_of_its_class(db, reference_data):
    names = {one.name for one in Village._meta.get_fields()}
    for one in SuggestionRule.objects.all():
        assert one.field in names
        assert one.operator in OPERATORS
        assert one.kind is None or one.kind.klass == one.klass


def test_sixteen_kinds_ship_four_of_them_unnamed(db, reference_data):
    assert (VillageKind.objects.count(), VillageKind.objects.filter(name="待定名").count()) == (16, 4)


def test_reference_data_loaded_again_leaves_the_citys_rules_as_the_city_made_them(db, reference_data):
    SuggestionRule.objects.filter(order=10).delete()
    reference.load_kinds_and_rules()
    assert SuggestionRule.objects.count() == 14
