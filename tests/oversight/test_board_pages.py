"""Boards as pages: empty ones say so, they ask as often however many rows there are, charts tell their numbers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oversight.services import recount
from oversight.templatetags.boards import columns, lines
from tests.factories import rectification as make

MOST = 15


def test_boards_without_a_term_or_a_finding_say_so(world, signed_in):
    page = signed_in(world.county_officer).get(reverse("oversight:board"))
    assert page.status_code == 200
    assert "还没有反馈的问题" in page.content.decode()
    assert "还没有测评" in signed_in(world.county_officer).get(reverse("oversight:screen")).content.decode()
    assert "没有符合条件的村" in signed_in(world.county_officer).get(reverse("oversight:villages")).content.decode()


@pytest.mark.parametrize("page", ["oversight:board", "oversight:screen"])
@pytest.mark.parametrize("name", ["city_officer", "county_officer"])
def test_a_board_asks_as_often_at_ten_items_as_at_one(world, signed_in, as_owner, name, page):
    item = make.assigned_items(world, findings=1)[0]
    client, url = signed_in(world.people[name]), reverse(page)

    def asked():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    before = asked()
    with as_owner():
        make.copies(item, 9)
    recount()
    assert asked() == before <= MOST


def test_charts_say_their_numbers_and_keep_whole_steps():
    picture = lines(["1月", "2月"], [("交办", [3, 7]), ("销号", [0, 2])])
    assert 'aria-label="交办：1月 3，2月 7；销号：1月 0，2月 2"' in picture
    assert re.findall(r">([\d.]+)</text>", picture) == ["0", "2", "4", "6", "8"]
    folded = columns(["普明街道"] * 13, [("覆盖率", [50.0] * 13)])
    assert re.findall(r">([^<>\d]+)</text>", folded) == ["普明", "街道"] * 13
    bars = columns(
        ["北川羌族自治县", "梓潼县"], [("重点关注村", [50.0, None]), ("一般普通村", [6.25, 100 / 3])], goal=40
    )
    said = "重点关注村：北川羌族自治县 50.0%，梓潼县 —；一般普通村：北川羌族自治县 6.3%，梓潼县 33.3%"
    assert f'aria-label="{said}"' in bars
    assert 'height="92.0"' in bars
    assert 'class="goal"' in bars
