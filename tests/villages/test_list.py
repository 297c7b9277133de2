"""The list of villages: who sees which, by what; what it costs."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Division
from common.calendar import today
from tests.factories.villages import approved, lacking
from tests.factories.world import village
from villages.models import Village, VillageKind
from villages.services import approve_class, edit_village, propose_class

URL = "/villages/"


def names(client, **asked):
    return [one.division.name for one in client.get(URL, asked).context["page"].rows]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("city_officer", ["二社村", "龙门村", "方水村", "抗香村"]),
        ("county_officer", ["二社村", "龙门村", "方水村"]),
        ("org_officer", ["二社村", "龙门村", "方水村"]),
        ("other_county_officer", ["抗香村"]),
        ("township_secretary", ["龙门村", "方水村"]),
        ("village_secretary", ["龙门村"]),
        ("supervisor", ["龙门村"]),
    ],
)
def test_everyone_sees_the_own_place_in_the_order_of_codes(world, signed_in, name, seen):
    assert names(signed_in(getattr(world, name))) == seen


@pytest.mark.parametrize("name", ["sysadmin", "auditor", "spare_member"])
def test_who_has_no_village_may_not_open_the_list(world, signed_in, name):
    assert signed_in(getattr(world, name)).get(URL).status_code == 403


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"q": "龙门"}, ["龙门村"]),
        ({"q": "longmen"}, ["龙门村"]),
        ({"q": "LMC"}, ["龙门村"]),
        ({"q": "510703103202"}, ["方水村"]),
        ({"q": "青义"}, ["龙门村", "方水村"]),
        ({"q": "青义 fs"}, ["方水村"]),
        ({"q": "qy"}, ["龙门村", "方水村"]),
        ({"q": "Qingyi 龙"}, ["龙门村"]),
        ({"q": "qyz FANGSHUI"}, ["方水村"]),
        ({"q": "yz"}, []),
        ({"q": "没有"}, []),
        ({"q": "%"}, []),
        ({"status": "ENDED"}, ["二社村"]),
        ({"status": "ALL"}, ["二社村", "龙门村", "方水村"]),
        ({"shouldered": "yes"}, ["龙门村"]),
        ({"shouldered": "no"}, []),
        ({"mark": "PILOT"}, ["龙门村"]),
        ({"klass": "RISK"}, ["龙门村"]),
        ({"klass": "NONE"}, ["方水村"]),
        ({"category": "COMMUNITY"}, []),
        ({"petitions": "4"}, ["龙门村"]),
        ({"petitions": "5"}, []),
        ({"petitions": "0"}, ["龙门村"]),
        ({"inspected": "never"}, ["方水村"]),
        ({"inspected": "year"}, []),
        ({"inspected": "three"}, ["龙门村"]),
        ({"inspected": "older"}, []),
        ({"mark": "DEMONSTRATION"}, []),
        ({"mark": "TOWNSHIP_PILOT"}, ["龙门村", "方水村"]),
        ({"mark": "COUNTY_PILOT"}, []),
        ({"mark": "PILOT", "petitions": "4", "inspected": "three", "klass": "RISK", "survey": "none"}, ["龙门村"]),
        ({"mark": "PILOT", "petitions": "4", "inspected": "three", "klass": "RISK", "survey": "full"}, []),
        ({"q": "龙门", "klass": "NONE"}, []),
    ],
)
def test_it_is_narrowed_by_words_and_filters(world, signed_in, asked, seen):
    known = {"secretary_is_director": True, "mark": "PILOT", "petitions_3y": 4}
    known["last_inspected_on"] = today() - timedelta(days=500)
    edit_village(village=world.village, actor=world.county_officer, version=1, **known)
    Division.objects.filter(pk=world.township.pk).update(mark="PILOT")
    approved(world.village, officer=world.county_officer, head=world.county_head)
    Village.objects.filter(pk=world.sibling_village.pk).update(status="WITHDRAWN", valid_to="2026-01-01")
    assert names(signed_in(world.county_officer), **asked) == seen


def test_villages_that_the_last_roster_lacks_are_marked_and_found(world, signed_in):
    lacking(world.village)
    client = signed_in(world.county_officer)
    assert names(client, status="UNDECIDED") == ["龙门村"]
    assert client.get(URL).content.decode().count("去向待决定</span>") == 1


@pytest.mark.parametrize("status", ["", "UNDECIDED", "ENDED", "ALL"])
def test_the_figures_are_those_of_the_place_whatever_status_is_asked_for(world, signed_in, status):
    lacking(world.village)
    figures = signed_in(world.county_officer).get(URL, {"status": status}).context["kpis"]
    assert [one["value"] for one in figures] == [3, 0, 0, 0, 3]


def test_a_township_is_not_told_what_waits_for_the_countys_decision(world, signed_in):
    lacking(world.village)
    client = signed_in(world.township_secretary)
    assert "去向待决定" not in client.get(URL).content.decode()
    assert client.get(URL, {"status": "UNDECIDED"}).status_code == 422


def test_it_is_narrowed_by_place(world, signed_in):
    assert names(signed_in(world.county_officer), township=world.sibling_township.pk) == ["二社村"]
    city = signed_in(world.city_officer)
    assert names(city, county=world.other_county.pk) == ["抗香村"]
    assert names(city, county=world.county.pk, township=world.sibling_township.pk) == ["二社村"]


def test_a_place_of_another_county_is_no_choice(world, signed_in):
    response = signed_in(world.county_officer).get(URL, {"township": world.other_township.pk})
    assert (response.status_code, len(response.context["page"].rows)) == (422, 3)


def test_it_is_narrowed_by_kind(world, signed_in, reference_data):
    kind = VillageKind.objects.get(code="RISK_CADRES")
    given = {"village": world.village, "klass": "RISK", "kinds": [kind], "reason": "信访多"}
    approve_class(classification=propose_class(**given, actor=world.county_officer), actor=world.county_head)
    assert names(signed_in(world.county_officer), kind=kind.pk) == ["龙门村"]


def test_kinds_without_a_name_are_no_filter(world, signed_in):
    assert "待定名" not in signed_in(world.county_officer).get(URL).content.decode()


@pytest.mark.parametrize("name", ["township_secretary", "org_officer", "village_secretary", "county_discipline"])
def test_the_class_is_hidden_from_who_may_not_know_it(world, signed_in, name):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    client = signed_in(getattr(world, name))
    page = client.get(URL).content.decode()
    assert "风险隐患村" not in page + client.get("/villages/510703103201/").content.decode()
    assert "未分类" not in page


def test_a_filter_by_class_is_the_same_as_none_for_who_may_not_know_it(world, signed_in):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    client = signed_in(world.township_secretary)
    assert names(client, klass="RISK") == names(client, klass="ORDINARY") == names(client)


def test_the_figures_above_the_list_are_those_of_the_place(world, signed_in):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    kpis = signed_in(world.county_officer).get(URL, {"township": world.township.pk}).context["kpis"]
    assert [one["value"] for one in kpis] == [2, 0, 1, 0, 1]


def test_pages_by_code_forth_and_back(world, signed_in):
    for number in range(60):
        village(f"5107031034{number:02d}", f"第{number}村", world.township)
    client = signed_in(world.county_officer)
    first = client.get(URL).context["page"]
    second = client.get(URL + first.next_url).context["page"]
    assert (len(first.rows), len(second.rows), first.count) == (50, 13, 63)
    assert not {one.pk for one in first.rows} & {one.pk for one in second.rows}
    assert [one.pk for one in client.get(URL + second.prev_url).context["page"].rows] == [one.pk for one in first.rows]


def test_an_empty_roster_says_what_to_do(world, signed_in):
    Village.objects.filter(county=world.county).update(status="WITHDRAWN", valid_to="2026-01-01")
    assert "导入名册" in signed_in(world.roster_admin).get(URL).content.decode()
    assert "由县委巡察办的名册管理员" in signed_in(world.township_secretary).get(URL).content.decode()


def many(township: Division, count: int) -> None:
    """Rows straight into the tables: only how much they cost is in question."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_division (code, name, tier, parent_id, pinyin, initials)
            SELECT (510703500000 + n)::text, '试验' || n || '村', 'VILLAGE', %s, 'shiyancun', 'syc'
            FROM generate_series(1, %s) n
            """,
            [township.pk, count],
        )
        cursor.execute(
            """
            INSERT INTO villages_village (division_id, county_id, township_id, status, category, organisation_type,
                secretary, resources, location, cadre_relations, mark, remark, version, updated_at)
            SELECT d.id, %s, %s, 'ACTIVE', 'VILLAGE', '', '', '', '', '', '', '', 1, now()
            FROM accounts_division d WHERE d.initials = 'syc'
            """,
            [township.parent_id, township.pk],
        )


@pytest.mark.parametrize("count", [1, 3, 10_000])
def test_the_list_costs_ten_statements_however_many_rows(world, signed_in, django_assert_num_queries, count):
    many(world.township, count)
    client = signed_in(world.county_officer)
    client.get(URL)  # the first page of a session also writes the session
    with django_assert_num_queries(10):
        response = client.get(URL)
    page = response.context["page"]
    assert (len(page.rows), page.capped) == (min(count + 3, 50), count > 9_000)
    assert len(response.content) < 60 * 1024


@pytest.mark.parametrize("asked", [{"q": "试验", "klass": "NONE"}, {"township": "x"}])
def test_filters_cost_no_more(world, signed_in, django_assert_max_num_queries, asked):
    client = signed_in(world.city_officer)
    client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL, asked | {"county": world.county.pk})
