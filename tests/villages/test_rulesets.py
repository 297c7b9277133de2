"""Rules in the browser: a county begins with the city's, changes a draft, tries it out, puts it in force, goes back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import Conflict
from common.models import AuditEvent
from tests.factories.villages import approved
from villages import services
from villages.models import RuleSet, SuggestionRule, Village, VillageKind
from villages.selectors.criteria import sentence
from villages.selectors.rulesets import in_force
from villages.selectors.suggestions import rules_for, suggest_all

URL = "/villages/classes/rules/"
GIVEN = {"field": "households", "operator": "gte", "value": "100", "klass": "KEY_FOCUS", "kind": None, "reason": ""}


@pytest.fixture
def draft(world, reference_data):
    return services.begin_draft(county=world.county, actor=world.county_officer)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def sentences(rule_set):
    return [sentence(one) for one in rule_set.rules.select_related("kind").order_by("order")]


def add(world, draft, **changes):
    return services.add_rule(draft=draft, actor=world.county_officer, version=fresh(draft).version, **GIVEN | changes)


def test_a_countys_set_begins_as_a_copy_of_the_citys(world, draft):
    assert sentences(draft) == sentences(in_force(None))
    assert (draft.county, draft.created_by, draft.is_draft) == (world.county, world.county_officer, True)
    assert rules_for(world.county) == rules_for(None)


def test_there_is_one_draft_however_often_one_begins(world, draft):
    assert services.begin_draft(county=world.county, actor=world.county_head) == draft
    assert draft.rules.count() == 15


def test_a_draft_suggests_nothing_before_it_is_put_in_force(world, draft):
    Village.objects.update(households=500)
    add(world, draft)
    assert suggest_all([Village.objects.get(pk=world.village.pk)]) == {}
    services.enable_rules(draft=draft, actor=world.county_head, version=fresh(draft).version)
    found = suggest_all(Village.objects.filter(county__in=[world.county, world.other_county]))
    assert set(found) == {world.village.pk, world.second_village.pk, world.sibling_village.pk}
    assert {one.reason for one in found.values()} == {"户数 ≥ 100 户"}


def test_a_rule_is_added_changed_moved_and_taken_out_on_record(world, draft):
    rule = add(world, draft, value="300")
    services.move_rule(rule=rule, actor=world.county_officer, version=2, up=True)
    services.edit_rule(rule=rule, actor=world.county_officer, version=3, **GIVEN | {"value": "400", "reason": "大村"})
    assert sentences(draft)[-2] == "户数 ≥ 400 户 → 重点关注村"
    services.remove_rule(rule=fresh(rule), actor=world.county_officer, version=4)
    assert sentences(draft) == sentences(in_force(None))
    events = AuditEvent.objects.filter(object_type="villages.RuleSet").order_by("id")
    assert [one.action for one in events] == ["begin_rules", "add_rule", "move_rule", "edit_rule", "remove_rule"]
    old = "户数 ≥ 300 户 → 重点关注村（户数 ≥ 300 户）"
    assert events[1].changes == {"rule": [None, old]}
    assert events[2].changes == {"order": [16, 15]}
    assert events[3].changes == {"rule": [old, "户数 ≥ 400 户 → 重点关注村（大村）"]}
    assert events[4].changes["rule"][1] is None


def test_moving_past_the_end_does_nothing(world, draft):
    first = draft.rules.order_by("order").first()
    services.move_rule(rule=first, actor=world.county_officer, version=1, up=True)
    assert sentences(draft) == sentences(in_force(None))
    assert not AuditEvent.objects.filter(action="move_rule").exists()


def test_what_was_in_force_is_kept_as_it_was(world, draft):
    services.enable_rules(draft=draft, actor=world.county_head, version=1)
    second = services.begin_draft(county=world.county, actor=world.county_officer)
    rule = second.rules.order_by("order").first()
    services.remove_rule(rule=rule, actor=world.county_officer, version=1)
    services.enable_rules(draft=second, actor=world.county_head, version=2)
    assert (fresh(draft).in_force, draft.rules.count(), fresh(second).rules.count()) == (False, 15, 14)
    old, new = AuditEvent.objects.filter(action="enable_rules").latest("id").changes["rules"]
    assert (old.count("\n"), new.count("\n")) == (14, 13)


def test_going_back_to_the_citys_rules(world, draft):
    add(world, draft)
    services.enable_rules(draft=draft, actor=world.county_head, version=2)
    assert len(rules_for(world.county)) == 16
    services.restore_rules(rule_set=draft, actor=world.county_head, version=3)
    assert rules_for(world.county) == rules_for(None)
    with pytest.raises(Conflict):
        services.restore_rules(rule_set=draft, actor=world.county_head, version=4)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "很多"}, "value"),
        ({"field": "secretary"}, "field"),
        ({"operator": "has"}, "operator"),
        ({"klass": "WORST"}, "outcome"),
        ({"reason": "长" * 121}, "reason"),
    ],
)
def test_a_bad_rule_is_refused_and_changes_nothing(world, draft, changes, field):
    with pytest.raises(ValidationError) as error:
        add(world, draft, **changes)
    assert list(error.value.error_dict) == [field]
    assert (draft.rules.count(), fresh(draft).version) == (15, 1)


@pytest.mark.parametrize("code", ["ORD_SMALL", "KEY_UNNAMED_1"])
def test_a_kind_of_another_class_or_without_a_name_is_refused(world, draft, code):
    with pytest.raises(ValidationError):
        add(world, draft, kind=VillageKind.objects.get(code=code))


def test_the_same_rule_twice_is_refused(world, draft):
    add(world, draft)
    with pytest.raises(ValidationError):
        add(world, draft)


def test_two_people_at_once_are_a_conflict(world, draft):
    rule = draft.rules.order_by("order").first()
    add(world, draft)
    with pytest.raises(Conflict):
        services.edit_rule(rule=rule, actor=world.county_head, version=1, **GIVEN | {"value": "7"})


def test_a_set_in_force_cannot_be_changed(world, draft):
    services.enable_rules(draft=draft, actor=world.county_head, version=1)
    for act in (services.enable_rules, services.discard_draft):
        with pytest.raises(Conflict):
            act(draft=draft, actor=world.county_head, version=2)
    with pytest.raises(Conflict):
        add(world, draft)


def test_an_empty_set_cannot_be_put_in_force(world, draft):
    draft.rules.all().delete()
    with pytest.raises(ValidationError):
        services.enable_rules(draft=draft, actor=world.county_head, version=1)


def test_only_the_head_puts_in_force_and_goes_back(world, draft):
    with pytest.raises(PermissionDenied):
        services.enable_rules(draft=draft, actor=world.county_officer, version=1)
    services.enable_rules(draft=draft, actor=world.county_head, version=1)
    with pytest.raises(PermissionDenied):
        services.restore_rules(rule_set=draft, actor=world.county_officer, version=2)


@pytest.mark.parametrize("name", ["other_county_officer", "city_roster_admin", "leading_group", "township_secretary"])
def test_others_do_not_touch_a_countys_draft(world, draft, name):
    with pytest.raises(PermissionDenied):
        services.add_rule(draft=draft, actor=getattr(world, name), version=1, **GIVEN)


def test_the_city_changes_the_rules_of_the_counties_that_follow_it(world, reference_data):
    draft = services.begin_draft(county=None, actor=world.city_roster_admin)
    services.add_rule(draft=draft, actor=world.city_roster_admin, version=1, **GIVEN)
    services.enable_rules(draft=draft, actor=world.city_roster_admin, version=2)
    assert len(rules_for(world.county)) == 16


def test_the_database_keeps_one_set_in_force_for_a_place(world, reference_data):
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.create(county=None, enabled_at=timezone.now())


# ----------------------------------------------------------------------- pages


def post(client, draft, act, **data):
    return client.post(f"{URL}{draft.pk}/{act}/", {"version": fresh(draft).version} | data)


def test_a_county_reads_the_citys_rules_as_sentences(world, signed_in, reference_data):
    page = signed_in(world.county_officer).get(URL)
    assert "本县执行全市规则" in page.content.decode()
    assert [row["sentence"] for row in page.context["rows"]][2] == (
        "近三年信访件次 ≥ 5 件次 → 风险隐患村 · 干群关系紧张村"
    )


def test_a_rule_is_made_in_two_steps_and_shown(world, signed_in, draft):
    client = signed_in(world.county_officer)
    add_url = f"{URL}{draft.pk}/add/"
    assert f"{add_url}?field=households" in client.get(add_url).content.decode()
    form = client.get(add_url, {"field": "households"}).context["form"]
    assert [value for value, _word in form.fields["operator"].choices] == ["gte", "gt", "lte", "lt", "eq", "ne"]
    kind = VillageKind.objects.get(code="ORD_SMALL")
    data = {"field": "households", "operator": "lt", "value": "200", "outcome": f"ORDINARY:{kind.pk}", "reason": "户少"}
    assert post(client, draft, "add", **data).status_code == 302
    assert "户数 &lt; 200 户" in client.get(f"{URL}{draft.pk}/").content.decode()
    assert sentences(draft)[-1] == "户数 < 200 户 → 一般普通村 · 体量小"


def test_a_bad_value_is_explained_beside_its_field(world, signed_in, draft):
    data = {"field": "households", "operator": "lt", "value": "两百", "outcome": "ORDINARY:"}
    response = post(signed_in(world.county_officer), draft, "add", **data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["value"])
    assert "“户数”要填数字" in response.content.decode()


def test_an_outcome_that_is_no_choice_is_refused(world, signed_in, draft):
    data = {"field": "households", "operator": "lt", "value": "200", "outcome": "ORDINARY:999999"}
    assert post(signed_in(world.county_officer), draft, "add", **data).status_code == 422


def test_a_rule_is_edited_with_what_it_was_filled_in(world, signed_in, draft):
    client = signed_in(world.county_officer)
    rule = draft.rules.get(field="petitions_3y", operator="gte")
    url = f"{rule.pk}/edit"
    form = client.get(f"{URL}{draft.pk}/{url}/").context["form"]
    assert (form["value"].value(), form["outcome"].value()) == ("5", f"RISK:{rule.kind_id}")
    post(client, draft, url, operator="gte", value="8", outcome=f"RISK:{rule.kind_id}", reason="")
    assert (fresh(rule).value, fresh(rule).reason) == ("8", "近三年信访件次 ≥ 8 件次")


@pytest.mark.parametrize(
    ("field", "value"),
    [("petitions_3y", "3"), ("annual_income", "2000000"), ("location", "县城"), ("cadre_relations", "NORMAL")],
)
def test_a_reason_that_names_the_old_value_must_be_changed_with_it(world, signed_in, draft, field, value):
    rule = draft.rules.filter(field=field).order_by("order").first()
    client = signed_in(world.county_officer)
    page = f"{URL}{draft.pk}/{rule.pk}/edit/"
    given = client.get(page).context["form"].initial | {"value": value}
    refused = client.post(page, given)
    assert (refused.status_code, "理由里写的还是原来的" in refused.content.decode()) == (422, True)
    assert client.post(page, given | {"reason": ""}).status_code == 302
    assert fresh(rule).value == value


def test_a_reason_that_names_no_value_may_stay(world, signed_in, draft):
    rule = add(world, draft, value="300", reason="体量大，事项多")
    client = signed_in(world.county_officer)
    page = f"{URL}{draft.pk}/{rule.pk}/edit/"
    assert client.post(page, client.get(page).context["form"].initial | {"value": "400"}).status_code == 302


def test_a_rule_of_another_set_is_not_found(world, signed_in, draft):
    citys = SuggestionRule.objects.filter(rule_set__county=None).first()
    client = signed_in(world.county_officer)
    for act in ("edit", "move", "remove"):
        assert post(client, draft, f"{citys.pk}/{act}").status_code == 404
    assert SuggestionRule.objects.filter(rule_set__county=None).count() == 15


def test_moving_and_taking_out_by_buttons(world, signed_in, draft):
    client = signed_in(world.county_officer)
    second = draft.rules.order_by("order")[1]
    post(client, draft, f"{second.pk}/move", to="up")
    assert draft.rules.order_by("order").first() == second
    post(client, draft, f"{second.pk}/remove")
    assert draft.rules.count() == 14


def test_a_button_of_an_outdated_page_is_a_conflict(world, signed_in, draft):
    rule = draft.rules.first()
    client = signed_in(world.county_officer)
    response = client.post(f"{URL}{draft.pk}/{rule.pk}/remove/", {"version": 7})
    assert (response.status_code, draft.rules.count()) == (409, 15)


def test_enabling_and_going_back_ask_first(world, signed_in, draft):
    client = signed_in(world.county_head)
    assert "已审定的分类不变" in post(client, draft, "enable").content.decode()
    assert fresh(draft).is_draft
    post(client, draft, "enable", confirmed="1")
    assert fresh(draft).in_force
    assert post(client, draft, "enable", confirmed="1").status_code == 409
    assert post(client, draft, "restore").status_code == 200
    post(client, draft, "restore", confirmed="1")
    assert in_force(world.county) == in_force(None)


def test_a_draft_is_given_up(world, signed_in, draft):
    client = signed_in(world.county_officer)
    assert post(client, draft, "discard").status_code == 200
    post(client, draft, "discard", confirmed="1")
    assert not fresh(draft).is_draft
    assert "已放弃" in client.get(f"{URL}{draft.pk}/").content.decode()


def test_beginning_leads_to_the_draft(world, signed_in, reference_data):
    response = signed_in(world.county_officer).post(f"{URL}draft/")
    assert response.headers["Location"] == RuleSet.objects.get(county=world.county).get_absolute_url()


def test_the_head_is_offered_to_enable_and_the_officer_is_told_who_does(world, signed_in, draft):
    url = f"{URL}{draft.pk}/"
    assert f"{url}enable/" in signed_in(world.county_head).get(url).content.decode()
    page = signed_in(world.county_officer).get(url).content.decode()
    assert f"{url}enable/" not in page
    assert "由巡察办主要负责人启用" in page


def test_who_only_reads_is_offered_nothing(world, signed_in, reference_data):
    page = signed_in(world.leading_group).get(URL).content.decode()
    assert "近三年信访件次 ≥ 5 件次" in page
    assert "修改规则" not in page


# ------------------------------------------------------------------- dry run


def test_a_dry_run_counts_compares_and_writes_nothing(world, signed_in, draft):
    Village.objects.filter(county=world.county).update(households=500, petitions_3y=9)
    Village.objects.filter(pk=world.sibling_village.pk).update(petitions_3y=None)
    approved(world.village, officer=world.county_officer, head=world.county_head, klass="ORDINARY")
    add(world, draft)
    events = AuditEvent.objects.count()
    response = signed_in(world.county_officer).get(f"{URL}{draft.pk}/try/")
    trial = response.context["trial"]
    assert (trial.tested, trial.suggested("RISK"), trial.suggested("KEY_FOCUS"), trial.suggested(None)) == (3, 2, 1, 0)
    assert trial.pairs["ORDINARY", "RISK"] == 1
    assert [line.village for line in trial.from_class.sample] == [world.village]
    assert [line.village for line in trial.from_today.sample] == [world.sibling_village]
    assert {row["hits"] for row in response.context["rows"] if row["rule"].field == "households"} == {3, 0}
    assert "/villages/510703103201/" in response.content.decode()
    assert AuditEvent.objects.count() == events


def test_a_dry_run_stays_in_the_county(world, signed_in, draft):
    Village.objects.update(petitions_3y=9)
    response = signed_in(world.county_officer).get(f"{URL}{draft.pk}/try/")
    assert response.context["trial"].tested == 3
    assert "抗香村" not in response.content.decode()


def test_a_county_tries_the_citys_rules_on_its_own_villages(world, signed_in, reference_data):
    citys = in_force(None)
    trial = signed_in(world.county_officer).get(f"{URL}{citys.pk}/try/").context["trial"]
    assert trial.tested == 3


def test_the_city_tries_its_rules_where_no_own_ones_hold(world, signed_in, draft):
    services.enable_rules(draft=draft, actor=world.county_head, version=1)
    trial = signed_in(world.city_officer).get(f"{URL}{in_force(None).pk}/try/").context["trial"]
    assert trial.tested == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_dry_run_costs_the_same_however_many_villages(world, signed_in, draft, django_assert_num_queries, count):
    for one in [world.village, world.second_village, world.sibling_village][:count]:
        approved(one, officer=world.county_officer, head=world.county_head, klass="ORDINARY")
        Village.objects.filter(pk=one.pk).update(petitions_3y=9, households=500)
    add(world, draft)
    client = signed_in(world.county_officer)
    client.get("/villages/")
    with django_assert_num_queries(10):
        client.get(f"{URL}{draft.pk}/try/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_set_costs_the_same_for_one_and_for_three_rules(world, signed_in, draft, django_assert_num_queries, count):
    draft.rules.exclude(pk__in=draft.rules.values("pk")[:count]).delete()
    client = signed_in(world.county_officer)
    client.get("/villages/")
    with django_assert_num_queries(10):
        assert len(client.get(f"{URL}{draft.pk}/").context["rows"]) == count
