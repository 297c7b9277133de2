"""Boards: every figure is recounted by SQL of its own, and opens as many rows as it says (H2)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse

from common.calendar import today
from inspections.models import Inspection, TeamMember
from oversight.selectors import board as read
from oversight.selectors.figures import content, rectified
from oversight.views.present import Board
from oversight.views.wall import Wall
from rectification.models import RectificationItem
from rectification.selectors import Filters, Ledger
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.inspections import fresh
from tests.factories.story_parts import OTHER, OWN, SIBLING

NAMES = ("total", "closed", "kept")
KEPT = (  # by the deadline; its opposite is "closed later or overdue"
    "coalesce(status = 'CLOSED' AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date <= deadline, false)"
)
BROKEN = (
    "(status = 'CLOSED' AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date > deadline)"
    " OR (status <> 'CLOSED' AND deadline < (now() AT TIME ZONE 'Asia/Shanghai')::date)"
)
POLLED = "EXISTS (SELECT 1 FROM rectification_satisfactioncount p WHERE p.item_id = i.id AND p.attempt = i.attempt)"
LATE = ((OWN, "assigned", 3), (OWN, "in_progress", 20), (SIBLING, "assigned", 7), (OTHER, "party", 91))


@pytest.fixture
def board_story(story):
    """Some items late by as many days as each age holds, and the own village's inspection closed."""
    for place, key, days in LATE:
        item = story.places[place].items[key]
        make.dated(story.places[place].world, item, deadline=today() - timedelta(days=days))
    own = story.places[OWN]
    make.poll(own.world, own.items["verification"], asked=27, satisfied=20, fair=5)
    make.poll(own.world, own.items["closed"], asked=4, satisfied=1, fair=0)
    build.close(own.world, Inspection.objects.get(pk=own.inspection.pk))
    return story


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def one(statement, *values):
    return sql(statement, *values)[0][0]


def shown(user, **asked):
    return Board(read.figures(read.Asked(fresh(user), **asked)))


def scope(user, board):
    """(condition, values) of the places that the board is about, in SQL."""
    place = board.asked.place
    if place.tier == "CITY":
        return "county_id IN (SELECT id FROM accounts_division WHERE parent_id = %s)", [place.pk]
    return "county_id = %s", [place.pk]


BOARDS = [("city_officer", ""), ("city_officer", "county"), ("county_officer", ""), ("leading_group", "")]


@pytest.fixture(params=BOARDS, ids=lambda one: f"{one[0]} {one[1]}".strip())
def board(request, board_story):
    name, into = request.param
    world = board_story.world
    return shown(world.people[name], county=world.county if into else None)


def test_items_by_state_place_and_age(board):
    where, values = scope(None, board)
    place = f"{board.asked.level}_id"
    counted = {}
    for pk, status, late in sql(
        f"SELECT {place}, status, CASE WHEN status <> 'CLOSED' THEN %s - deadline END"
        f" FROM rectification_rectificationitem WHERE {where}",
        today(),
        *values,
    ):
        row = counted.setdefault(pk, dict.fromkeys(("total", "closed", "overdue", "amber", "7", "30", "90", "more"), 0))
        row["total"] += 1
        row["closed"] += status == "CLOSED"
        if late is not None and late > 0:
            row["overdue"] += 1
            row["7" if late <= 7 else "30" if late <= 30 else "90" if late <= 90 else "more"] += 1
        row["amber"] += late is not None and -7 <= late <= 0
    names = dict(sql("SELECT id, name FROM accounts_division"))
    rows = {row["name"]: row for row in board.rates if not row["sum"]}
    assert rows.keys() == {names[pk] for pk in counted}
    for pk, want in counted.items():
        row = rows[names[pk]]
        assert {key: row[key]["n"] for key in ("total", "closed", "overdue", "amber")} == {
            key: want[key] for key in ("total", "closed", "overdue", "amber")
        }
        assert [cell["n"] for cell in row["ages"]] == [want[key] for key in ("7", "30", "90", "more")]
    total = board.rates[-1]
    for key in ("total", "closed", "overdue", "amber"):
        assert total[key]["n"] == sum(want[key] for want in counted.values()) > 0 or key == "amber"


