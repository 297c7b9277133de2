"""情况通报 and 专题报告: every figure is recounted by SQL of its own; how a period and a ranking are said (H2, H3)."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from common.calendar import today
from oversight.selectors import circulars as read
from oversight.selectors.circulars.words import ahead_and_behind, months, period, ranked
from oversight.selectors.periods import Row
from tests.factories import oversight as make
from tests.factories.story import OWN, SIBLING


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def recounted(place_column, where, first, last, *values):
    """The columns of a circular by place, counted row by row in Python from bare SQL."""
    found = {}

    def row(place):
        keys = ("villages", "covered", "newly", "total", "closed", "assigned", "closed_in", "due", "on_time", "overdue")
        return found.setdefault(place, dict.fromkeys(keys, 0))

    closings = dict(
        sql("SELECT village_id, min(closed_on) FROM inspections_inspection WHERE status = 'CLOSED' GROUP BY 1")
    )
    for place, village in sql(
        f"SELECT {place_column}, division_id FROM villages_village WHERE status = 'ACTIVE' AND {where}", *values
    ):
        day = closings.get(village)
        row(place)["villages"] += 1
        row(place)["covered"] += day is not None and day <= last
        row(place)["newly"] += day is not None and first <= day <= last
    for place, status, assigned, deadline, closed in sql(
        f"SELECT {place_column}, status, assigned_on, deadline, (closed_at AT TIME ZONE 'Asia/Shanghai')::date"
        f" FROM rectification_rectificationitem WHERE assigned_on <= %s AND {where}",
        last,
        *values,
    ):
        is_closed = status == "CLOSED" and closed <= last
        one = row(place)
        one["total"] += 1
        one["closed"] += is_closed
        one["assigned"] += assigned >= first
        one["closed_in"] += is_closed and closed >= first
        due = deadline is not None and first <= deadline <= last and (status == "CLOSED" or deadline < today())
        one["due"] += due
        one["on_time"] += due and status == "CLOSED" and closed <= deadline
        one["overdue"] += deadline is not None and deadline < last and not is_closed
    return found


MILLIONS = 25  # millimetres for an amount of eight digits on one line
SPANS = [(100, 0), (100, 5), (20, 0)]


@pytest.mark.parametrize(("since", "until"), SPANS)
@pytest.mark.parametrize("name", ["county_officer", "city_officer"])
def test_every_figure_of_a_circular_is_recounted(late_story, name, since, until):
    world = late_story.world
    user = User.objects.select_related("organ__division").get(pk=world.people[name].pk)
    first, last = today() - timedelta(days=since), today() - timedelta(days=until)
    made = make.circular(world, user, first_day=first, last_day=last)
    if name == "city_officer":
        wanted = recounted("county_id", "TRUE", first, last)
    else:
        wanted = recounted("township_id", "county_id = %s", first, last, world.county.pk)
    figures = {
        row["place"]: {k: v for k, v in row.items() if k not in ("place", "name")} for row in made.figures["rows"]
    }
    assert figures == {place: row for place, row in wanted.items() if any(row.values())}
    sums = {key: sum(row[key] for row in wanted.values()) for key in next(iter(wanted.values()))}
    if (since, until) == (100, 0):
        assert all(sums[key] for key in ("villages", "covered", "total", "closed", "overdue", "due"))
    text = " ".join(text for _heading, text in made.headed_sections)
    assert f"应巡察村（社区）{sums['villages']}个，已巡察{sums['covered']}个" in text
    assert f"累计交办整改事项{sums['total']}件，已销号{sums['closed']}件" in text
    assert f"到期{sums['due']}件，按期销号{sums['on_time']}件" in text
    assert f"超期未改{sums['overdue']}件" in text
    covered, mended = read.tables(made)
    assert covered.rows[-1][2:5] == [str(sums[key]) for key in ("villages", "covered", "newly")]
    assert [mended.rows[-1][n] for n in (2, 3, 5, 6, 8)] == [
        str(sums[key]) for key in ("total", "closed", "due", "on_time", "overdue")
    ]


def test_every_figure_of_a_report_is_recounted(late_story):
    world = late_story.world
    code = late_story.places[OWN].finding.checklist_item.code
    made = make.report(world, f"item:{code}")
    for table in read.tables(made):
        widths = {label: width for label, width, _number in table.head}
        assert (sum(widths.values()), widths["金额（元）"] >= MILLIONS) == (156, True)
    rows = sql(
        "SELECT t.name, f.village_id, coalesce(f.amount, 0), coalesce(f.people_affected, 0), i.status, i.deadline"
        " FROM inspections_finding f JOIN rectification_rectificationitem i ON i.finding_id = f.id"
        " JOIN inspections_checklistitem c ON c.id = f.checklist_item_id"
        " JOIN accounts_division t ON t.id = f.township_id"
        " WHERE f.status = 'FED_BACK' AND f.county_id = %s AND c.code = %s",
        world.county.pk,
        code,
    )
    inspected = dict(
        sql(
            "SELECT t.name, count(DISTINCT f.village_id) FROM inspections_finding f"
            " JOIN accounts_division t ON t.id = f.township_id"
            " WHERE f.status = 'FED_BACK' AND f.county_id = %s GROUP BY 1",
            world.county.pk,
        )
    )
    wanted = {}
    for name, village, amount, _people, status, deadline in rows:
        one = wanted.setdefault(name, {"villages": set(), "findings": 0, "amount": 0, "closed": 0, "overdue": 0})
        one["villages"].add(village)
        one["findings"] += 1
        one["amount"] += amount
        one["closed"] += status == "CLOSED"
        one["overdue"] += status != "CLOSED" and deadline < today()
    told = {row["name"]: row for row in made.figures["rows"]}
    assert told.keys() == wanted.keys() != set()
    for name, one in wanted.items():
        row = told[name]
        numbers = (row["villages"], row["findings"], float(row["amount"]), row["closed"], row["overdue"])
        assert numbers == (len(one["villages"]), one["findings"], float(one["amount"]), one["closed"], one["overdue"])
        assert row["inspected"] == inspected[name]
    whole = made.figures["sum"]
    assert whole["findings"] == len(rows) == made.figures["items"][0]["findings"]
    assert whole["villages"] == len({row[1] for row in rows})
    assert (whole["closed"], whole["overdue"]) == tuple(
        sum(one[key] for one in wanted.values()) for key in ("closed", "overdue")
    )
    assert whole["overdue"] > 0
    spread, items = read.tables(made)
    assert spread.rows[-1][0] == "合计"
    assert spread.rows[-1][4] == str(len(rows)) == items.rows[0][3]


def test_few_people_are_not_counted_out(story):
    place = story.places[OWN]
    code = place.finding.checklist_item.code
    people = sql(
        "SELECT sum(f.people_affected) FROM inspections_finding f"
        " JOIN inspections_checklistitem c ON c.id = f.checklist_item_id"
        " WHERE f.status = 'FED_BACK' AND f.county_id = %s AND c.code = %s",
        story.world.county.pk,
        code,
    )[0][0]
    told = make.report(story.world, f"item:{code}").figures["sum"]["people"]
    assert told == ("" if not people else "少于 5" if people < 5 else f"{people // 5 * 5} 以上")


def test_a_report_tells_the_department_no_village(story):
    made = make.report(story.world, "theme:" + story.places[OWN].finding.checklist_item.theme)
    said = str(made.sections) + str(made.figures)
    for place in (OWN, SIBLING):
        assert all(one.division.short_name not in said for one in story.places[place].villages)


def test_a_period_is_called_by_its_name():
    day = today().replace
    assert period(day(2026, 1, 1), day(2026, 12, 31)) == "2026年"
    assert period(day(2026, 7, 1), day(2026, 9, 30)) == "2026年第三季度"
    assert period(day(2026, 2, 1), day(2026, 2, 28)) == "2026年2月"
    assert period(day(2026, 2, 1), day(2026, 11, 29)) == "2026年2月1日至11月29日"
    assert period(day(2025, 12, 31), day(2026, 1, 1)) == "2025年12月31日至2026年1月1日"
    assert months(day(2026, 2, 3), day(2026, 11, 29)) == "2026年2至11月"
    assert months(day(2026, 2, 3), day(2026, 2, 20)) == "2026年2月"
    assert months(day(2026, 7, 1), day(2026, 9, 30)) == "2026年第三季度"


def test_a_sentence_names_who_is_ahead_and_counts_equals_at_the_end():
    def rows(*shares):
        return [Row(n, f"{n}镇", villages=100, covered=share) for n, share in enumerate(shares)]

    def said(*shares):
        return ahead_and_behind(rows(*shares), lambda row: row.coverage, "覆盖率")

    assert said(10, 30, 20) == "覆盖率从高到低依次是1镇（30.0%）、2镇（20.0%）、0镇（10.0%）。"
    assert said(0, 0, 9, 0, 8, 0, 0) == "覆盖率居前的是2镇（9.0%）、4镇（8.0%）；有5个并列末位（0.0%）。"
    assert said(7, 6, 5, 4, 3, 2, 1).endswith("靠后的是4镇（3.0%）、5镇（2.0%）、6镇（1.0%）。")
    assert said(9, 9, 9, 9, 3, 2, 1).startswith("覆盖率居前的是0镇（9.0%）、1镇（9.0%）、2镇（9.0%）、3镇（9.0%）；")
    assert said(9, 8, 8, 8, 8, 8, 1) == "覆盖率居前的是0镇（9.0%）；靠后的是6镇（1.0%）。"
    assert said(9, 9, 9, 9, 9, 2, 1) == "覆盖率有5个并列首位（9.0%）；靠后的是5镇（2.0%）、6镇（1.0%）。"
    assert said(5, 5) == "覆盖率均为5.0%。"
    assert ahead_and_behind([Row(1, "空镇")], lambda row: row.coverage, "覆盖率") == ""
    assert [rank for rank, _row in ranked(rows(5, 9, 5, 1), lambda row: row.coverage)] == [1, 2, 2, 4]
