"""Accounts in the hands of the head of an office: those of the own place and below, nobody else's, nothing higher."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import selectors, services
from accounts.enums import OrganKind, Post, Role
from accounts.models import Organ, User
from common.models import AuditEvent
from tests.factories.world import person, tell

VALUES = {"post": "OFFICER", "full_name": "李新", "username": "lixin", "email": "", "phone": "", "native_township": ""}
OWN = ["township_secretary", "discipline_officer", "village_secretary", "supervisor", "county_officer", "team_member"]
SUPERIOR = ["leading_group", "county_head"]
FOREIGN = [
    "other_county_officer",
    "other_county_head",
    "other_township_secretary",
    "city_officer",
    "sysadmin",
    "auditor",
]
SERVICES = {
    "reset": lambda user, actor: services.reset_password(user=user, actor=actor),
    "close": lambda user, actor: services.set_active(user=user, active=False, actor=actor),
    "edit": lambda user, actor: services.edit_user(
        user=user,
        actor=actor,
        division=user.division,
        kind=user.organ.kind,
        organ_name=user.organ.name,
        post=user.post,
        full_name="改名",
    ),
}


@pytest.fixture
def head(client, world):
    client.force_login(world.county_head)
    return client


@pytest.fixture
def city_head(world):
    return person("city_head", "市巡察办主任", world.city, OrganKind.INSPECTION_OFFICE, Post.HEAD)


def state():
    return list(User.objects.order_by("pk").values()), Organ.objects.count()


def test_the_list_is_the_countys(head, world):
    page = head.get("/accounts/users/")
    listed = {one.username for one in page.context["page"].rows}
    assert listed >= {*OWN, *SUPERIOR}
    assert not listed & set(FOREIGN)


def test_the_superiors_are_listed_greyed_with_the_reason(head, world):
    text = head.get("/accounts/users/").content.decode()
    assert f"/accounts/users/{world.leading_group.pk}/" not in text
    assert "请由系统管理员办理" in text
    assert f"/accounts/users/{world.township_secretary.pk}/" in text


@pytest.mark.parametrize("name", OWN)
def test_an_account_of_the_county_is_looked_after(head, world, name):
    account = world.people[name]
    values = VALUES | {"organ": str(account.organ_id), "post": account.post, "full_name": "改名"}
    assert head.post(f"/accounts/users/{account.pk}/", values).status_code == 302
    assert User.objects.get(pk=account.pk).full_name == "改名"
    assert AuditEvent.objects.get(action="edit_user").actor == world.county_head


def test_a_new_account_of_a_village_works_at_once(head, world):
    place = world.sibling_village.division
    page = head.post(f"/accounts/users/add/{place.code}/", VALUES | {"organ": "K:VILLAGE_PARTY", "post": "HEAD"})
    assert "初始密码" in page.content.decode()
    account = User.objects.get(username="lixin")
    assert (account.organ.division, account.is_active) == (place, True)
    assert AuditEvent.objects.get(action="create_user").actor == world.county_head


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_account_is_not_found_by_any_address(head, world, name):
    before, pk = state(), world.people[name].pk
    values = VALUES | {"organ": str(world.county_officer.organ_id), "confirmed": "1"}
    assert head.get(f"/accounts/users/{pk}/").status_code == 404
    assert head.post(f"/accounts/users/{pk}/", values).status_code == 404
    assert head.post(f"/accounts/users/{pk}/active/", values).status_code == 404
    assert head.post(f"/accounts/users/{pk}/password/", values).status_code == 404
    assert head.get("/accounts/users/add/", {"for": pk}).status_code == 404
    assert state() == before


@pytest.mark.parametrize("name", SUPERIOR)
def test_the_own_and_a_superiors_account_are_refused(head, world, name):
    before, pk = state(), world.people[name].pk
    for response in (
        head.get(f"/accounts/users/{pk}/"),
        head.post(f"/accounts/users/{pk}/", VALUES | {"organ": str(world.people[name].organ_id)}),
        head.post(f"/accounts/users/{pk}/active/", {"confirmed": "1"}),
        head.post(f"/accounts/users/{pk}/password/", {"confirmed": "1"}),
    ):
        assert response.status_code == 403
    assert state() == before


@pytest.mark.parametrize("place", ["city", "other_county", "other_township"])
def test_no_account_is_made_at_a_foreign_place(head, world, place):
    before, division = state(), getattr(world, place)
    organ = Organ.objects.filter(division=division).first()
    response = head.post(f"/accounts/users/add/{division.code}/", VALUES | {"organ": str(organ.pk)})
    assert response.status_code == 404
    assert state() == before


@pytest.mark.parametrize(
    "organ", ["other_county_officer", "other_township_secretary", "sysadmin", "auditor", "leading_group"]
)
def test_a_posted_organ_that_was_not_offered_is_refused(head, world, organ):
    before = state()
    posted = VALUES | {"organ": str(world.people[organ].organ_id)}
    assert head.post(f"/accounts/users/add/{world.county.code}/", posted).status_code == 422
    assert head.post(f"/accounts/users/{world.county_officer.pk}/", posted).status_code == 422
    assert state() == before


@pytest.mark.parametrize("kind", ["SYSTEM_ADMINISTRATION", "SECURITY_AUDIT", "LEADING_GROUP"])
def test_a_posted_kind_that_was_not_offered_is_refused(head, world, kind):
    before = state()
    response = head.post(f"/accounts/users/add/{world.county.code}/", VALUES | {"organ": f"K:{kind}"})
    assert response.status_code == 422
    assert state() == before


def test_nobody_is_moved_out_of_the_county(head, world):
    before = state()
    posted = VALUES | {"organ": str(world.other_county_officer.organ_id)}
    url = f"/accounts/users/{world.county_officer.pk}/?place={world.other_county.code}"
    assert head.get(url).status_code == 404
    assert head.post(url, posted).status_code == 404
    assert state() == before


def test_no_second_head_is_made_and_the_form_says_why(head, world):
    before = state()
    posted = VALUES | {"organ": str(world.county_officer.organ_id), "post": "HEAD"}
    for url in (f"/accounts/users/add/{world.county.code}/", f"/accounts/users/{world.county_officer.pk}/"):
        response = head.post(url, posted)
        assert response.status_code == 422
        assert "请由系统管理员办理" in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("name", [*SUPERIOR, *FOREIGN])
@pytest.mark.parametrize("act", SERVICES)
def test_the_services_refuse_whatever_the_page_let_through(world, act, name):
    before = state()
    with pytest.raises(PermissionDenied):
        SERVICES[act](world.people[name], world.county_head)
    assert state() == before


@pytest.mark.parametrize(
    ("place", "kind", "post"),
    [
        ("other_county", OrganKind.INSPECTION_TEAM, Post.OFFICER),
        ("city", OrganKind.INSPECTION_OFFICE, Post.OFFICER),
        ("city", OrganKind.SECURITY_AUDIT, Post.OFFICER),
        ("county", OrganKind.INSPECTION_OFFICE, Post.HEAD),
        ("county", OrganKind.LEADING_GROUP, Post.OFFICER),
    ],
)
def test_the_services_grant_nothing_beyond(world, place, kind, post):
    before = state()
    seat = {"division": getattr(world, place), "kind": kind, "organ_name": "新设单位", "post": post}
    with pytest.raises(PermissionDenied):
        services.add_user(actor=world.county_head, username="x-1", full_name="某", **seat)
    with pytest.raises(PermissionDenied):
        services.edit_user(user=world.county_officer, actor=world.county_head, **seat)
    assert state() == before


@pytest.mark.parametrize("text", ["", "fucheng", "青义", "510703"])
def test_a_place_of_the_county_is_found(world, text):
    found = set(selectors.divisions_like(user=world.county_head, text=text))
    assert found
    assert all(world.county in (one, one.parent, one.parent.parent) for one in found)


@pytest.mark.parametrize("text", ["游仙", "沉抗", "绵阳", "5107"])
def test_a_foreign_place_is_not_found(world, text):
    found = set(selectors.divisions_like(user=world.county_head, text=text))
    assert not found & {world.city, world.other_county, world.other_township}


def test_the_head_of_the_city_office_looks_after_the_city_offices_own(client, world, city_head):
    client.force_login(city_head)
    listed = {one.username for one in client.get("/accounts/users/").context["page"].rows}
    assert listed == {"city_head", "city_officer", "city_roster_admin"}
    values = VALUES | {"organ": "K:INSPECTION_TEAM", "organ_name": "市委第一巡察组"}
    assert client.post(f"/accounts/users/add/{world.city.code}/", values).status_code == 200
    assert User.objects.get(username="lixin").organ.kind == OrganKind.INSPECTION_TEAM


@pytest.mark.parametrize("kind", ["SYSTEM_ADMINISTRATION", "SECURITY_AUDIT"])
def test_the_city_makes_nobody_who_keeps_the_system(client, world, city_head, kind):
    client.force_login(city_head)
    before = state()
    for organ in (f"K:{kind}", str(world.sysadmin.organ_id), str(world.auditor.organ_id)):
        response = client.post(f"/accounts/users/add/{world.city.code}/", VALUES | {"organ": organ})
        assert response.status_code == 422
    with pytest.raises(PermissionDenied):
        services.reset_password(user=world.auditor, actor=city_head)
    assert state() == before


def test_the_administrator_still_makes_a_head(client, world):
    client.force_login(world.sysadmin)
    posted = VALUES | {"organ": str(world.county_officer.organ_id), "post": "HEAD"}
    assert client.post(f"/accounts/users/add/{world.county.code}/", posted).status_code == 200
    made = User.objects.get(username="lixin")
    assert (made.organ.role, made.post, made.is_active) == (Role.COUNTY_OFFICE, Post.HEAD, True)


def test_the_list_of_a_head_takes_the_same_queries_for_few_and_for_many(head, world, django_assert_num_queries):
    head.get("/accounts/users/")
    with django_assert_num_queries(6):
        head.get("/accounts/users/")
    organ = world.county_officer.organ
    with transaction.atomic():
        tell(User.objects.bulk_create(User(username=f"p{n:03}", full_name="某", organ=organ) for n in range(40)))
    with django_assert_num_queries(6):
        head.get("/accounts/users/")
