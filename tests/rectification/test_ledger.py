from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.calendar import today
from rectification import selectors
from rectification.models import CountySetting, RectificationItem
from rectification.selectors import Filters, Ledger
from tests.factories import rectification as make

DAY = timedelta(days=1)
EVERYBODY = [
    "county_officer",
    "township_officer",
    "village_secretary",
    "supervisor",
    "city_officer",
    "org_officer",
    "sibling_township_secretary",
    "other_county_officer",
    "other_village_secretary",
    "department_officer",
]


@pytest.fixture
def three(world):
    """One overdue, one due in five days, one later; all ASSIGNED, of the village of the cast."""
    items = make.assigned_items(world, findings=3)
    for item, days in zip(items, (-3, 5, 40), strict=True):
        make.dated(world, item, deadline=today() + days * DAY)
    return list(RectificationItem.objects.order_by("pk"))


def ids(rows):
    return [one.pk for one in rows]


def test_tabs_count_what_they_show(world, three):
    for tab, count in Ledger(world.county_officer).counts().items():
        assert Ledger(world.county_officer, tab=tab).rows().count() == count


def test_overdue_and_due_soon_are_told_apart(world, three):
    counts = Ledger(world.county_officer).counts()
    assert (counts["overdue"], counts["soon"], counts["assigned"], counts["all"]) == (1, 1, 3, 3)


def test_the_day_of_the_deadline_is_not_overdue(world, three):
    make.dated(world, three[0], deadline=today())
    counts = Ledger(world.county_officer).counts()
    assert (counts["overdue"], counts["soon"]) == (0, 2)


def test_amber_follows_the_countys_own_days(world, three):
    CountySetting.objects.create(county=world.county, amber_days=3)
    assert Ledger(world.county_officer).counts()["soon"] == 0
    assert Ledger(world.city_officer).counts()["soon"] == 0


def test_rows_and_lights_agree(world, three):
    CountySetting.objects.create(county=world.county, amber_days=40)
    amber = selectors.amber_days()
    for light in ("red", "amber", "green", "grey"):
        rows = Ledger(world.county_officer, Filters(light=light)).rows()
        assert {selectors.light_of(one, amber) for one in rows} <= {light}
        assert rows.count() == [1, 2, 0, 0][["red", "amber", "green", "grey"].index(light)]


def test_a_long_term_item_is_never_overdue(world):
    from rectification import services

    item = services.mark_long_term(item=make.open_item(world), actor=world.county_officer, note="长期管护")
    make.dated(world, item, review_on=today() - DAY)
    counts = Ledger(world.county_officer).counts()
    assert (counts["overdue"], counts["long"]) == (0, 1)


@pytest.mark.parametrize(
    "name",
    EVERYBODY,
)
def test_each_sees_the_own_scope(world, three, name):
    expected = {
        "sibling_township_secretary": [],
        "other_county_officer": [],
        "other_village_secretary": [],
        "department_officer": [],
        "org_officer": [three[1].pk],
    }.get(name, ids(three[::-1]))
    assert ids(Ledger(getattr(world, name)).rows()) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"q": "龙门"}, [2, 1, 0]),
        ({"q": "longmen"}, [2, 1, 0]),
        ({"q": "lmc"}, [2, 1, 0]),
        ({"q": "方水"}, []),
        ({"q": "-02"}, [1]),
        ({"common": "yes"}, [2]),
        ({"common": "no"}, [1, 0]),
        ({"immediate": "yes"}, [1]),
        ({"status": "CLOSED"}, []),
        ({"point": "B2"}, [1]),
        ({"point": "B"}, [2, 1, 0]),
        ({"due_from": today()}, [2, 1]),
        ({"due_to": today() - DAY}, [0]),
    ],
)
def test_filters(world, three, filters, expected):
    rows = Ledger(world.county_officer, Filters(**filters)).rows()
    assert ids(rows) == [three[index].pk for index in expected]


def test_places_filter(world, three):
    assert Ledger(world.county_officer, Filters(village=world.village.pk)).rows().count() == 3
    assert Ledger(world.county_officer, Filters(township=world.sibling_township.pk)).rows().count() == 0


@pytest.mark.parametrize("sort", ["deadline", "-deadline", "-id"])
def test_pages_by_key_cover_every_row_once_forwards_and_back(world, three, sort):
    make.dated(world, three[1], deadline=None, is_long_term=True, review_on=today())
    ledger = Ledger(world.county_officer, sort=sort)
    whole = ids(ledger.rows())
    first = ledger.page(size=2)
    second = ledger.page(after=first.after, size=2)
    back = ledger.page(before=second.before, size=2)
    assert ids(first.rows) + ids(second.rows) == whole
    assert ids(back.rows) == ids(first.rows)
    assert (first.before, second.after, back.before) == ("", "", "")


