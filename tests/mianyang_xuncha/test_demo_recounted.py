"""The demo of nine counties and three years: what its pages and papers show, recounted by hand-written SQL (by_sql).

One database for all tests here: the whole story is told once, and each test reads pages.
"""

import json
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from accounts.models import Division, User
from common.audit_words import action_word
from common.calendar import today
from mianyang_xuncha.demo import bulk, clock, people, story
from oversight.enums import Measure
from oversight.models import Assessment, Circular
from rectification.models import SatisfactionCount
from tests.mianyang_xuncha import by_sql
from tests.mianyang_xuncha.by_sql import ask, one, pct
from tests.mianyang_xuncha.shown import Page, Paper
from tests.mianyang_xuncha.test_demo import adds_up
from tests.plugins.database import owner

pytestmark = pytest.mark.timeout(900)  # the first of them tells the whole story
VILLAGES, COUNTIES = 2071, 9
BOARD, SCREEN = "/oversight/board/", "/oversight/board/screen/"


@pytest.fixture(scope="module")
def nine_counties(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo as `make demo` tells it; the usernames that it lists."""

    @contextmanager
    def owner_here():
        with owner():
            yield "default"

    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "as_owner", owner_here)
        patch.setattr("django.conf.settings.PRIVATE_MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        out = StringIO()
        call_command("seed_demo", "--json", stdout=out)
        yield {row["username"] for row in json.loads(out.getvalue())}
        transaction.set_rollback(True)


def signed_in(username):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def seen(nine_counties, db):
    """seen("cityhead", address) → the page as that person sees it."""
    return lambda username, address: Page(signed_in(username), address)


def place(name):
    return Division.objects.get(name=name, tier="COUNTY").pk


def test_the_term_is_of_nine_counties_and_their_villages(seen):
    assert one("SELECT count(*), count(DISTINCT county_id) FROM villages_village") == (VILLAGES, COUNTIES)
    found = one(
        f"SELECT count(*) * 1.0 / count(DISTINCT village_id), count(DISTINCT year), count(DISTINCT county_id) "
        f"FROM ({by_sql.FOUND}) x"
    )
    assert 11 < found[0] < 15
    assert found[1:] == (3, COUNTIES)
    assert SatisfactionCount.objects.filter(item__inspection__round__plan__year=clock.year() - 2).exists()


def test_the_whole_story_adds_up_and_gives_each_team_work(nine_counties, db, client):
    adds_up(story.STAGES[-1], nine_counties, client)


def test_most_villages_answered_the_notice_in_time_and_some_untruly(nine_counties, db):
    """Of each county's notice that is over; none of the villages had been inspected when it was asked."""
    rows = ask(
        "SELECT o.county_id, count(*), count(*) FILTER (WHERE c.status = 'CONFIRMED' AND c.confirmed_on <= o.due_on),"
        " count(*) FILTER (WHERE c.status <> 'CONFIRMED') FROM oversight_selfcheck c"
        " JOIN oversight_selfchecknotice o ON o.id = c.notice_id WHERE o.due_on < %(today)s GROUP BY 1",
        today=today(),
    )
    assert len(rows) == COUNTIES
    for _county, asked, in_time, left in rows:
        assert in_time > 0.7 * asked
        assert 0 < left < 0.15 * asked
    truth = by_sql.assessed("TRUTHFUL", year=clock.year())
    assert all(0.5 < true / of < 1 for true, of in truth.values())
    unconfirmed = by_sql.MEASURES["TRUTHFUL"].replace("= 'CONFIRMED'", "<> 'CONFIRMED'")
    assert any(true < of for _county, true, of in ask(unconfirmed, year=clock.year()))  # and they are not counted
    assert not ask(
        "SELECT 1 FROM oversight_selfcheck c JOIN oversight_selfchecknotice o ON o.id = c.notice_id"
        " JOIN inspections_inspection n ON n.village_id = c.village_id AND n.entered_on < o.issued_on"
    )


BOARDS = {
    "city": ("cityhead", "", "county", "true", "true", False),
    "a county, by the city": ("city", "?county={yx}", "township", "county_id = {yx}", "county_id = {yx}", False),
    "a county, by itself": ("county", "", "township", "county_id = {fc}", "county_id = {fc}", True),
    "a year": ("city", "?year={last}", "county", "true", "year = {last}", False),
}


@pytest.fixture(params=BOARDS)
def asked(request, nine_counties, db):
    """(person, query, level, where of villages, where of work, are small counts told?)."""
    known = {"yx": place(people.OTHER_COUNTY), "fc": place(people.STORY_COUNTY), "last": clock.year() - 1}
    return [one.format(**known) if isinstance(one, str) else one for one in BOARDS[request.param]]


def test_every_table_of_a_board(seen, asked):
    who, query, level, where, work, exact = asked
    page, day = seen(who, BOARD + query), today()
    covered = by_sql.covered(level, day, day, where)
    assert page.by_name("h-covered") == covered
    assert page.by_name("h-heat", head=2) == by_sql.heat(level, work)
    rates = by_sql.rectified(level, day, work)
    assert page.by_name("h-rates", at=1) == {name: _light(name, row) for name, row in rates.items()}
    came = by_sql.funnel(work)
    assert [[row[1], row[3].split()[-1]] for row in page.rows("h-funnel")] == [list(map(str, row)) for row in came]
    assert [row[1] for row in page.rows("h-took")] == by_sql.took(work)
    assert [row[:2] for row in page.rows("h-often")] == by_sql.often(work)
    assert page.by_name("h-content") == by_sql.content(level, exact=exact, where=work)
    assigned, closed = (by_sql.months(column, day, work) for column in ("assigned_on", "closed"))
    assert page.rows("h-trend") == [[month, str(assigned[month]), str(closed[month])] for month in assigned]


def _light(name, row):
    """The sum has no lamp."""
    return ["" if name == "合计" else row[0], *row[1:]]


def test_the_key_figures_of_a_board(seen, asked):
    who, query, level, where, work, _exact = asked
    page, day = seen(who, BOARD + query), today()
    (share, of_all, _left, _picture, of_key, *_rest), _places = _sum(by_sql.covered(level, day, day, where))
    (_lamp, every, closed, rate, _open, soon, late, *_ages), _places = _sum(by_sql.rectified(level, day, work))
    found = _sum(by_sql.heat(level, work))[0][-1]
    done, whole = map(int, of_key.split(" / "))
    assert page.figures == {
        "本届巡察覆盖": [share, f"{of_all} 村"],
        "重点关注村覆盖": [f"{one(f'SELECT round({done} * 100.0 / {whole}, 1)')[0]}%", f"{of_key} 村"],
        "已反馈问题": [f"{found}条", f"交办 {every} 件"],
        "整改销号率": [rate, f"{closed} / {every} 件"],
        "超期未改": [f"{late}件", f"临近时限 {soon} 件"],
        "平均销号用时": [f"{by_sql.average_days(work)}天", f"已销号 {closed} 件"],
    }


def _sum(rows):
    """(the row of all, the rows of places)."""
    return rows["合计"], {name: row for name, row in rows.items() if name != "合计"}


def test_the_years_of_a_board(seen, asked):
    who, query, level, where, _work, _exact = asked
    page, goals = seen(who, BOARD + query), dict(ask("SELECT year, percent FROM inspections_termtarget"))
    years = range(clock.year() - 2, today().year + 1)
    ends = {year: min(date(year, 12, 31), today()) for year in years}
    for (year, done, whole, share, goal), expected in zip(page.rows("h-years"), years, strict=True):
        (told, of_all, *_rest), _places = _sum(by_sql.covered(level, ends[expected], today(), where))
        behind = float(told.removesuffix("%")) < goals[expected]
        assert [year, f"{done} / {whole}", share] == [str(expected), of_all, told]
        assert goal == f"{goals[expected]}%" + (" 低于目标" if behind else "")


def test_the_wall_screen(seen, nine_counties):
    page, day = seen("cityhead", SCREEN), today()
    covered, rates = by_sql.covered("county", day, day), by_sql.rectified("county", day)
    whole, counties = _sum(rates)
    said = by_sql.content("county", exact=False)["合计"]
    figures = page.figures
    assert figures["本届巡察覆盖"] == [covered["合计"][0], f"{covered['合计'][1]} 村"]
    assert figures["超期未改"] == [f"{whole[6]}件", f"临近时限 {whole[5]} 件"]
    assert figures["整改销号率"] == [whole[3], f"{whole[2]} / {whole[1]} 件"]
    assert figures["群众满意度"] == [said[2], f"测评 {said[0]} 件，参与人数 {said[1]}"]
    assert page.by_name("整改红黄绿灯") == {
        name: [row[4], row[5], row[6], row[3], row[0]] for name, row in counties.items()
    }
    heat = {name: ["" if n == "·" else n for n in row[:-1]] for name, row in _sum(by_sql.heat("county"))[1].items()}
    assert page.by_name("问题点位热力") == heat
    assert [[row[0], row[2]] for row in page.rows("高发问题前 8 项", head=0)] == [
        [text.split(" ", 1)[1], n] for text, n in by_sql.often()
    ]
    drawn = numbers(page.chart("各县（市、区）分类覆盖率"))
    for at, name in enumerate(("重点关注村", "风险隐患村", "一般普通村")):
        told = {place: row[4 + at].split(" / ") for place, row in _sum(covered)[1].items()}
        assert drawn[name] == pytest.approx(
            {place: int(n) * 100 / int(of) for place, (n, of) in told.items()}, abs=0.0501
        )
    flow = numbers(page.chart("交办与销号趋势（月）"))
    for name, column in (("交办", "assigned_on"), ("销号", "closed")):
        months = by_sql.months(column, day)
        assert list(flow[name].values()) == list(months.values())
        assert list(flow[name]) == [f"{int(month[5:])}月" for month in months]


def numbers(said):
    """“甲：一月 1，二月 2；乙：…” → {甲: {一月: 1.0, …}, …}, what has no value left out."""
    series = {name: told.split("，") for name, told in (part.split("：") for part in said.split("；"))}
    known = {name: [word.rsplit(" ", 1) for word in told if not word.endswith("—")] for name, told in series.items()}
    return {name: {at: float(n.removesuffix("%")) for at, n in words} for name, words in known.items()}


CIRCULARS = {"the city's": ("cityhead", "CITY", "county"), "a county's": ("head", "COUNTY", "township")}


@pytest.mark.parametrize("whose", CIRCULARS)
def test_a_circular_on_its_page_and_as_a_paper(seen, nine_counties, whose):
    who, tier, level = CIRCULARS[whose]
    circular = Circular.objects.get(kind="CIRCULAR", status="ISSUED", place__tier=tier)
    where = "true" if tier == "CITY" else f"county_id = {circular.place_id}"
    first, last = circular.first_day, circular.last_day
    address = circular.get_absolute_url()
    page, paper = seen(who, address), Paper(signed_in(who), f"{address}file/")
    coverage = by_sql.ranked_coverage(level, first, last, where)
    items = by_sql.ranked_items(level, first, last, where)
    for number, (title, told) in enumerate((("巡察覆盖情况排名表", coverage), ("问题整改情况排名表", items))):
        assert page.by_name(f"附表 {title}", at=1) == filled(told, page.by_name(f"附表 {title}", at=1))
        assert {row[1]: row[:1] + row[2:] for row in paper.table(number)} == page.by_name(f"附表 {title}", at=1)
        drawn = numbers(page.chart(f"附表 {title}"))
        column = {"覆盖率": 4, "销号率": 3, "按期整改率": 6}
        on_paper = numbers(paper.charts[number])
        for name, values in drawn.items():
            assert list(on_paper[name]) == list(values)
            assert set(values) == {place for place, row in told.items() if row[column[name]] != "—"} - {"合计"}
            assert _near(values, {place: told[place][column[name]] for place in values})
            assert _near(on_paper[name], {place: told[place][column[name]] for place in values})
    _rank, villages, done, newly, share = coverage["合计"]
    _rank, every, closed, rate, due, kept, punctual, late = items["合计"]
    assigned, shut = by_sql.flow(first, last, where)
    (goal,) = one("SELECT percent FROM inspections_termtarget WHERE year = %(year)s", year=last.year)
    for text in (page.text, paper.text):
        assert f"应巡察村（社区）{villages}个，已巡察{done}个，覆盖率{share}（年度目标{goal}%）" in text
        assert f"其中通报期内新巡察{newly}个。" in text
        assert (
            f"累计交办整改事项{every}件，已销号{closed}件，销号率{rate}；通报期内交办{assigned}件、销号{shut}件。"
            in text
        )
        assert f"通报期内到期{due}件，按期销号{kept}件，按期整改率{punctual}。超期未改{late}件。" in text


def filled(told, shown):
    """A place that has villages but no items yet stands in the table with noughts and no rank."""
    return {
        name: told.get(name, ["—", *("—" if cell == "—" else "0" for cell in row[1:])]) for name, row in shown.items()
    }


def _near(values, written):
    return all(abs(value - float(written[place].removesuffix("%"))) <= 0.0501 for place, value in values.items())


def test_a_published_assessment_of_each_county(seen, nine_counties):
    found = Assessment.objects.get(status="PUBLISHED")
    day = found.published_on
    days = {"day": day, "today": day, "first": date(found.year, 1, 1), "last": day - timedelta(days=1)}
    scheme = ask("SELECT measure, weight, full_at FROM oversight_indicator WHERE assessment_id = %(pk)s", pk=found.pk)
    told = {measure: by_sql.assessed(measure, year=found.year, **days) for measure, _weight, _full in scheme}
    gifts = dict(ask("SELECT county_id, sum(points) FROM oversight_pointsgiven GROUP BY 1"))
    totals = {}
    for county, name in ask("SELECT id, name FROM accounts_division WHERE tier = 'COUNTY'"):
        page = seen("city", f"{found.get_absolute_url()}counties/{county}/")
        points = weights = Decimal(0)
        lines = page.by_name("h-lines")
        for measure, weight, full in scheme:
            part, whole = told[measure].get(county, (0, 0))
            row = lines[str(Measure(measure).label)]
            if not whole:
                assert "不计" in row
                continue
            reached = round_up(weight * min(Decimal(part) * 100 / whole / full, Decimal(1)))
            assert row[1:] == [f"{part} / {whole}", *ask_pct(part, whole), f"{full}%", str(weight), str(reached)]
            points, weights = points + reached, weights + weight
        totals[name] = max(round_up(points * 100 / weights) + gifts.get(county, 0), Decimal(0))
    shown = seen("city", found.get_absolute_url()).by_name("h-scores", at=1)
    assert {name: Decimal(row[-1]) for name, row in shown.items()} == totals
    ranks = {name: 1 + sum(other > total for other in totals.values()) for name, total in totals.items()}
    assert {name: int(row[0]) for name, row in shown.items()} == ranks


def round_up(value):
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def ask_pct(part, whole):
    return one(f"SELECT {pct(str(part), str(whole))}")


def test_a_special_report_to_a_department(seen, nine_counties):
    report = Circular.objects.get(kind="REPORT", status="ISSUED")
    days = {"first": report.first_day, "last": report.last_day, "county": report.place_id}
    told = by_sql.reported(report.subject.removeprefix("item:"), **days)
    page = seen("head", report.get_absolute_url())
    assert page.by_name("附表 乡镇（街道）分布表") == told
    paper = Paper(signed_in("head"), f"{report.get_absolute_url()}file/")
    assert {row[0]: row[1:] for row in paper.table(0)} == told
    inspected, villages, share, findings, _yuan, closed, late = told["合计"]
    assert (
        f"已反馈的{inspected}个村（社区）中，{len(told) - 1}个乡镇（街道）的{villages}个村（社区）存在此类问题"
        in paper.text
    )
    assert f"占{share}，共{findings}个问题" in paper.text
    assert f"已整改销号{closed}个，超期未改{late}个。" in paper.text
    (receipt,) = report.receipts.all()
    received = seen("agri", f"/oversight/received/{receipt.pk}/")
    assert received.by_name("附表 乡镇（街道）分布表") == told


def test_an_appraisal_of_the_teams(seen, nine_counties):
    county, year = place(people.STORY_COUNTY), clock.year()
    for asked in (year - 1, year):
        page = seen("head", f"/oversight/appraisal/?year={asked}")
        shown = [[row[0], *row[2:6], _grades(row[6]), row[7]] for row in page.rows("h-teams")]
        assert shown == [
            [*row[:5], {"好": int(row[5]), "须改进": int(row[6])}, row[7]] for row in by_sql.worked(county, asked)
        ]
        assert len(shown) > 1


def _grades(text):
    """“好 2 须改进 1” → {好: 2, 须改进: 1}."""
    words = text.split() if text != "还没有" else []
    return {"好": 0, "须改进": 0} | {name: int(n) for name, n in zip(words[::2], words[1::2], strict=True)}


def test_everything_that_was_done_has_a_word(nine_counties, db):
    done = ask("SELECT DISTINCT action, object_type FROM common_auditevent")
    assert [(action, of) for action, of in done if action_word(action, of) == action] == []
