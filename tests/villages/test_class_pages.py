"""Class pages: tabs, batches with and without JavaScript, one village by hand."""

import pytest

from tests.factories.villages import approved, proposed
from villages.enums import ClassificationStatus as S
from villages.models import Classification, Village, VillageKind

URL = "/villages/classes/"
ONE = "/villages/510703103201/class/"


@pytest.fixture
def surveyed(world, reference_data):
    Village.objects.filter(pk__in=[world.village.pk, world.second_village.pk]).update(petitions_3y=6)
    return [world.village, world.second_village]


def ids(*rows):
    return {"ids": [one.pk for one in rows]}


def test_villages_without_class_stand_with_suggestion_and_reason(surveyed, world, signed_in):
    page = signed_in(world.county_officer).get(URL)
    assert [one.division.name for one in page.context["page"].rows] == ["二社村", "龙门村", "方水村"]
    assert "近三年信访件次达到 5 件次" in page.content.decode()
    assert [one.suggestion is not None for one in page.context["page"].rows] == [False, True, True]


def test_the_tabs_count(world, signed_in):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    proposed(world.second_village, world.county_officer)
    tabs = signed_in(world.county_officer).get(URL).context["tabs"]
    assert [one["count"] for one in tabs] == [1, 1, 1, 0]


def test_suggestions_are_taken_over_after_a_confirmation(surveyed, world, signed_in):
    client = signed_in(world.county_officer)
    asked = client.post(f"{URL}propose/", ids(*surveyed))
    assert (asked.status_code, "将为 2 个村提出分类" in asked.content.decode()) == (200, True)
    assert not Classification.objects.exists()
    client.post(f"{URL}propose/", ids(*surveyed) | {"confirmed": "1"})
    assert {one.status for one in Classification.objects.all()} == {S.PROPOSED}
    assert Classification.objects.count() == 2


def test_the_head_approves_a_batch(world, signed_in):
    rows = [proposed(world.village, world.county_officer), proposed(world.second_village, world.county_officer)]
    client = signed_in(world.county_head)
    assert "将审定 2 个村" in client.post(f"{URL}approve/", ids(*rows)).content.decode()
    client.post(f"{URL}approve/", ids(*rows) | {"confirmed": "1"})
    assert set(Village.objects.filter(klass="RISK")) == {world.village, world.second_village}


def test_the_own_proposal_cannot_be_ticked(world, signed_in):
    mine, theirs = proposed(world.village, world.county_head), proposed(world.second_village, world.county_officer)
    rows = signed_in(world.county_head).get(URL, {"t": "proposed"}).context["page"].rows
    assert {one.pk: one.pickable for one in rows} == {mine.pk: False, theirs.pk: True}


def test_a_batch_with_the_own_proposal_is_refused_whole(world, signed_in):
    rows = [proposed(world.village, world.county_head), proposed(world.second_village, world.county_officer)]
    response = signed_in(world.county_head).post(f"{URL}approve/", ids(*rows) | {"confirmed": "1"})
    assert response.status_code == 403
    assert {one.status for one in Classification.objects.all()} == {S.PROPOSED}


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_a_batch_with_a_foreign_row_is_not_found_and_does_nothing(world, signed_in, act):
    rows = [proposed(world.village, world.county_officer), proposed(world.other_village, world.other_county_officer)]
    response = signed_in(world.county_head).post(f"{URL}{act}/", ids(*rows) | {"confirmed": "1", "note": "x"})
    assert response.status_code == 404
    assert {one.status for one in Classification.objects.all()} == {S.PROPOSED}


def test_suggestions_for_a_foreign_village_are_not_found(surveyed, world, signed_in):
    response = signed_in(world.county_officer).post(
        f"{URL}propose/", ids(world.village, world.other_village) | {"confirmed": "1"}
    )
    assert (response.status_code, Classification.objects.count()) == (404, 0)


def test_turning_down_asks_for_one_reason(world, signed_in):
    one = proposed(world.village, world.county_officer)
    client = signed_in(world.county_head)
    assert client.post(f"{URL}reject/", ids(one)).status_code == 200
    assert client.post(f"{URL}reject/", ids(one) | {"confirmed": "1", "note": " "}).status_code == 422
    client.post(f"{URL}reject/", ids(one) | {"confirmed": "1", "note": "依据不足"})
    one.refresh_from_db()
    assert one.status == S.REJECTED
    assert "依据不足" not in client.get("/villages/").content.decode()


@pytest.mark.parametrize("act", ["propose", "approve", "reject"])
def test_batches_are_posts(world, signed_in, act):
    assert signed_in(world.county_head).get(f"{URL}{act}/").status_code == 405


@pytest.mark.parametrize(
    ("name", "act", "status"),
    [
        ("county_officer", "approve", 403),
        ("city_officer", "propose", 403),
        ("township_secretary", "propose", 403),
        ("leading_group", "approve", 403),
    ],
)
def test_batches_are_closed_to_others(world, signed_in, name, act, status):
    one = proposed(world.village, world.county_officer)
    assert signed_in(getattr(world, name)).post(f"{URL}{act}/", ids(one)).status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [("city_officer", 200), ("leading_group", 200), ("township_secretary", 403), ("org_officer", 403)],
)
def test_who_may_open_the_classes(world, signed_in, name, status):
    assert signed_in(getattr(world, name)).get(URL).status_code == status


def test_one_village_by_hand_with_the_suggestion_filled_in(surveyed, world, signed_in):
    client = signed_in(world.county_officer)
    form = client.get(ONE).context["form"]
    assert (form["klass"].value(), form["reason"].value()) == ("RISK", "近三年信访件次达到 5 件次")
    kind = VillageKind.objects.get(code="ORD_SMALL")
    client.post(ONE, {"klass": "ORDINARY", "kinds": [kind.pk], "reason": "实地了解"})
    one = Classification.objects.get()
    assert (one.klass, list(one.kinds.all()), one.reason) == ("ORDINARY", [kind], "实地了解")


def test_kinds_that_wait_for_a_name_are_not_offered(surveyed, world, signed_in):
    assert "待定名" not in signed_in(world.county_officer).get(ONE).content.decode()


def test_a_kind_of_another_class_is_shown_at_its_field(surveyed, world, signed_in):
    kind = VillageKind.objects.get(code="ORD_SMALL")
    response = signed_in(world.county_officer).post(ONE, {"klass": "RISK", "kinds": [kind.pk], "reason": "x"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["kinds"])


def test_a_second_proposal_is_explained(world, signed_in):
    proposed(world.village, world.county_officer)
    response = signed_in(world.county_officer).post(ONE, {"klass": "RISK", "reason": "x"})
    assert (response.status_code, "待审定" in response.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("name", "status"), [("other_county_officer", 404), ("city_officer", 403), ("org_officer", 403)]
)
def test_the_form_is_closed_to_others(world, signed_in, name, status):
    assert signed_in(getattr(world, name)).get(ONE).status_code == status


@pytest.mark.parametrize("tab", ["none", "proposed", "current", "rejected"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_tab_costs_the_same_for_one_and_for_three(
    surveyed, world, signed_in, django_assert_max_num_queries, tab, count
):
    for one in [world.village, world.second_village, world.sibling_village][:count]:
        if tab == "proposed":
            proposed(one, world.county_officer)
        if tab == "current":
            approved(one, officer=world.county_officer, head=world.county_head)
    client = signed_in(world.county_officer)
    client.get("/villages/")
    with django_assert_max_num_queries(10):
        client.get(URL, {"t": tab})
