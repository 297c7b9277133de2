"""目标考核: weights that stay, scores recounted by SQL of its own, results that never change once published (G3)."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from common.calendar import today
from common.errors import Conflict
from common.models import Message
from inspections.models import Inspection, Term
from inspections.services import create_term
from oversight import services
from oversight.models import CountyScore, Indicator, PointsGiven
from oversight.selectors import assessments as read
from oversight.selectors.villages import Asked, villages
from tests.factories import assessments as a
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.inspections import fresh
from tests.factories.story import OTHER, OWN, SIBLING
from tests.rectification.reminders.given import at

MOST = 25  # statements that a page may take


@pytest.fixture
def scored(story):
    """Items late and closed, villagers asked, a village covered; the story's year in force once more as next year's."""
    for place, key, days in (
        (OWN, "assigned", 3),
        (OWN, "in_progress", 20),
        (SIBLING, "assigned", 7),
        (OTHER, "party", 9),
    ):
        make.dated(story.places[place].world, story.places[place].items[key], deadline=_in_year(days))
    own = story.places[OWN]
    make.poll(own.world, own.items["verification"], asked=27, satisfied=14, fair=5)
    build.close(own.world, Inspection.objects.get(pk=own.inspection.pk))
    return story


def _year():
    """This year, in its first two days the last: something must have been due."""
    return (today() - timedelta(days=2)).year


def _in_year(days):
    """So many days ago, though not before that year's second day or after its last."""
    return min(max(today() - timedelta(days=days), date(_year(), 1, 2)), date(_year(), 12, 31))


def _until():
    return min(today(), date(_year() + 1, 1, 1))


@pytest.fixture
def running(scored):
    """The figures of this year under the scheme of the last, which is in force."""
    assessment = scored.places[OWN].in_force
    assessment.year = _year()  # not saved
    return assessment


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def found(assessment, user, measure):
    rows = read.preview(fresh(user), assessment)
    lines = {row.county.pk: next(one for one in row.lines if one.indicator.measure == measure) for row in rows}
    return {
        pk: (line.basis.part, line.basis.whole) for pk, line in lines.items() if line.basis.whole or line.basis.rows
    }


CLOSED = "status = 'CLOSED'"
IN_TIME = f"{CLOSED} AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date <= deadline"
DUE = "FROM rectification_rectificationitem WHERE deadline >= %s AND deadline < %s GROUP BY 1"


@pytest.mark.parametrize(("measure", "good"), [("CLOSED", CLOSED), ("ON_TIME", IN_TIME)])
def test_what_was_due(running, scored, measure, good):
    rows = sql(f"SELECT county_id, count(*) FILTER (WHERE {good}), count(*) {DUE}", _first(), _until())
    assert found(running, scored.world.city_officer, measure) == {place: (part, whole) for place, part, whole in rows}
    assert rows


def _first():
    return date(_year(), 1, 1)


def test_coverage(running, scored):
    running.year = today().year
    rows = sql(
        "SELECT v.county_id, count(DISTINCT i.village_id), count(DISTINCT v.division_id) FROM villages_village v"
        " LEFT JOIN inspections_inspection i ON i.village_id = v.division_id AND i.status = 'CLOSED'"
        " WHERE v.status = 'ACTIVE' GROUP BY 1"
    )
    shown = found(running, scored.world.city_officer, "COVERAGE")
    assert shown == {place: (part, whole) for place, part, whole in rows}
    assert sum(part for part, _whole in shown.values()) == 1


def test_a_year_is_assessed_by_its_own_term_when_the_next_has_begun(running, scored):
    """Also in a circular on the year, and in the list that the figure opens."""
    world, year = scored.world, today().year
    before = found(running, world.city_officer, "COVERAGE")
    Term.objects.filter(city=world.city).update(ends_on=date(year, 12, 31))
    span = {"starts_on": date(year + 1, 1, 1), "ends_on": date(year + 5, 12, 31)}
    create_term(city=world.city, name="下一届", targets={year + 5: 100}, actor=world.city_officer, **span)
    with at(date(year + 1, 1, 20), 10, 0):
        assert found(running, world.city_officer, "COVERAGE") == before
        asked = {"first_day": date(year, 1, 1), "last_day": date(year, 12, 31)}
        told = services.draft_circular(kind="CIRCULAR", actor=fresh(world.city_officer), **asked).figures["rows"]
        assert {row["place"]: (row["covered"], row["villages"]) for row in told} == before
        assert villages(fresh(world.city_officer), Asked(covered="yes", by=year)).count == 1
        assert villages(fresh(world.city_officer), Asked(covered="yes")).count == 0
    assert sum(part for part, _whole in before.values()) == 1


def test_the_year_proposed_has_no_scheme_yet(story):
    """The story has one for this year and one drawn up for the next."""
    assert read.year_to_assess(story.world.city_officer) == today().year + 2


