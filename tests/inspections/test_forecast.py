"""At the present pace: reached or not, which year and which class fall short (A1, A2)."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.urls import reverse

from inspections.models import Term
from inspections.selectors.forecast import forecast, outlook, pace
from tests.factories import inspections as build
from villages.enums import VillageClass

TERM = Term(name="本届", starts_on=date(2024, 1, 1), ends_on=date(2028, 12, 31))
GOALS = {2026: 60, 2027: 80, 2028: 100}


@dataclass
class One:
    pk: int
    klass: str = VillageClass.ORDINARY


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(date(2026, 7, 1))


def told(villages, done):
    return [(one.code, one.text) for one in forecast(TERM, villages, done, GOALS, villages)]


def test_a_pace_that_reaches_all_in_time_says_when():
    villages = [One(pk) for pk in range(100)]
    done = {pk: date(2026, 1, 1) for pk in range(70)}
    assert told(villages, done) == [
        ("reached", "按近一年的进度（每年 70 个村），预计2026年12月5日全部覆盖。"),
    ]


def test_a_slow_pace_says_how_many_are_left_and_which_years_fall_short():
    villages = [One(pk) for pk in range(100)]
    done = {pk: date(2026, 1, 1) for pk in range(10)}
    found = told(villages, done)
    assert found[0] == (
        "short",
        "按近一年的进度（每年 10 个村），到届末（2028年12月31日）只覆盖 35.0%，还有 65 个村不能覆盖。",
    )
    assert [code for code, _text in found[1:]] == ["year", "year", "year", "class"]
    assert found[1][1] == "2026 年末预计 15.0%，低于目标 60%，差 45 个村。"


def test_risk_villages_are_due_before_the_last_year():
    villages = [One(1, VillageClass.RISK), *(One(pk) for pk in range(2, 10))]
    done = {pk: date(2026, 6, 1) for pk in range(2, 10)}
    assert told(villages, done)[-1] == ("class", "风险隐患村应在2027年12月31日前完成，照此进度还差 1 个。")


def test_key_focus_villages_are_due_by_the_middle_of_the_term(time_machine):
    villages = [One(1, VillageClass.KEY_FOCUS), *(One(pk) for pk in range(2, 10))]
    done = {pk: date(2026, 6, 1) for pk in range(2, 10)}
    found = told(villages, done)
    assert found[-1] == ("class", "重点关注村应在2026年7月2日前完成，照此进度还差 1 个。")
    time_machine.move_to(date(2026, 8, 1))
    assert told(villages, done)[-1] == ("class", "重点关注村应在2026年7月2日前完成，已过期限，还差 1 个。")


def test_what_was_covered_more_than_a_year_ago_is_done_but_no_pace():
    found = pace(TERM, [One(1), One(2)], {1: date(2025, 1, 1)})
    assert (found.done, found.recent, found.reached_on) == (1, 0, None)


def test_nothing_is_foretold_outside_of_the_term():
    late = Term(name="下届", starts_on=date(2029, 1, 1), ends_on=date(2033, 12, 31))
    assert forecast(late, [One(1)], {}, {}, []) == []
    assert forecast(TERM, [], {}, GOALS, []) == []


def test_the_pages_warn(world, signed_in, time_machine):
    time_machine.move_to(date(2026, 7, 1) + timedelta(days=1))
    build.term(world)
    text = "3 个村不能覆盖"
    client = signed_in(world.county_officer)
    assert text in client.get(reverse("inspections:coverage")).content.decode()
    assert text in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("done", "said"),
    [(100, ("已全覆盖", False)), (70, ("预计 2026年12月覆盖完", False)), (10, ("届末差 65 个村", True))],
)
def test_each_county_is_told_in_a_few_words(done, said):
    villages = [One(pk) for pk in range(100)]
    assert outlook(TERM, villages, {pk: date(2026, 1, 1) for pk in range(done)}) == said


def test_the_city_reads_beside_each_county_what_it_will_owe(world, signed_in):
    build.term(world)
    page = signed_in(world.city_officer).get(reverse("inspections:coverage")).content.decode()
    assert page.count("届末差") == 2
    own = signed_in(world.county_officer).get(reverse("inspections:coverage")).content.decode()
    assert "届末差" not in own
