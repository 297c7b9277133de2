"""销号对账: what is closed, what is not, where the township's count and the county's differ (E6)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from rectification import services
from rectification.models import CountTold
from rectification.selectors.closing import closing_table
from tests.factories import rectification as make

URL = "/rectification/closing/"


@pytest.fixture
def items(world):
    """One closed, one waiting for the county, one returned."""
    closed, waiting, returned = make.assigned_items(world, findings=3)
    make.closed_item(world, closed)
    make.supervised_item(world, waiting)
    services.return_item(item=make.supervised_item(world, returned), actor=world.county_officer, note="照片看不清")


def test_the_difference_is_told_by_where_the_items_are(world, items):
    (row,) = closing_table(world.county_officer)
    counted = {
        key: row[key] for key in ("name", "total", "done", "closed", "supervision", "verification", "returned", "left")
    }
    assert counted == {
        **{"name": "青义镇", "total": 3, "done": 2, "closed": 1},
        **{"supervision": 0, "verification": 1, "returned": 1, "left": 2},
    }


def test_a_township_counts_by_village_and_the_city_by_county(world, items):
    assert [row["name"] for row in closing_table(world.township_secretary)] == ["龙门村"]
    assert [row["name"] for row in closing_table(world.city_officer)] == ["涪城区"]


def test_a_difference_needs_a_word(world, items):
    with pytest.raises(ValidationError, match="不一致"):
        services.tell_count(actor=world.township_secretary, told_total=3, told_closed=2)
    told = services.tell_count(actor=world.township_secretary, told_total=3, told_closed=2, note="第 2 件待验收")
    assert (told.agrees, told.closed) == (False, 1)


@pytest.mark.parametrize("name", ["discipline_officer", "village_secretary", "county_officer", "supervisor"])
def test_only_the_township_committee_tells(world, items, name):
    with pytest.raises(PermissionDenied):
        services.tell_count(actor=world.people[name], told_total=3, told_closed=1)


def test_what_was_told_stays(world, items):
    services.tell_count(actor=world.township_secretary, told_total=3, told_closed=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        CountTold.objects.update(told_closed=3)


def test_the_township_tells_and_the_county_reads_it(world, items, client):
    client.force_login(world.township_secretary)
    assert client.post(URL, {"told_total": 3, "told_closed": 2}).status_code == 422
    client.post(URL, {"told_total": 3, "told_closed": 2, "note": "第 2 件已报验收"})
    client.force_login(world.county_officer)
    page = client.get(URL).content.decode()
    assert "不一致" in page
    assert "第 2 件已报验收" in page
    assert client.post(URL, {"told_total": 1, "told_closed": 1}).status_code == 403


def test_the_page_stays_within_its_statements(world, items, signed_in, django_assert_max_num_queries):
    client = signed_in(world.county_officer)
    client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL)


@pytest.mark.parametrize("count", [1, 3])
def test_telling_costs_the_same_for_more_items(world, django_assert_max_num_queries, count):
    make.assigned_items(world, findings=count)
    with django_assert_max_num_queries(6):
        services.tell_count(actor=world.township_secretary, told_total=count, told_closed=0)
