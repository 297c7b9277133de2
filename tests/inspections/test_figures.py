"""Counts that leave team and office: whole villages, no kinds, nothing exact about talks and visits (D7)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.small_counts import blurred
from inspections.models import TeamMember
from inspections.selectors.fieldwork_figures import figures
from tests.factories import inspections as build

URL = "/inspections/figures/"


def left(world, talks, visits=0):
    """An inspection whose village has been left, with so many talks and visits."""
    inspection = build.running_inspection(world)
    for _number in range(talks):
        build.conversation(world, inspection)
    for _number in range(visits):
        build.visit(world, inspection)
    build.mobilisation(world, inspection)
    return build.leave(world, inspection)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "少于 5"), (1, "少于 5"), (4, "少于 5"), (5, "5 以上"), (9, "5 以上"), (27, "25 以上")]
)
def test_a_count_is_cut_down(count, text):
    assert blurred(count) == text


def test_the_threshold_is_a_setting(settings):
    settings.SMALL_COUNT = 10
    assert [blurred(9), blurred(10), blurred(29)] == ["少于 10", "10 以上", "20 以上"]


def test_most_talks_more_or_less_change_nothing():
    """The difference of two looks is nothing or a whole step, never one person."""
    steps = [blurred(one) != blurred(one + 1) for one in range(100)]
    assert sum(steps) == 20


@pytest.mark.parametrize("name", ["city_officer", "leading_group"])
def test_others_see_talks_and_visits_blurred(world, name):
    left(world, talks=7, visits=2)
    (line,) = figures(world.people[name])
    assert (line.villages, line.told, line.talks, line.visits) == (1, 1, "5 以上", "少于 5")


def test_to_be_on_one_team_uncovers_no_line(world):
    left(world, talks=7, visits=2)
    member = TeamMember.objects.filter(user=world.team_member).get()
    member.pk, member.user = None, world.leading_group
    member.save()
    (line,) = figures(build.fresh(world.leading_group))
    assert (line.talks, line.visits) == ("5 以上", "少于 5")


def test_the_office_sees_its_own_exactly(world):
    left(world, talks=7, visits=2)
    (line,) = figures(world.county_officer)
    assert (line.talks, line.visits) == ("7", "2")


def test_a_village_counts_as_a_whole_when_it_has_been_left(world):
    inspection = build.running_inspection(world)
    build.conversation(world, inspection)
    assert figures(world.city_officer) == []


def test_others_have_no_such_page(world, signed_in):
    codes = {
        name: signed_in(world.people[name]).get(URL).status_code
        for name in ("team_leader", "township_secretary", "village_secretary", "county_discipline", "sysadmin")
    }
    assert set(codes.values()) == {403}


def test_the_roster_administrator_sees_no_exact_number(world):
    left(world, talks=7)
    assert figures(world.roster_admin)[0].talks == "5 以上"


def test_the_page_names_no_kind_and_cannot_be_narrowed(world, signed_in):
    left(world, talks=7)
    client = signed_in(world.city_officer)
    text = client.get(URL).content.decode()
    assert "5 以上" in text
    assert "老教师" not in text
    assert "青义镇" not in text
    for query in ("?kind=OLD_TEACHER", "?township=1", "?q=龙门"):
        assert main(client.get(URL + query)) == main(client.get(URL))


def main(response):
    text = response.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_other_counties_do_not_show(world):
    left(world, talks=7)
    assert figures(world.other_county_officer) == []


def test_it_takes_few_statements_and_is_linked(world, signed_in):
    left(world, talks=1)
    with CaptureQueriesContext(connection) as queries:
        figures(world.city_officer)
    assert len(queries) == 2
    page = signed_in(world.city_officer).get(reverse("inspections:coverage")).content.decode()
    assert URL in page