def test_contentment_and_clues_are_told_in_fives(running, scored):
    own = scored.places[OWN]
    make.dated(own.world, own.items["verification"], deadline=_in_year(1))
    ((place, asked, content),) = sql(
        "SELECT i.county_id, sum(p.asked), sum(p.satisfied + p.fair) FROM rectification_satisfactioncount p"
        " JOIN rectification_rectificationitem i ON i.id = p.item_id AND i.attempt = p.attempt"
        " WHERE i.deadline >= %s AND i.deadline < %s GROUP BY 1",
        _first(),
        _until(),
    )
    whole, bad = asked // 5 * 5, (asked - content) // 5 * 5
    assert found(running, scored.world.city_officer, "CONTENT") == {place: (whole - bad, whole)} == {place: (20, 25)}
    clues = sql("SELECT county_id, count(*) / 5 * 5 FROM rectification_clue GROUP BY 1")
    shown = found(running, scored.world.city_officer, "CLUES")
    assert {place: whole for place, (_part, whole) in shown.items()} == {place: n for place, n in clues if n}


def test_points_follow_from_percentage_weight_and_full_line(running, scored):
    """And what cannot be measured is left out; the rest stands for the whole."""
    for row in read.preview(fresh(scored.world.city_officer), running):
        weights = got = Decimal(0)
        for line in row.lines:
            if not line.basis.whole:
                assert line.points is None
                continue
            percent = Decimal(line.basis.part) * 100 / line.basis.whole
            want = line.indicator.weight * min(percent / line.indicator.full_at, Decimal(1))
            assert line.points == pytest.approx(want, abs=Decimal("0.005"))
            weights, got = weights + line.indicator.weight, got + line.points
        assert row.computed == pytest.approx(got * 100 / weights, abs=Decimal("0.01"))


def test_equal_totals_share_a_rank_and_none_has_none(story):
    rows = [read.Result(story.world.county, [], total=total) for total in (Decimal(80), None, Decimal(90), Decimal(80))]
    assert [(row.total, row.rank) for row in read.ranked(rows)] == [(90, 1), (80, 2), (80, 2), (None, None)]


LINK = '<a href="([^"]+)">([0-9]+)</a>'
COUNT = {
    "/rectification/": lambda context: context["page"]["count"],
    "/oversight/board/villages/": lambda context: context["found"].count,
}


def test_each_figure_opens_as_many_rows_as_it_says(scored, signed_in):
    client = signed_in(fresh(scored.world.city_officer))
    place = scored.places[OWN]
    page = client.get(reverse("oversight:assessment_county", args=[place.in_force.pk, place.village.county_id]))
    links = [(unescape(url), int(n)) for url, n in re.findall(LINK, page.content.decode())]
    counted = [(url, n) for url, n in links if url.partition("?")[0] in COUNT]
    assert counted
    for url, n in counted:
        assert COUNT[url.partition("?")[0]](client.get(url).context) == n, url


def test_weights_must_add_up_and_another_person_enforces(story):
    world = story.world
    short = a.scheme(world, year=today().year + 2, scheme={"COVERAGE": (60, 100), "CLOSED": (30, 90)})
    with pytest.raises(ValidationError, match="合计 90"):
        services.enforce_assessment(assessment=short, actor=world.people["city_head"])
    with pytest.raises(PermissionDenied):
        services.enforce_assessment(assessment=short, actor=world.city_officer)
    services.edit_assessment(
        assessment=short, title="改", note="", most_points=3, scheme={"COVERAGE": (100, 90)}, actor=world.city_officer
    )
    assert services.enforce_assessment(assessment=short, actor=world.people["city_head"]).status == "IN_FORCE"
    assert Message.objects.filter(recipient=world.county_officer, title__startswith="改：").count() == 1
    with pytest.raises(Conflict):
        services.edit_assessment(
            assessment=short,
            title="再改",
            note="",
            most_points=3,
            scheme={"CLOSED": (100, 90)},
            actor=world.city_officer,
        )