def test_the_funnel(board):
    where, values = scope(None, board)
    steps = ["ASSIGNED", "IN_PROGRESS", "UNDER_SUPERVISION", "UNDER_VERIFICATION", "CLOSED"]
    for number, row in enumerate(board.funnel):
        count = f"SELECT count(*) FROM rectification_rectificationitem WHERE status = ANY(%s) AND {where}"
        counted, stands = one(count, steps[number:], *values), one(count, [steps[number]], *values)
        assert (row["n"], row["stands"]) == (counted, stands)
        assert counted > 0


def test_days_to_close(board):
    where, values = scope(None, board)
    days = [
        row[0]
        for row in sql(
            "SELECT (closed_at AT TIME ZONE 'Asia/Shanghai')::date - assigned_on FROM rectification_rectificationitem"
            f" WHERE status = 'CLOSED' AND {where}",
            *values,
        )
    ]
    spans = ((0, 30), (31, 60), (61, 90), (91, 180), (181, 9999))
    wanted = [sum(low <= day <= high for day in days) for low, high in spans]
    assert [row["n"] for row in board.took] == wanted
    assert sum(wanted) == len(days) > 0
    assert board.figures.took_on_average == pytest.approx(sum(days) / len(days))


def test_findings_by_point_and_item(board):
    where, values = scope(None, board)
    counted = sql(
        f"SELECT f.{board.asked.level}_id, i.point_code, count(*) FROM inspections_finding f"
        " JOIN inspections_checklistitem i ON i.id = f.checklist_item_id"
        f" WHERE f.status = 'FED_BACK' AND f.{where} GROUP BY 1, 2",
        *values,
    )
    assert {(place, point): n for place, point, n in counted} == board.figures.found != {}
    assert board.heat["total"] == sum(n for _place, _point, n in counted)
    assert sum(row["total"] for row in board.heat["rows"]) == board.heat["total"]
    assert sum(row["n"] for row in board.heat["aspects"]) == board.heat["total"]
    items = sql(
        "SELECT i.code, count(*) FROM inspections_finding f"
        " JOIN inspections_checklistitem i ON i.id = f.checklist_item_id"
        f" WHERE f.status = 'FED_BACK' AND f.{where} GROUP BY 1 ORDER BY 2 DESC, 1",
        *values,
    )
    assert [(row["code"], row["n"]) for row in board.often] == items[:8]


def test_coverage_and_classes(board):
    where, values = scope(None, board)
    counted = sql(
        "SELECT coalesce(v.klass, ''), count(*), count(DISTINCT i.village_id) FROM villages_village v"
        " LEFT JOIN inspections_inspection i ON i.village_id = v.division_id AND i.status = 'CLOSED'"
        f" WHERE v.status = 'ACTIVE' AND v.{where} GROUP BY 1",
        *values,
    )
    total = board.covered[-1]
    assert (total["total"], total["done"]) == (sum(n for _k, n, _d in counted), sum(d for _k, _n, d in counted))
    by_class = {klass: (done, n) for klass, n, done in counted}
    for klass, row in zip(("KEY_FOCUS", "RISK", "ORDINARY", ""), total["classes"], strict=True):
        assert (row["done"], row["total"]) == by_class.get(klass, (0, 0))
    assert total["done"] == 1
    assert sum(row["total"] for row in board.covered[:-1]) == total["total"]


