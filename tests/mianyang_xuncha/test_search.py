"""Search: by name, pinyin, initials, code and number, and only within what the person may see."""

import pytest

from tests.factories import rectification as rectifying


@pytest.fixture
def item(world):
    return rectifying.open_item(world)


def found(client, user, text):
    client.force_login(user)
    groups = client.get("/search/", {"q": text}).context["groups"]
    return {row["title"] for group in groups for row in group["rows"]}


@pytest.mark.parametrize("text", ["龙门", "longmen", "lmc", "LMC", "510703103201", " 龙门 "])
def test_a_village_is_found_by_name_pinyin_initials_and_code(client, world, text):
    assert "青义镇 龙门村" in found(client, world.county_officer, text)


@pytest.mark.parametrize("text", ["青义镇", "qingyi", "qyz", "青义 龙门"])
def test_a_village_is_found_by_its_township(client, world, text):
    assert "青义镇 龙门村" in found(client, world.county_officer, text)
    assert not any("丰谷镇" in one for one in found(client, world.county_officer, text))


def test_an_item_is_found_by_its_number_and_its_problem(client, world, item):
    for text in (item.number, item.number.lower(), "惠民补贴"):
        assert item.finding.title in found(client, world.township_secretary, text)


def test_a_draft_is_found_by_its_team_but_not_by_the_township(client, world):
    from tests.factories import inspections as inspecting

    draft = inspecting.draft_finding(world)
    assert draft.title in found(client, world.team_member, draft.title)
    assert found(client, world.township_secretary, draft.title) == set()


def test_an_inspection_is_found_by_its_number_where_inspections_are_seen(client, world, item):
    assert item.inspection.round.name in found(client, world.county_officer, item.inspection.number)
    assert item.inspection.round.name not in found(client, world.village_secretary, item.inspection.number)


def test_items_are_found_by_who_answers_for_them_where_one_may_see_them(client, world, item):
    assert item.finding.title in found(client, world.county_officer, "王丽")
    assert item.finding.title in found(client, world.township_secretary, "王")
    for name in ("other_county_officer", "sibling_township_secretary", "org_officer"):
        assert found(client, world.people[name], "王丽") == set()


@pytest.mark.parametrize("text", ["", "   ", "没有这样的村", "%", "_", "'; drop table", "x" * 500])
def test_odd_texts_find_nothing_and_break_nothing(client, world, item, text):
    assert found(client, world.county_officer, text) == set()


def test_nothing_found_says_what_to_try(client, world):
    client.force_login(world.county_officer)
    page = client.get("/search/", {"q": "没有这样的村"}).content.decode()
    assert "没有找到" in page
    assert "拼音首字母" in page


def test_what_is_typed_is_escaped(client, world):
    client.force_login(world.county_officer)
    page = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["sysadmin", "auditor", "department_officer"])
def test_whoever_sees_nothing_finds_nothing(client, world, item, name):
    assert found(client, world.people[name], "龙门") == set()


def test_the_box_is_offered_to_those_who_see_villages(client, world):
    client.force_login(world.county_officer)
    assert 'action="/search/"' in client.get("/").content.decode()
    client.force_login(world.auditor)
    assert 'action="/search/"' not in client.get("/").content.decode()


def test_a_search_costs_the_same_for_one_hit_and_many(client, world, django_assert_num_queries):
    from tests.factories.world import village

    client.force_login(world.county_officer)
    client.get("/search/", {"q": "5107"})
    with django_assert_num_queries(8):
        client.get("/search/", {"q": "510703103201"})
    for number in range(30):
        village(f"5107031033{number:02}", f"{number}号村", world.township)
    with django_assert_num_queries(8):
        client.get("/search/", {"q": "5107"})


@pytest.mark.parametrize("text", ["青义 龙门", "青义 lmc", "510703 longmen"])
def test_several_words_must_all_fit(client, world, text):
    assert found(client, world.county_officer, text) == {"青义镇 龙门村"}


def test_several_words_find_nothing_out_of_reach(client, world):
    assert found(client, world.sibling_township_secretary, "青义 龙门") == set()