@pytest.mark.parametrize("mark", ["x", "_", "2020-13-40_1", "_99999999999999999999", "'; DROP TABLE"])
def test_a_page_mark_that_makes_no_sense_starts_from_the_beginning(world, three, mark):
    assert len(Ledger(world.county_officer).page(after=mark).rows) == 3


def test_neighbours_follow_the_order_of_the_ledger(world, three):
    ledger = Ledger(world.county_officer, sort="deadline")
    assert ledger.neighbours(three[1]) == (three[0].pk, three[2].pk)
    assert ledger.neighbours(three[0]) == (None, three[1].pk)


def test_lights_by_township_for_the_county(world, three):
    (row,) = selectors.lights_table(world.county_officer)
    assert (row["name"], row["total"], row["open"], row["overdue"], row["amber"], row["closed"]) == (
        "青义镇",
        3,
        3,
        1,
        1,
        0,
    )
    assert row["light"] == "red"


def test_lights_by_county_for_the_city_and_by_village_for_the_township(world, three):
    assert [row["name"] for row in selectors.lights_table(world.city_officer)] == ["涪城区"]
    assert [row["name"] for row in selectors.lights_table(world.township_officer)] == ["龙门村"]


def test_lights_name_the_last_report_of_each_township(world):
    item = make.reported_item(world)
    report = item.reports.get()
    (row,) = selectors.lights_table(world.county_officer)
    assert row["last_report"] == report.created_at


def test_lights_take_one_statement(world, three, django_assert_num_queries):
    user = world.county_officer
    selectors.lights_table(user)  # memberships are asked once for each person
    with django_assert_num_queries(1):
        selectors.lights_table(user, amber={})


def statements(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["county_officer", "township_secretary", "city_officer", "village_secretary"])
def test_the_ledger_takes_as_many_statements_at_ten_rows_as_at_a_thousand(world, signed_in, as_owner, name):
    item = make.assigned_items(world, findings=1)[0]
    client = signed_in(getattr(world, name))
    few = statements(client, "/rectification/")
    with as_owner():
        make.copies(item, 1000)
    many = statements(client, "/rectification/?tab=assigned")
    assert RectificationItem.objects.count() == 1001
    assert few == many <= 10


@pytest.mark.parametrize("page", ["/rectification/", "/rectification/tasks/"])
def test_lists_take_as_many_statements_at_one_row_as_at_three(world, signed_in, as_owner, page):
    item = make.assigned_items(world, findings=1)[0]
    client = signed_in(world.township_secretary)
    one = statements(client, page)
    with as_owner():
        make.copies(item, 2)
    assert statements(client, page) == one


@pytest.mark.parametrize("page", ["/rectification/", "/rectification/tasks/"])
def test_acts_are_judged_for_all_rows_at_once(world, signed_in, as_owner, page):
    """What may be done on a row depends on who signed it; that is asked once for the page."""
    item = make.supervised_item(world)
    client = signed_in(world.county_officer)
    one = statements(client, page)
    with as_owner():
        make.copies(item, 2)
    assert statements(client, page) == one <= 10


def test_the_item_page_takes_a_bounded_number_of_statements(world, signed_in):
    item = make.closed_item(world)
    assert statements(signed_in(world.county_officer), f"/rectification/{item.pk}/?tab=closed") <= 25


def looked_up(node):
    """How often each sub-plan of the plan was run."""
    if node.get("Parent Relationship") == "SubPlan":
        yield node["Actual Loops"]
    for one in node.get("Plans", ()):
        yield from looked_up(one)


def test_lights_cost_a_plan_that_grows_with_the_rows_and_not_with_their_square(world, as_owner):
    """The last report is looked up once a township: a look-up a row took minutes at ten thousand rows."""
    item = make.reported_item(world)
    with as_owner():
        make.copies(item, 1000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        selectors.lights_table(world.county_officer, amber={})
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + captured[-1]["sql"])
        (plan,) = cursor.fetchone()[0]
    assert list(looked_up(plan["Plan"])) == [1]


@pytest.mark.parametrize("name", ["township_secretary", "other_county_officer", "village_secretary"])
def test_a_query_string_offers_no_places_of_others(world, name):
    asked = {"county": world.county.pk, "township": world.sibling_township_secretary.division.pk}
    assert selectors.places(getattr(world, name), **asked) == selectors.places(getattr(world, name))


def test_a_county_offers_the_villages_of_a_chosen_township(world):
    township = world.township_secretary.division
    offered = selectors.places(world.county_officer, township=township.pk)
    assert {one.parent_id for one in offered if one != world.county} == {world.county.pk, township.pk}
