"""The shipped checklist: 3 aspects, 16 points, 72 items, found by words or letters (C1, C3)."""

from datetime import date

import pytest
from django.urls import reverse

from inspections.models import Checklist
from inspections.selectors.checklist import as_tree, checklist_in_force, search_items

URL = reverse("inspections:checklist")


@pytest.fixture
def shipped(reference_data):
    return Checklist.objects.get()


def test_it_has_three_aspects_sixteen_points_and_seventy_two_items(shipped):
    tree = as_tree(shipped.items.order_by("code"))
    assert len(tree) == 3
    assert sum(len(one.points) for one in tree) == 16
    assert sum(one.count for one in tree) == 72


@pytest.mark.parametrize("text", ["承包费", "cbf", "chengbaofei", "B1", "承包费 租金"])
def test_items_are_found_by_words_letters_and_code(shipped, text):
    assert any("承包费" in one.text for one in search_items(shipped.items.all(), text))


def test_every_word_must_be_found(shipped):
    assert not search_items(shipped.items.all(), "承包费 党课").exists()


def test_the_newest_version_in_force_serves(shipped):
    following = Checklist.objects.create(name="第二版", number=2)
    Checklist.objects.filter(pk=following.pk).update(in_force_from=date(2099, 1, 1))
    assert checklist_in_force() == shipped
    assert checklist_in_force(date(2099, 1, 2)) == following


def test_page_shows_all_and_narrows(world, shipped, signed_in):
    client = signed_in(world.township_secretary)
    assert "找到 72 条" in client.get(URL).content.decode()
    assert "找到 2 条" in client.get(URL, {"q": "cbf"}).content.decode()


def test_page_of_an_unknown_version_shows_the_one_in_force(world, shipped, signed_in):
    assert "找到 72 条" in signed_in(world.county_officer).get(URL, {"version": "7"}).content.decode()


def test_page_says_when_nothing_is_found(world, shipped, signed_in):
    assert "没有找到条目" in signed_in(world.county_officer).get(URL, {"q": "飞船"}).content.decode()


def test_administrators_have_no_checklist(world, signed_in):
    assert signed_in(world.sysadmin).get(URL).status_code == 403
