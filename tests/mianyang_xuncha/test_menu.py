"""The menu and the shell: offered is what may be opened, and no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mianyang_xuncha import menu
from mianyang_xuncha.context import shell

EVERY = [name for _label, rows in menu.MENU for _word, name, _icon in rows]


def test_every_name_of_the_menu_is_a_page():
    assert [name for name in EVERY if menu.address(name) is None] == []


@pytest.mark.parametrize(
    "name", ["county_head", "city_officer", "leading_group", "township_secretary", "supervisor", "sysadmin", "auditor"]
)
def test_what_is_offered_opens_and_what_is_not_offered_does_not(client, world, name):
    user = world.people[name]
    client.force_login(user)
    offered = {link["name"] for section in menu.links(user, "/") for link in section["links"]}
    opened = {one for one in EVERY if client.get(reverse(one)).status_code == 200}
    assert offered == opened


def test_the_page_one_is_on_is_marked(world):
    sections = menu.links(world.county_officer, "/inspections/plans/7/")
    found = [one["name"] for part in sections for one in part["links"] if one["current"]]
    assert found == ["inspections:plans"]


def test_a_page_below_a_list_marks_the_list(world):
    sections = menu.links(world.county_officer, "/rectification/5/")
    assert [one["name"] for part in sections for one in part["links"] if one["current"]] == ["rectification:list"]


def test_a_phone_gets_four_pages(world):
    bar = menu.tabbar(list(menu.links(world.county_officer, "/")))
    assert [one["name"] for one in bar] == ["home", "inspections:list", "rectification:list", "villages:list"]


@pytest.mark.parametrize("name", ["county_officer", "township_secretary", "team_leader", "sysadmin"])
def test_the_shell_costs_at_most_three_queries(world, rf, name):
    request = rf.get("/")
    request.user = type(world.county_officer).objects.select_related("organ__division__parent").get(username=name)
    with CaptureQueriesContext(connection) as seen:
        str(shell(request)["shell"]["nav"])
    assert len(seen) <= 3


def test_a_page_that_draws_no_shell_asks_nothing(world, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = world.county_officer
    with django_assert_num_queries(0):
        shell(request)


def test_strangers_get_no_shell(rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    assert shell(request) == {"shell": {}}
