"""Pilots and demonstrations (A2): set by those entitled, on record; the list filters on them at three tiers."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Division
from common.models import AuditEvent
from tests.factories.world import division
from villages.services import mark_places

URL, SET = "/villages/marks/", "/villages/marks/set/"


def marked(place):
    return Division.objects.get(pk=place.pk).mark


def test_a_mark_is_set_and_taken_away_on_record(world):
    mark_places(places=[world.township], mark="PILOT", actor=world.county_officer)
    assert marked(world.township) == "PILOT"
    mark_places(places=[world.township], mark="", actor=world.county_officer)
    events = AuditEvent.objects.filter(action="mark_place").order_by("id")
    assert [one.changes["mark"] for one in events] == [["无", "试点"], ["试点", "无"]]
    assert {one.object_text for one in events} == {"青义镇"}


def test_a_mark_that_is_there_already_leaves_no_trace(world):
    for _time in range(2):
        mark_places(places=[world.county], mark="DEMONSTRATION", actor=world.city_officer)
    assert AuditEvent.objects.filter(action="mark_place").count() == 1


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("county_officer", "county"),
        ("county_officer", "other_township"),
        ("leading_group", "township"),
        ("township_secretary", "township"),
        ("city_officer", "city"),
        ("sysadmin", "county"),
    ],
)
def test_nobody_marks_what_is_not_theirs(world, name, place):
    with pytest.raises(PermissionDenied):
        mark_places(places=[getattr(world, place)], mark="PILOT", actor=getattr(world, name))
    assert not Division.objects.exclude(mark="").exists()


def test_one_place_out_of_reach_refuses_all(world):
    with pytest.raises(PermissionDenied):
        mark_places(places=[world.township, world.other_township], mark="PILOT", actor=world.county_officer)
    assert marked(world.township) == ""


def test_a_village_is_not_marked_here(world):
    with pytest.raises(PermissionDenied):
        mark_places(places=[world.village.division], mark="PILOT", actor=world.county_officer)


def test_an_unknown_mark_is_refused_by_service_and_database(world):
    with pytest.raises(ValidationError):
        mark_places(places=[world.township], mark="BEST", actor=world.county_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.filter(pk=world.township.pk).update(mark="BEST")


@pytest.mark.parametrize(
    ("name", "asked", "places"),
    [
        ("city_officer", {}, ["涪城区", "游仙区", "丰谷镇", "青义镇", "沉抗镇"]),
        ("city_officer", {"county": "other_county"}, ["游仙区", "沉抗镇"]),
        ("city_officer", {"mark": "PILOT"}, ["青义镇"]),
        ("county_officer", {}, ["丰谷镇", "青义镇"]),
        ("county_officer", {"mark": "DEMONSTRATION"}, []),
    ],
)
def test_the_page_lists_what_one_may_mark(world, signed_in, name, asked, places):
    mark_places(places=[world.township], mark="PILOT", actor=world.county_officer)
    if "county" in asked:
        asked = {"county": getattr(world, asked["county"]).pk}
    page = signed_in(getattr(world, name)).get(URL, asked)
    assert [one.name for one in page.context["places"]] == places


def test_marking_asks_first_and_then_says_how_many(world, signed_in):
    client = signed_in(world.county_officer)
    data = {"ids": [world.township.pk, world.sibling_township.pk], "action": "PILOT"}
    asked = client.post(SET, data)
    assert (asked.status_code, "青义镇" in asked.content.decode(), marked(world.township)) == (200, True, "")
    done = client.post(SET, data | {"confirmed": "1"}, follow=True)
    assert "2 个地方有变化" in done.content.decode()
    client.post(SET, {"ids": [world.township.pk], "action": "NONE", "confirmed": "1"})
    assert (marked(world.township), marked(world.sibling_township)) == ("", "PILOT")


def test_a_foreign_place_is_not_found_and_nothing_happens(world, signed_in):
    data = {"ids": [world.township.pk, world.other_township.pk], "action": "PILOT", "confirmed": "1"}
    assert signed_in(world.county_officer).post(SET, data).status_code == 404
    assert marked(world.township) == ""


@pytest.mark.parametrize("data", [{}, {"action": "PILOT"}, {"ids": ["x"], "action": "PILOT"}, {"action": "BEST"}])
def test_nothing_ticked_or_chosen_says_what_to_do(world, signed_in, data):
    response = signed_in(world.county_officer).post(SET, data | {"confirmed": "1"}, follow=True)
    assert "请先勾选" in response.content.decode()


def test_a_get_sets_nothing(world, signed_in):
    assert signed_in(world.county_officer).get(SET, {"ids": world.township.pk, "action": "PILOT"}).status_code == 405


def test_list_and_page_show_the_marks_of_the_places(world, signed_in):
    mark_places(places=[world.township], mark="PILOT", actor=world.county_officer)
    client = signed_in(world.township_secretary)
    assert "试点" in client.get("/villages/").content.decode()
    assert "试点乡镇" in client.get("/villages/510703103201/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(world, signed_in, django_assert_num_queries, count):
    for number in range(count):
        division(f"51070320{number}000", f"第{number}镇", "TOWNSHIP", world.county)
    client = signed_in(world.county_officer)
    client.get("/villages/")
    with django_assert_num_queries(6):
        client.get(URL)
