"""Filters that a person keeps: private, opened by one click, and honest when what they ask is gone (A2, C2)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Division
from tests.factories.villages import approved
from villages.models import SavedFilter, VillageKind
from villages.services import save_filter
from villages.services.saved import MOST

LIST, URL = "/villages/", "/villages/saved/"


def save(client, query, name="紧盯的村"):
    return client.post(URL, {"name": name, "query": query}, follow=True)


def test_what_was_asked_is_kept_under_a_name_and_opened_by_one_click(world, signed_in):
    client = signed_in(world.county_officer)
    page = save(client, f"township={world.township.pk}&petitions=3&klass=NONE&q=&after=510703103201")
    saved = SavedFilter.objects.get()
    assert saved.asked == {"township": str(world.township.pk), "petitions": "3", "klass": "NONE"}
    assert [(one["filter"], one["current"]) for one in page.context["saved"]] == [(saved, True)]
    opened = client.get(f"{URL}{saved.pk}/")
    shown = client.get(opened.headers["Location"])
    assert (shown.status_code, shown.context["query"].kept()) == (200, saved.asked)


def test_the_list_links_to_it(world, signed_in):
    client = signed_in(world.county_officer)
    save(client, "petitions=3")
    assert f'href="{URL}{SavedFilter.objects.get().pk}/"' in client.get(LIST).content.decode()


def test_the_same_name_again_replaces_the_own_one_only(world, signed_in):
    save(signed_in(world.county_head), "petitions=9")
    save(signed_in(world.county_officer), "petitions=3")
    save(signed_in(world.county_officer), "petitions=4")
    found = SavedFilter.objects.order_by("pk").values_list("user", "asked__petitions")
    assert list(found) == [(world.county_head.pk, "9"), (world.county_officer.pk, "4")]


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("", "紧盯的村", "还没有筛选条件"),
        ("klass=WORST", "紧盯的村", "还没有筛选条件"),
        ("q=%00", "紧盯的村", "还没有筛选条件"),
        ("petitions=3", "  ", "起一个名称"),
        ("petitions=3", "长" * 21, "最多 20 个字"),
    ],
)
def test_what_cannot_be_kept_is_explained(world, signed_in, query, name, said):
    assert said in save(signed_in(world.county_officer), query, name).content.decode()
    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_them(world):
    for number in range(MOST):
        save_filter(name=f"第{number}", asked={"q": "x"}, actor=world.county_officer)
    save_filter(name="第0", asked={"q": "y"}, actor=world.county_officer)
    with pytest.raises(ValidationError):
        save_filter(name="又一个", asked={"q": "x"}, actor=world.county_officer)


def test_another_persons_filter_is_not_found(world, signed_in):
    saved = save_filter(name="紧盯的村", asked={"q": "龙门"}, actor=world.county_officer)
    client = signed_in(world.county_head)
    assert client.get(f"{URL}{saved.pk}/").status_code == 404
    assert client.post(f"{URL}{saved.pk}/delete/").status_code == 404
    assert client.get(LIST).context["saved"] == []
    assert SavedFilter.objects.exists()


def test_it_is_deleted_by_its_owner_once(world, signed_in):
    saved = save_filter(name="紧盯的村", asked={"q": "龙门"}, actor=world.county_officer)
    client = signed_in(world.county_officer)
    assert client.get(f"{URL}{saved.pk}/delete/").status_code == 405
    assert "已删除" in client.post(f"{URL}{saved.pk}/delete/", follow=True).content.decode()
    assert client.post(f"{URL}{saved.pk}/delete/").status_code == 404


def test_a_place_that_is_gone_is_left_out_and_said(world, signed_in):
    gone = Division.objects.create(code="510703999000", name="旧镇", tier="TOWNSHIP", parent=world.county)
    asked = {"township": str(gone.pk), "petitions": "0"}
    saved = save_filter(name="紧盯的村", asked=asked, actor=world.county_officer)
    gone.delete()
    page = signed_in(world.county_officer).get(f"{URL}{saved.pk}/", follow=True)
    assert (page.status_code, page.context["query"].kept()) == (200, {"petitions": "0"})
    assert "“紧盯的村”里的“乡镇（街道）”已不能再选" in page.content.decode()


def test_a_kind_that_is_gone_is_left_out_and_said(world, signed_in, reference_data):
    kind = VillageKind.objects.get(code="ORD_PARTY_BUILDING")
    saved = save_filter(name="小村", asked={"kind": str(kind.pk)}, actor=world.county_officer)
    VillageKind.objects.filter(pk=kind.pk).delete()
    page = signed_in(world.county_officer).get(f"{URL}{saved.pk}/", follow=True)
    assert page.status_code == 200
    assert "“细类”已不能再选" in page.content.decode()


def test_a_class_asked_by_who_no_longer_sees_classes_is_left_out(world, signed_in):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    saved = save_filter(name="风险", asked={"klass": "RISK"}, actor=world.township_secretary)
    page = signed_in(world.township_secretary).get(f"{URL}{saved.pk}/", follow=True)
    assert len(page.context["page"].rows) == 2
    assert "风险隐患村" not in page.content.decode()


def test_a_township_cannot_keep_a_foreign_place(world, signed_in):
    save(signed_in(world.township_secretary), f"township={world.sibling_township.pk}&petitions=1")
    assert SavedFilter.objects.get().asked == {"petitions": "1"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(world, signed_in, django_assert_num_queries, count):
    for number in range(count):
        save_filter(name=f"第{number}", asked={"q": "x"}, actor=world.county_officer)
    client = signed_in(world.county_officer)
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)