def test_months(board):
    where, values = scope(None, board)
    for key, day in (("assigned", "assigned_on"), ("closed", "(closed_at AT TIME ZONE 'Asia/Shanghai')::date")):
        counted = dict(
            sql(
                f"SELECT to_char({day}, 'YYYY-MM'), count(*) FROM rectification_rectificationitem"
                f" WHERE {day} IS NOT NULL AND {where} GROUP BY 1",
                *values,
            )
        )
        rows = {row["name"]: row[key]["n"] for row in board.trend["rows"]}
        assert len(rows) == 12
        assert {month: n for month, n in rows.items() if n} == counted


def test_contentment(board):
    """Over the polls of the present attempt; readers other than the office are told numbers cut to fives."""
    where, values = scope(None, board)
    counted = sql(
        f"SELECT i.{board.asked.level}_id, count(DISTINCT i.id), sum(p.asked), sum(p.satisfied + p.fair)"
        " FROM rectification_satisfactioncount p JOIN rectification_rectificationitem i ON i.id = p.item_id"
        f" WHERE p.attempt = i.attempt AND i.{where} GROUP BY 1",
        *values,
    )
    found = board.figures.content
    assert {(place, one.items, one.asked, one.content) for place, one in found.items()} == set(counted) != set()
    row = board.content[-1]
    assert row["items"]["n"] == 2
    if board.asked.user.username == "county_officer":
        assert (row["asked"], row["pct"]) == ("31", pytest.approx(26 / 31 * 100))
    else:
        assert (row["asked"], row["pct"]) == ("30 以上", pytest.approx(25 / 30 * 100))


def test_items_closed_in_time(board_story):
    counted = sql(
        "SELECT township_id, count(*), count(*) FILTER (WHERE status = 'CLOSED'), count(*) FILTER (WHERE"
        " status = 'CLOSED' AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date <= deadline)"
        " FROM rectification_rectificationitem GROUP BY 1",
    )
    found = rectified(RectificationItem.objects.all(), "township", today())
    assert {(place, *(getattr(one, name) for name in NAMES)) for place, one in found.items()} == set(counted)
    assert sum(one.kept for one in found.values()) > 0


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"kept": "yes"}, KEPT),
        ({"kept": "no"}, BROKEN),
        ({"polled": "yes"}, POLLED),
        ({"polled": "no"}, f"NOT {POLLED}"),
    ],
    ids=str,
)
def test_the_ledger_asks_whether_items_were_closed_in_time_and_polled(board_story, asked, wanted):
    own = [row[0] for row in sql("SELECT id FROM accounts_division WHERE name = '涪城区'")]
    rows = sql(f"SELECT id FROM rectification_rectificationitem i WHERE county_id = ANY(%s) AND ({wanted})", own)
    found = Ledger(fresh(board_story.world.county_officer), Filters(**asked)).rows()
    assert {one.pk for one in found} == {pk for (pk,) in rows} != set()


def test_the_screen_says_what_villagers_said(board):
    row, shown_there = board.content[-1], Wall(board.figures).cards[-1]
    assert (shown_there["label"], shown_there["value"]) == ("群众满意度", f"{row['pct']:.1f}")
    assert shown_there["url"] == row["items"]["url"]
    assert shown_there["note"] == f"测评 2 件，参与人数 {row['asked']}"


def test_small_places_show_no_contentment(board_story):
    world = board_story.world
    one = content(RectificationItem.objects.filter(pk=board_story.places[OWN].items["closed"].pk), "township")
    few = one[world.township.pk]
    assert (few.percent(exact=False), few.told(exact=False)) == (None, "少于 5")
    assert few.percent(exact=True) == 25


def test_coverage_at_the_end_of_years(board):
    last = board.by_year[-1]
    assert (last["done"]["n"], last["total"]["n"]) == (board.covered[-1]["done"], board.covered[-1]["total"])
    assert all(row["done"]["n"] == 0 for row in board.by_year[:-1])


