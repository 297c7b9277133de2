"""A county's own duty list: taken over from the city's, changed in versions; what has begun keeps its own (A5)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.errors import Conflict
from inspections import services
from inspections.models import Duty, DutyList, DutyTemplate
from inspections.selectors.duties import list_in_force
from mianyang_xuncha import reference
from tests.factories import inspections as build

VALUES = {"stage": "DURING", "title": "走访困难户", "who": "TEAM", "required": True, "anchor": "LEAVE", "days": -1}
VALUES |= {"modes": []}


@pytest.fixture
def own(world):
    """The county's first version, in no inspection yet."""
    build.duty_list()
    return services.adopt_duty_list(county=world.county, actor=world.county_officer)


def line(duty_list, title="发动群众"):
    return DutyTemplate.objects.select_related("duty_list__county").get(duty_list=duty_list, title=title)


def titles(world, stage="DURING"):
    rows = list_in_force(world.county).rows.filter(stage=stage)
    return list(rows.order_by("order").values_list("title", flat=True))


def test_the_shipped_list_has_all_three_stages_and_is_loaded_once(db):
    assert reference.load_duties() > 20
    assert reference.load_duties() == 0
    stages = set(DutyTemplate.objects.filter(required=True).values_list("stage", flat=True))
    assert stages == {"BEFORE", "DURING", "AFTER"}


def test_a_county_without_its_own_uses_the_citys(world):
    default = build.duty_list()
    assert list_in_force(world.county) == default


def test_taking_over_copies_every_line_once(world, own):
    assert (own.number, own.rows.count()) == (1, build.duty_list().rows.count())
    assert list_in_force(world.other_county) == build.duty_list()
    with pytest.raises(Conflict):
        services.adopt_duty_list(county=world.county, actor=world.county_head)


def test_a_line_is_added_changed_moved_and_retired(world, own):
    actor = world.county_officer
    services.add_duty_template(county=world.county, actor=actor, **VALUES)
    services.move_duty_template(template=line(own, "走访困难户"), actor=actor, up=True)
    assert titles(world) == ["发动群众", "走访困难户", "组内会商研判"]
    values = {key: VALUES[key] for key in ("who", "required", "anchor", "days", "modes")}
    services.edit_duty_template(template=line(own), actor=actor, title="发动群众两次", **values)
    services.retire_duty_template(template=line(own, "组内会商研判"), actor=actor)
    assert titles(world) == ["发动群众两次", "走访困难户"]
    assert list_in_force(world.county).number == 1


def test_a_list_in_use_becomes_a_new_version_and_what_has_begun_keeps_its_own(world, own):
    inspection = build.arranged_inspection(world)
    services.retire_duty_template(template=line(own), actor=world.county_officer)
    assert list_in_force(world.county).number == 2
    assert "发动群众" not in titles(world)
    assert "发动群众" in set(inspection.duties.values_list("template__title", flat=True))


def test_a_line_of_a_version_gone_by_is_a_conflict(world, own):
    build.arranged_inspection(world)
    old = line(own)
    services.retire_duty_template(template=line(own, "组内会商研判"), actor=world.county_officer)
    with pytest.raises(Conflict):
        services.retire_duty_template(template=old, actor=world.county_officer)


def test_the_citys_default_is_not_a_countys_to_change(world):
    template = line(build.duty_list())
    with pytest.raises(Conflict):
        services.retire_duty_template(template=template, actor=world.county_officer)


@pytest.mark.parametrize("name", ["roster_admin", "leading_group", "other_county_officer", "city_officer"])
def test_nobody_else_changes_it(world, own, name):
    with pytest.raises(PermissionDenied):
        services.add_duty_template(county=world.county, actor=getattr(world, name), **VALUES)


@pytest.mark.parametrize("change", [{"title": " "}, {"days": 400}, {"who": "X"}, {"modes": ["X"]}])
def test_nonsense_is_refused(world, own, change):
    with pytest.raises(ValidationError):
        services.add_duty_template(county=world.county, actor=world.county_officer, **VALUES | change)


# pages


def test_the_page_goes_from_the_citys_list_to_an_own_line(world, signed_in):
    build.duty_list()
    client, url = signed_in(world.county_officer), reverse("inspections:duty_list")
    assert "市级默认" in client.get(url).content.decode()
    assert (
        "涪城区责任清单第 1 版"
        in client.post(reverse("inspections:duty_list_adopt"), {"confirmed": "1"}, follow=True).content.decode()
    )
    values = {key: value for key, value in VALUES.items() if key != "required"} | {"required": "on"}
    page = client.post(reverse("inspections:duty_template_new"), values, follow=True).content.decode()
    assert "走访困难户" in page
    assert "离村之日前 1 天" in page


def test_the_page_changes_a_line(world, own, signed_in):
    values = {"title": "发动群众三次", "who": "TEAM", "anchor": "ENTER", "days": 1}
    url = reverse("inspections:duty_template", args=[line(own).pk])
    assert signed_in(world.county_officer).post(url, values | {"title": ""}).status_code == 422
    assert signed_in(world.county_officer).post(url, values).status_code == 302
    assert DutyTemplate.objects.get(duty_list=own, title="发动群众三次").required is False


def test_the_page_asks_before_a_line_is_retired(world, own, signed_in):
    client, url = signed_in(world.county_officer), reverse("inspections:duty_template_retire", args=[line(own).pk])
    assert "将停用" in client.post(url).content.decode()
    assert client.post(url, {"confirmed": "1"}).status_code == 302
    assert "发动群众" not in titles(world)
    assert client.post(url, {"confirmed": "1"}).status_code == 404


def test_earlier_versions_can_be_looked_at_and_not_changed(world, own, signed_in):
    build.arranged_inspection(world)
    services.retire_duty_template(template=line(own), actor=world.county_officer)
    client, url = signed_in(world.county_officer), reverse("inspections:duty_list")
    assert "发动群众" not in client.get(url).content.decode()
    old = client.get(url, {"version": "1"}).content.decode()
    assert "发动群众" in old
    assert "停用：" not in old
    assert client.get(url, {"version": "9"}).status_code == 404


def test_the_leading_group_reads_without_buttons(world, own, signed_in):
    page = signed_in(world.leading_group).get(reverse("inspections:duty_list")).content.decode()
    assert "发动群众" in page
    assert "增加事项" not in page


def test_no_duty_is_lost_by_a_new_version(world, own):
    build.arranged_inspection(world)
    before = Duty.objects.count()
    services.add_duty_template(county=world.county, actor=world.county_officer, **VALUES)
    assert (Duty.objects.count(), DutyList.objects.filter(county=world.county).count()) == (before, 2)