def refused(statement, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_keeps_weights_in_force_and_what_was_published(story):
    place = story.places[OWN]
    in_force, published = place.in_force, place.assessment
    refused("UPDATE oversight_indicator SET weight = 1 WHERE assessment_id = %s", in_force.pk)
    refused("DELETE FROM oversight_indicator WHERE assessment_id = %s", in_force.pk)
    refused("UPDATE oversight_countyscore SET total = 100 WHERE assessment_id = %s", published.pk)
    refused("UPDATE oversight_scoreline SET points = 1")
    refused("DELETE FROM oversight_countyscore")
    refused("UPDATE oversight_assessment SET is_ranked = NOT is_ranked WHERE id = %s", published.pk)
    score = CountyScore.objects.filter(assessment=published).first()
    row = "INSERT INTO oversight_{} ({}) VALUES ({})"
    refused(
        row.format(
            "pointsgiven", "assessment_id, county_id, points, reason, given_by_id, given_on", "%s,%s,1,'x',%s,now()"
        ),
        published.pk,
        score.county_id,
        place.world.city_officer.pk,
    )
    Indicator.objects.filter(assessment=place.scheme).update(weight=1)  # a draft may be changed


def test_the_database_refuses_weights_that_do_not_add_up(story):
    draft = story.places[OWN].scheme
    Indicator.objects.filter(assessment=draft, measure="COVERAGE").update(weight=31)
    refused("UPDATE oversight_assessment SET status = 'IN_FORCE' WHERE id = %s", draft.pk)


def test_a_published_score_stays_whatever_becomes_of_the_data(story):
    place, city = story.places[OWN], story.world.city_officer
    before = [(row.county.pk, row.total, row.rank) for row in read.published(fresh(city), place.assessment)]
    make.dated(place.world, place.items["assigned"], deadline=_in_year(3))
    after = [(row.county.pk, row.total, row.rank) for row in read.published(fresh(city), place.assessment)]
    assert before == after != []


def test_points_by_hand_need_a_reason_stay_within_the_limit_and_are_added(story):
    place = story.places[OWN]
    assessment = place.in_force
    a.points(place.world, assessment, "4", "经验推广")
    with pytest.raises(ValidationError, match="不能超过正负 5 分"):
        a.points(place.world, assessment, "1.5", "再加")
    a.points(place.world, assessment, "-6", "通报批评")
    (row,) = [
        one for one in read.preview(fresh(story.world.city_officer), assessment) if one.county == place.world.county
    ]
    assert row.given == Decimal(-2)
    assert row.total == max(row.computed - 2, 0)
    with pytest.raises(PermissionDenied):
        a.points(place.world, place.assessment, "1", "公布之后")
    with pytest.raises(ValidationError, match="不在本市"):
        a.points(place.world, assessment, "1", "乡镇", county=place.world.township)


def test_a_county_reads_its_own_result_and_the_ranking_if_it_is_published(story, signed_in):
    place, user = story.places[OWN], fresh(story.world.county_officer)
    assert [row.county for row in read.results(user, place.assessment)] == [place.world.county]
    assert {gift.county_id for gift in PointsGiven.objects.all()} != {place.world.county.pk}
    page = signed_in(user).get(place.assessment.get_absolute_url()).content.decode()
    assert "排名" in page
    assert page.count("游仙区") == 1  # in the ranking and nowhere else
    away = reverse("oversight:assessment_county", args=[place.assessment.pk, place.world.other_county.pk])
    assert signed_in(user).get(away).status_code == 404
    assert read.results(user, place.in_force) == []
    unranked = a.publish(story.world, place.in_force, is_ranked=False)
    assert list(read.ranking(user, unranked)) == []


def test_a_county_is_told_how_its_points_become_the_total(scored, signed_in):
    place = scored.places[OWN]
    own = reverse("oversight:assessment_county", args=[place.assessment.pk, place.world.county.pk])
    page = signed_in(fresh(scored.world.city_officer)).get(own)
    lines = [one["line"] for one in page.context["lines"] if one["line"].points is not None]
    points, weights = sum(one.points for one in lines), sum(one.indicator.weight for one in lines)
    told = f"{points} ÷ {weights} × 100 = {page.context['result'].computed}。"
    assert told in page.content.decode()
    assert round(points * 100 / weights, 2) == page.context["result"].computed


def test_a_figure_leads_only_to_a_list_that_the_reader_may_open(story, signed_in):
    place = story.places[OWN]
    own = reverse("oversight:assessment_county", args=[place.assessment.pk, place.world.county.pk])
    for person in (story.world.county_officer, story.world.city_officer):
        client = signed_in(fresh(person))
        links = re.findall(r'href="([^"]+)">\d+</a>|href="([^"]+)">\d+ / ', client.get(own).content.decode())
        assert links
        for one in links:
            assert client.get(unescape(one[0] or one[1])).status_code == 200, (person, one)


def test_published_once(story, signed_in):
    place = story.places[OWN]
    head = signed_in(fresh(story.world.people["city_head"]))
    for name in ("assessment_edit", "assessment_publish"):
        closed = head.get(reverse(f"oversight:{name}", args=[place.assessment.pk]))
        assert (closed.status_code, "现在是“已公布”" in closed.content.decode()) == (409, True)
    with pytest.raises(Conflict):
        a.publish(story.world, place.assessment)
    assert CountyScore.objects.filter(assessment=place.assessment).count() == 2


def test_the_score_sheet_is_laid_out_to_print_and_says_how(story):
    place = story.places[OWN]
    book = load_workbook(BytesIO(services.score_sheet(assessment=place.assessment, actor=story.world.city_officer)))
    scores, explained = book.worksheets
    assert scores.page_setup.fitToWidth == 1
    assert scores.print_title_rows == "$1:$3"
    names = {row[1].value for row in scores.iter_rows(min_row=4, max_row=5)}
    assert names == {"涪城区", "游仙区"}
    assert scores.cell(4, scores.max_column).number_format == "#,##0.00##"  # as the page, to a hundredth
    assert explained.max_row == 3 + 2 * len(a.SCHEME)


def test_a_page_asks_as_often_for_many_items_as_for_few(story, signed_in, as_owner):
    place = story.places[OWN]
    client, url = signed_in(fresh(story.world.city_officer)), place.in_force.get_absolute_url()

    def asked():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    before = asked()
    with as_owner():
        make.copies(place.items["assigned"], 9)
    assert asked() == before <= MOST