def test_a_year_counts_the_inspections_of_that_plan_alone(board_story):
    world = board_story.world
    assert shown(world.county_officer, year=today().year).rates[-1]["total"]["n"] > 0
    assert shown(world.county_officer, year=today().year - 1).rates[-1]["total"]["n"] == 0


LINK = re.compile(r'<a[^>]* href="([^"]+)"[^>]*>(\d+)</a>')
COUNT = {
    "/rectification/": lambda context: context["page"]["count"],
    "/inspections/findings/": lambda context: context["page"].count,
    "/oversight/board/villages/": lambda context: context["found"].count,
}


def visit(world, story, name):
    """Send the person to the other county with its team, whose rows the lists then show as well."""
    TeamMember.objects.create(
        team=story.places[OTHER].inspection.team,
        user=world.people[name],
        starts_on=today() - timedelta(days=1),
        ends_on=today() + timedelta(days=9),
    )


@pytest.mark.parametrize(
    ("name", "into", "elsewhere"), [*((*one, False) for one in BOARDS), ("county_officer", "", True)]
)
def test_every_figure_opens_as_many_rows_as_it_says(board_story, signed_in, name, into, elsewhere):
    world = board_story.world
    if elsewhere:
        visit(world, board_story, name)
        assert Ledger(fresh(world.people[name])).rows().exclude(county=world.county).exists()
    client = signed_in(fresh(world.people[name]))
    page = client.get(reverse("oversight:board"), {"county": world.county.pk} if into else {}).content.decode()
    own = reverse("oversight:board") + "?"  # the years
    found = [(unescape(url), int(n)) for url, n in LINK.findall(page) if not url.startswith(own)]
    paths = {url.partition("?")[0] for url, _n in found}
    assert paths == COUNT.keys()
    assert len(found) > 40
    for url, n in dict(found).items():
        response = client.get(url)
        assert response.status_code == 200, url
        assert COUNT[url.partition("?")[0]](response.context) == n, url


def test_the_city_sees_all_counties_and_a_county_its_own(board_story):
    world = board_story.world
    city, county = shown(world.city_officer), shown(world.county_officer)
    assert {row["name"] for row in city.covered if not row["sum"]} == {"涪城区", "游仙区"}
    assert {row["name"] for row in county.covered if not row["sum"]} == {"青义镇", "丰谷镇"}
    there = shown(world.other_county_officer)
    assert city.heat["total"] == county.heat["total"] + there.heat["total"]


@pytest.mark.parametrize("page", ["oversight:board", "oversight:screen", "oversight:villages"])
def test_a_county_cannot_look_into_another(board_story, signed_in, page):
    world = board_story.world
    client = signed_in(fresh(world.county_officer))
    assert client.get(reverse(page), {"county": world.other_county.pk}).status_code == 404
    assert client.get(reverse(page), {"county": world.county.pk}).status_code == 200
    assert client.get(reverse(page), {"county": "1x"}).status_code == 404


def test_the_screen_is_drawn_anew_by_itself(board_story, signed_in):
    page = signed_in(fresh(board_story.world.city_officer)).get(reverse("oversight:screen")).content.decode()
    assert '<meta http-equiv="refresh" content="300">' in page
    assert page.count('<svg class="chart') == 2


def test_a_wall_says_how_many_places_it_leaves_out(board, monkeypatch):
    wall = Wall(board.figures)
    assert (wall.columns["rest"], wall.hot["rest"], wall.lights["rest"]) == (0, 0, 0)
    most = max(board.heat["rows"], key=lambda row: row["total"])
    monkeypatch.setattr("oversight.views.wall.ROOM", 1)
    wall = Wall(board.figures)
    assert wall.hot == {"rows": [most], "rest": len(board.heat["rows"]) - 1}
    assert wall.lights == {"rows": board.rates[:1], "rest": len(board.rates) - 2}
    assert wall.columns["labels"] == [board.covered[0]["name"]]
    assert min(wall.columns["rest"], wall.lights["rest"], wall.hot["rest"]) > 0
