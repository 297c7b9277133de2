"""The export: exactly what the list shows, harmless, and it imports unchanged to the last cell."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from accounts.models import Division
from common.models import AuditEvent
from inspections import services as inspections
from inspections.enums import TeamPost
from tests.factories import inspections as inspecting
from tests.factories.villages import approved, book, commit, preview, row
from villages.models import Village
from villages.roster import exporting
from villages.services import edit_village

URL = "/villages/export/"


def exported(client, **asked):
    return client.get(URL, asked).content


def rows(data):
    sheet = load_workbook(io.BytesIO(data)).active
    return [[one.value for one in line] for line in sheet.iter_rows(min_row=4)]


def heads(data):
    return [one.value for one in load_workbook(io.BytesIO(data)).active[3]]


@pytest.fixture
def filled(world):
    edit_village(
        village=world.village,
        actor=world.county_officer,
        version=1,
        households=320,
        annual_income=Decimal("128000.55"),
        secretary_is_director=False,
        is_weak_lax=True,
        cadre_relations="TENSE",
        petitions_3y=0,
        last_inspected_on=date(2019, 4, 22),
        secretary="张三",
        remark="=SUM(1)\n第二行",
        resources="+林地",
        location="@城郊",
        category="COMMUNITY",
    )


def test_it_imports_unchanged_to_the_last_cell(world, signed_in, filled, tmp_path):
    merged = row("510703103202", "方水村", 调整类型="合并", 并入村代码="510703103201")
    withdrawn = row("510703100201", "二社村", "丰谷镇", 调整类型="撤销")
    commit(book(merged, withdrawn), tmp_path, county=world.county)
    cells = [field.attname for field in Village._meta.fields if field.name != "missing_from"]
    before = list(Village.objects.order_by("pk").values(*cells))
    outcome = commit(exported(signed_in(world.county_officer), status="ALL"), tmp_path, county=world.county)
    assert (outcome.rows, outcome.unchanged, outcome.refusals.told, outcome.ignored_columns) == (3, 3, [], [])
    assert list(Village.objects.order_by("pk").values(*cells)) == before


def test_lines_typed_in_the_browser_import_unchanged(world, signed_in, tmp_path):
    page = signed_in(world.county_officer)
    page.post(
        "/villages/510703103201/edit/", {"version": 1, "category": "VILLAGE", "remark": "第一行\r\n第二行\t止\u200b"}
    )
    outcome = commit(exported(page), tmp_path, county=world.county)
    assert (outcome.changed, outcome.unchanged) == (0, 3)
    assert Village.objects.get(pk=world.village.pk).remark == "第一行\n第二行\t止"


def test_it_holds_the_values_of_the_village(world, signed_in, filled):
    data = exported(signed_in(world.county_officer), q="龙门")
    shown = dict(zip(heads(data), rows(data)[0], strict=True))
    assert (shown["户数"], shown["村集体经济年收入(元)"], shown["是否一肩挑"]) == (320, 128000.55, "否")
    assert (shown["干群关系"], shown["近三年信访件次"], shown["类型"]) == ("紧张", 0, "社区")
    assert (shown["上次巡察时间"].date(), shown["统计区划代码"]) == (date(2019, 4, 22), "510703103201")


def test_no_text_becomes_a_formula(world, signed_in, filled):
    sheet = load_workbook(io.BytesIO(exported(signed_in(world.county_officer), q="龙门"))).active
    odd = [one for one in sheet[4] if isinstance(one.value, str) and one.value[0] in "=+@"]
    assert len(odd) == 3
    assert all((one.data_type, one.quotePrefix) == ("s", True) for one in odd)


@pytest.mark.parametrize(
    ("name", "asked", "count"),
    [
        ("city_officer", {}, 4),
        ("county_officer", {}, 3),
        ("county_officer", {"q": "lm"}, 1),
        ("township_secretary", {}, 2),
        ("county_officer", {"klass": "RISK"}, 1),
        ("township_secretary", {"klass": "RISK"}, 2),
    ],
)
def test_it_has_the_rows_of_the_list(world, signed_in, name, asked, count):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    client = signed_in(getattr(world, name))
    listed = [one.division.code for one in client.get("/villages/", asked).context["page"].rows]
    assert [line[3] for line in rows(exported(client, **asked))] == listed
    assert len(listed) == count


def test_the_class_goes_only_to_who_may_know_it(world, signed_in):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    county, township = exported(signed_in(world.county_officer)), exported(signed_in(world.township_secretary))
    assert (heads(county)[-1], [line[-1] for line in rows(county)]) == ("现行分类", ["未分类", "风险隐患村", "未分类"])
    assert "现行分类" not in heads(township)
    assert "风险隐患村" not in str(rows(township))


def test_it_is_on_record_with_who_and_how_many(world, signed_in):
    exported(signed_in(world.county_officer), q="龙门")
    event = AuditEvent.objects.get(action="export")
    assert (event.actor, "1 行" in event.note, "龙门" in event.note) == (world.county_officer, True, True)


def test_it_names_who_exported_it(world, signed_in):
    sheet = load_workbook(io.BytesIO(exported(signed_in(world.county_officer)))).active
    assert "导出人：县巡察办干部" in sheet["A2"].value


@pytest.mark.parametrize("name", ["org_officer", "village_secretary", "county_discipline", "sysadmin"])
def test_who_may_only_look_may_not_export(world, signed_in, name):
    assert signed_in(getattr(world, name)).get(URL).status_code == 403


def test_too_many_rows_are_explained(world, signed_in, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    response = signed_in(world.county_officer).get(URL, follow=True)
    assert "超过 2 行" in response.content.decode()


def test_a_filter_that_is_no_choice_leads_back(world, signed_in):
    response = signed_in(world.county_officer).get(URL, {"klass": "x"})
    assert (response.status_code, response.headers["Location"]) == (302, "/villages/?klass=x")


def test_rows_cost_no_statement_each(world, signed_in, django_assert_num_queries):
    client = signed_in(world.county_officer)
    exported(client)
    with django_assert_num_queries(8):
        exported(client)


def test_a_change_after_the_export_shows_as_a_change(world, signed_in, filled, tmp_path):
    data = exported(signed_in(world.county_officer), q="龙门")
    edit_village(village=world.village, actor=world.county_officer, version=2, households=330)
    assert preview(data, tmp_path, county=world.county).changed == 1


def test_who_sees_a_teams_villages_too_is_told_how_many_of_the_list_may_be_exported(world, signed_in, monkeypatch):
    """A township's officer lent to a team elsewhere: the list has both, the workbook only the own township's."""
    team = inspecting.arranged_inspection(world, world.sibling_village).team
    inspections.add_member(team=team, user=world.township_officer, post=TeamPost.MEMBER, actor=world.county_officer)
    inspecting.reload_people(world)
    client = signed_in(world.township_officer)
    response = client.get("/villages/")
    assert (response.context["page"].count, response.context["exported"]) == (3, 2)
    assert "2 个可以导出" in response.content.decode()
    assert len(rows(exported(client))) == 2


def test_the_count_of_the_list_is_the_number_of_rows(world, signed_in):
    client, asked = signed_in(world.county_officer), {"township": world.township.pk}
    response = client.get("/villages/", asked)
    assert response.context["exported"] is None
    assert response.context["page"].count == len(rows(exported(client, **asked))) == 2


def test_it_says_which_marks_and_how_much_of_the_survey_there_is(world, signed_in, filled):
    Division.objects.filter(pk=world.township.pk).update(mark="DEMONSTRATION")
    Village.objects.filter(pk=world.village.pk).update(mark="PILOT")
    data = exported(signed_in(world.county_officer), q="龙门")
    shown = dict(zip(heads(data), rows(data)[0], strict=True))
    assert (shown["摸排项数"], shown["试点示范"]) == ("4/5", "试点村、示范乡镇")
