"""The survey of five dimensions: by hand, by workbook, how much of it is there, where the village lies (B1)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.calendar import today
from tests.factories.villages import book, commit, preview
from villages.models import DIMENSIONS, RosterChange, Village
from villages.services import edit_village

FULL = {
    "organisation_type": "党支部",
    "annual_income": Decimal("50000.00"),
    "resources": "林地",
    "location": "山区",
    "cadre_relations": "NORMAL",
}
PLACE = {"longitude": Decimal("104.741720"), "latitude": Decimal("31.464020"), "datum": "WGS84"}
PAGE, EDIT = "/villages/510703103201/", "/villages/510703103201/edit/"


def survey(world, village=None, **changes):
    village = Village.objects.get(pk=(village or world.village).pk)
    return edit_village(village=village, actor=world.county_officer, version=village.version, **changes)


def filled(village):
    return Village.objects.get(pk=village.pk).dimensions


def test_each_dimension_counts_once(world):
    assert filled(world.village) == 0
    for number, (name, value) in enumerate(FULL.items(), 1):
        survey(world, **{name: value})
        assert filled(world.village) == number


def test_the_five_dimensions_are_those_of_the_campaign():
    assert [str(one) for one in DIMENSIONS.values()] == ["党组织类型", "经济体量", "资源禀赋", "区位条件", "干群关系"]


def test_an_income_of_nothing_is_an_answer(world):
    survey(world, annual_income=Decimal("0"))
    assert filled(world.village) == 1


def test_a_workbook_fills_the_survey_and_says_who_looked(world, tmp_path):
    head = (
        "村(社区)名称",
        "统计区划代码",
        "党组织类型",
        "村集体经济年收入(元)",
        "资源禀赋",
        "区位",
        "干群关系",
        "摸排日期",
        "摸排人",
    )
    line = ("龙门村", "510703103201", "党总支", 80000, "无", "城郊", "融洽", "2026-03-05", "张三、李四")
    commit(book(line, head=head), tmp_path, county=world.county)
    one = Village.objects.get(pk=world.village.pk)
    assert (one.dimensions, one.surveyor, str(one.surveyed_on)) == (5, "张三、李四", "2026-03-05")
    assert preview(book(line, head=head), tmp_path, county=world.county).unchanged == 1


def test_the_export_of_a_surveyed_village_imports_unchanged(world, signed_in, tmp_path):
    survey(world, **FULL, surveyed_on=today(), surveyor="张三", **PLACE)
    content = signed_in(world.county_officer).get("/villages/export/").content
    outcome = preview(content, tmp_path, county=world.county)
    assert (outcome.rows, outcome.unchanged, outcome.ignored_columns) == (3, 3, [])


@pytest.mark.parametrize(("asked", "names"), [
    ("full", ["龙门村"]), ("part", ["二社村", "方水村"]), ("none", ["二社村"]), ("", ["二社村", "龙门村", "方水村"]),
])  # fmt: skip
def test_the_list_finds_what_is_not_surveyed(world, signed_in, asked, names):
    survey(world, **FULL)
    survey(world, world.second_village, resources="无")
    page = signed_in(world.county_officer).get("/villages/", {"survey": asked}).context["page"]
    assert [one.division.name for one in page.rows] == names


def test_the_page_says_how_much_is_there_and_what_is_missing(world, signed_in):
    survey(world, organisation_type="党委", cadre_relations="TENSE", surveyor="王五", surveyed_on=today())
    response = signed_in(world.township_secretary).get(PAGE)
    page = response.content.decode()
    assert "已摸排 2/5 项" in page
    assert "还缺：经济体量、资源禀赋、区位条件" in page
    assert "摸排人 王五" in page
    assert response.context["survey"]["filled"] == 2


def given(**changes):
    return {"version": 1, "category": "VILLAGE"} | changes


def test_the_form_has_a_group_for_each_dimension(world, signed_in):
    form = signed_in(world.county_officer).get(EDIT).context["form"]
    titles = [str(title) for title, _fields in form.sections()]
    assert [str(one) for one in DIMENSIONS.values()] == titles[1:6]
    shown = [field.name for _title, fields in form.sections() for field in fields]
    assert sorted([*shown, "version"]) == sorted(form.fields)


def test_an_unusual_answer_of_a_roster_is_kept_by_the_form(world, signed_in):
    survey(world, location="湖心岛")
    client = signed_in(world.county_officer)
    assert client.get(EDIT).context["form"]["location"].value() == "湖心岛"
    client.post(EDIT, given(version=2, location="湖心岛", households=5))
    assert Village.objects.get(pk=world.village.pk).location == "湖心岛"


def test_an_answer_that_is_no_choice_is_refused(world, signed_in):
    response = signed_in(world.county_officer).post(EDIT, given(location="火星"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["location"])


def test_a_position_is_kept_with_what_it_was_taken_in(world, signed_in):
    signed_in(world.county_officer).post(EDIT, given(**PLACE))
    page = signed_in(world.village_secretary).get(PAGE).content.decode()
    assert "东经 104.741720°，北纬 31.464020°（WGS-84（卫星定位））" in page
    assert RosterChange.objects.get().fields["longitude"] == [None, "104.741720"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        (PLACE | {"longitude": Decimal("31.46"), "latitude": Decimal("54.74")}, {"longitude", "latitude"}),
        (PLACE | {"longitude": Decimal("2.35")}, {"longitude"}),
        ({"longitude": Decimal("104.7")}, {"latitude", "datum"}),
        ({"datum": "WGS84"}, {"longitude", "latitude"}),
        ({"surveyed_on": today() + timedelta(days=1)}, {"surveyed_on"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world, signed_in, changes, wrong):
    with pytest.raises(ValidationError) as error:
        survey(world, **changes)
    assert set(error.value.error_dict) == wrong
    response = signed_in(world.county_officer).post(EDIT, given(**changes))
    assert (response.status_code, set(response.context["form"].errors)) == (422, wrong)
    assert not RosterChange.objects.exists()


def test_the_database_refuses_a_position_outside_china(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Village.objects.filter(pk=world.village.pk).update(longitude=2, latitude=48, datum="WGS84")


def test_all_changes_are_on_a_page_of_their_own(world, signed_in):
    for number in range(12):
        survey(world, households=100 + number)
    client = signed_in(world.township_secretary)
    assert client.get(PAGE).content.decode().count("（系统内修改）") == 10
    everything = client.get(f"{PAGE}history/").content.decode()
    assert everything.count("（系统内修改）") == 12
    assert "户数：110 → 111" in everything
