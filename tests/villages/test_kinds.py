"""The four kinds that wait for a name: the city names them, counties see and use them (B3)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from common.models import AuditEvent
from villages.models import VillageKind
from villages.services import name_kind

URL = "/villages/classes/kinds/"


@pytest.fixture
def waiting(reference_data):
    return VillageKind.objects.get(code="RISK_UNNAMED_1")


def named(kind):
    return VillageKind.objects.get(pk=kind.pk).name


def test_the_city_names_a_kind_on_record(world, waiting):
    name_kind(kind=waiting, name=" 项目 集中村 ", actor=world.city_roster_admin)
    assert named(waiting) == "项目集中村"
    event = AuditEvent.objects.get(action="name_kind")
    assert (event.actor, event.changes) == (world.city_roster_admin, {"name": ["待定名", "项目集中村"]})


def test_the_same_name_again_leaves_no_trace(world, waiting):
    for _time in range(2):
        name_kind(kind=waiting, name="项目集中村", actor=world.city_roster_admin)
    assert AuditEvent.objects.filter(action="name_kind").count() == 1


@pytest.mark.parametrize("name", ["", "  ", "待定名", "软弱涣散村", "长" * 21])
def test_a_name_that_says_nothing_or_is_taken_is_refused(world, waiting, name):
    with pytest.raises(ValidationError):
        name_kind(kind=waiting, name=name, actor=world.city_roster_admin)
    assert named(waiting) == "待定名"


def test_the_named_twelve_keep_their_names(world, reference_data):
    kind = VillageKind.objects.get(code="RISK_CADRES")
    with pytest.raises(ValidationError):
        name_kind(kind=kind, name="别的", actor=world.city_roster_admin)


@pytest.mark.parametrize("name", ["city_officer", "county_head", "roster_admin", "township_secretary"])
def test_nobody_else_names(world, waiting, name):
    with pytest.raises(PermissionDenied):
        name_kind(kind=waiting, name="项目集中村", actor=getattr(world, name))


def test_the_database_refuses_a_name_twice(world, waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        VillageKind.objects.filter(pk=waiting.pk).update(name="软弱涣散村")


def test_sixteen_kinds_stand_under_three_classes(world, signed_in, reference_data):
    response = signed_in(world.county_officer).get(URL)
    assert [len(group["kinds"]) for group in response.context["groups"]] == [7, 5, 4]
    assert "还有 4 种细类由市委巡察办定名" in response.content.decode()
    assert "定名：" not in response.content.decode()


def test_a_kind_once_named_can_be_chosen_by_counties(world, signed_in, waiting):
    client = signed_in(world.city_roster_admin)
    assert "定名：" in client.get(URL).content.decode()
    assert client.post(f"{URL}{waiting.pk}/", {"name": "项目集中村"}).status_code == 302
    county = signed_in(world.county_officer)
    for page in ("/villages/510703103201/class/", "/villages/", URL):
        assert "项目集中村" in county.get(page).content.decode(), page


def test_a_refused_name_is_explained_at_its_field(world, signed_in, waiting):
    response = signed_in(world.city_roster_admin).post(f"{URL}{waiting.pk}/", {"name": "软弱涣散村"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])


@pytest.mark.parametrize(
    ("name", "status"), [("township_secretary", 403), ("org_officer", 403), ("leading_group", 200)]
)
def test_who_sees_classes_sees_kinds(world, signed_in, reference_data, name, status):
    assert signed_in(getattr(world, name)).get(URL).status_code == status


def test_the_page_costs_five_statements(world, signed_in, reference_data, django_assert_num_queries):
    client = signed_in(world.county_officer)
    client.get("/villages/")
    with django_assert_num_queries(5):
        client.get(URL)
