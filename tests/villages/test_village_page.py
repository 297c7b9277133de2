"""One village (一村一档): profile, class, history, lineage, and what upper apps add."""

import pytest

from tests.factories.villages import approved, book, commit, lacking, proposed, row
from villages import panels
from villages.models import Village

URL = "/villages/510703103201/"


def page(client, url=URL):
    return client.get(url).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("county_officer", 200),
        ("city_officer", 200),
        ("township_secretary", 200),
        ("village_secretary", 200),
        ("other_county_officer", 404),
        ("sibling_township_secretary", 404),
        ("other_village_secretary", 404),
        ("sysadmin", 403),
    ],
)
def test_it_opens_for_those_whose_place_it_is(world, signed_in, name, status):
    assert signed_in(getattr(world, name)).get(URL).status_code == status


def test_an_unknown_code_is_not_found(world, signed_in):
    assert signed_in(world.county_officer).get("/villages/510703103999/").status_code == 404


def test_it_shows_profile_class_with_reason_and_history(world, signed_in, tmp_path):
    commit(book(row("510703103201", "龙门村", 户数=320, 备注="演示")), tmp_path, county=world.county)
    approved(world.village, officer=world.county_officer, head=world.county_head)
    shown = page(signed_in(world.county_officer))
    for word in ("320 户", "风险隐患村", "近三年信访较多", "县巡察办主任", "名册.xlsx", "填入：户数 320、备注 演示"):
        assert word in shown


def test_a_waiting_proposal_is_shown_and_no_second_one_offered(world, signed_in):
    proposed(world.village, world.county_officer)
    shown = page(signed_in(world.county_officer))
    assert "待审定" in shown
    assert "/class/" not in shown


def test_predecessors_and_successor_lead_to_each_other(world, signed_in, tmp_path):
    merged = row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202")
    commit(book(merged, row("510703103202", "方水村")), tmp_path, county=world.county)
    client = signed_in(world.county_officer)
    assert "/villages/510703103202/" in page(client)
    assert "并入" in page(client)
    assert "/villages/510703103201/" in page(client, "/villages/510703103202/")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("roster_admin", "决定去向"),
        ("county_officer", "去向由县委巡察办的名册管理员决定"),
        ("city_officer", "去向由县委巡察办的名册管理员决定"),
    ],
)
def test_a_village_that_the_last_roster_lacks_says_so_and_leads_to_the_decision(world, signed_in, name, said):
    lacking(world.village)
    shown = page(signed_in(getattr(world, name)))
    assert "新名册.xlsx”里没有本村" in shown
    assert said in shown


def test_the_village_itself_is_not_told_what_waits_for_the_countys_decision(world, signed_in):
    lacking(world.village)
    assert "去向" not in page(signed_in(world.village_secretary))


def test_only_who_may_edit_is_offered_it(world, signed_in):
    assert "/edit/" in page(signed_in(world.county_officer))
    assert "/edit/" not in page(signed_in(world.city_officer))


def test_upper_apps_add_panels_that_show_to_whom_they_wish(world, signed_in, monkeypatch):
    def panel(user, village):
        if user == world.county_officer:
            return {"title": f"{village} 的巡察", "template": "_parts/callout.html", "context": {}}
        return None

    monkeypatch.setattr(panels, "_panels", [])
    panels.register(panel)
    panels.register(panel)
    assert page(signed_in(world.county_officer)).count("龙门村 的巡察") == 1
    assert "龙门村 的巡察" not in page(signed_in(world.township_secretary))


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_for_three_of_everything(
    world, signed_in, django_assert_num_queries, tmp_path, monkeypatch, count
):
    monkeypatch.setattr(panels, "_panels", [])  # those of upper apps are counted there
    for number in range(count):
        commit(book(row("510703103201", "龙门村", 户数=320 + number)), tmp_path, county=world.county)
        approved(world.village, officer=world.county_officer, head=world.county_head)
    Village.objects.filter(pk=world.second_village.pk).update(
        status="MERGED", successor=world.village, valid_to="2026-01-01"
    )
    client = signed_in(world.county_officer)
    client.get("/villages/")
    with django_assert_num_queries(10):
        client.get(URL)
