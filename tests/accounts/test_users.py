"""Accounts in the hands of the system administrator."""

import re

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import services
from accounts.enums import OrganKind, Post
from accounts.models import Organ, SignInAttempt, User
from common.models import AuditEvent
from tests.factories.world import tell

VALUES = {"post": "OFFICER", "full_name": "李新", "username": "lixin", "email": "", "phone": "", "native_township": ""}


@pytest.fixture
def admin(client, world):
    client.force_login(world.sysadmin)
    return client


def add(admin, division, organ, **values):
    return admin.post(f"/accounts/users/add/{division.code}/", VALUES | {"organ": organ} | values)


def test_an_account_is_made_with_a_password_that_is_shown_once(admin, world):
    page = add(admin, world.county, str(world.county_officer.organ_id)).content.decode()
    password = re.search(r"初始密码</dt><dd class=\"num b\">([^<]+)<", page)[1]
    person = authenticate(username="lixin", password=password)
    assert person.organ == world.county_officer.organ
    assert person.must_change_password
    assert password not in str(list(AuditEvent.objects.values()))


def test_two_initial_passwords_differ():
    assert services.random_password() != services.random_password()


def test_an_organ_that_the_place_lacks_is_set_up_with_the_account(admin, world):
    add(admin, world.sibling_village.division, "K:VILLAGE_PARTY", post="HEAD")
    organ = Organ.objects.get(division=world.sibling_village.division)
    assert (organ.kind, organ.users.get().username) == (OrganKind.VILLAGE_PARTY, "lixin")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"organ": "K:LEADING_GROUP"}, "单位"),  # the county has one already
        ({"organ": "K:FUNCTIONAL_DEPARTMENT"}, "请填写新设单位的名称"),
        ({"post": "DISCIPLINE_OFFICER"}, "这类单位只设这些岗位"),
        ({"username": "county_head"}, "已有人使用"),
        ({"username": "李新"}, "用户名只能用"),
        ({"full_name": ""}, "请填写姓名"),
    ],
)
def test_a_refused_account_says_why_and_is_not_made(admin, world, values, said):
    before = User.objects.count()
    response = add(admin, world.county, **({"organ": str(world.county_officer.organ_id)} | values))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert User.objects.count() == before


def test_an_organ_of_another_place_is_no_choice(admin, world):
    assert add(admin, world.county, str(world.township_secretary.organ_id)).status_code == 422


def test_the_name_of_a_person_changes_and_is_on_record(admin, world):
    person = world.county_officer
    values = VALUES | {"organ": str(person.organ_id), "full_name": "改名"}
    assert admin.post(f"/accounts/users/{person.pk}/", values).status_code == 302
    event = AuditEvent.objects.get(action="edit_user")
    assert event.changes["full_name"] == ["县巡察办干部", "改名"]
    assert event.actor == world.sysadmin


def test_a_person_moves_to_another_place(admin, world):
    person = world.county_officer
    place = world.sibling_township
    organ = str(world.sibling_township_secretary.organ_id)
    admin.post(f"/accounts/users/{person.pk}/?place={place.code}", VALUES | {"organ": organ})
    assert User.objects.get(pk=person.pk).organ.division == place


def test_nobody_manages_their_own_account(admin, world):
    assert admin.get(f"/accounts/users/{world.sysadmin.pk}/").status_code == 403
    with pytest.raises(PermissionDenied):
        services.set_active(user=world.sysadmin, active=False, actor=world.sysadmin)


def test_closing_asks_first_and_then_closes(admin, world):
    url = f"/accounts/users/{world.county_officer.pk}/active/"
    assert "停用账号" in admin.post(url, {"active": "0"}).content.decode()
    assert User.objects.get(username="county_officer").is_active
    for _time in range(2):
        admin.post(url, {"active": "0", "confirmed": "1"})
        assert not User.objects.get(username="county_officer").is_active
    assert AuditEvent.objects.filter(action="disable_user").count() == 1
    admin.post(url, {"active": "1", "confirmed": "1"})
    assert User.objects.get(username="county_officer").is_active


def test_a_reset_password_is_shown_once_and_ends_the_lock(admin, world):
    SignInAttempt.objects.create(username="county_officer", ip="192.0.2.1")
    url = f"/accounts/users/{world.county_officer.pk}/password/"
    assert "只显示一次" in admin.post(url).content.decode()
    page = admin.post(url, {"confirmed": "1"}).content.decode()
    password = re.search(r"初始密码</dt><dd class=\"num b\">([^<]+)<", page)[1]
    assert authenticate(username="county_officer", password=password) == world.county_officer
    assert not SignInAttempt.objects.exists()


@pytest.mark.parametrize(
    "name", ["county_officer", "roster_admin", "city_officer", "auditor", "township_secretary", "leading_group"]
)
def test_others_reach_no_account_page_and_no_service(client, world, name):
    person = world.people[name]
    client.force_login(person)
    assert client.get("/accounts/users/").status_code == 403
    with pytest.raises(PermissionDenied):
        services.reset_password(user=world.township_officer, actor=person)


def test_a_post_that_the_unit_does_not_have_is_refused_by_the_service(world):
    with pytest.raises(ValidationError):
        services.add_user(
            division=world.township,
            kind=OrganKind.PARTY_COMMITTEE,
            organ_name="",
            actor=world.sysadmin,
            username="x-1",
            full_name="某",
            post=Post.ROSTER_ADMINISTRATOR,
        )


@pytest.mark.parametrize("q", ["青义", "qingyi", "qy", "510703103"])
def test_a_place_is_found_by_name_pinyin_initials_and_code(admin, world, q):
    assert world.township.code in admin.get("/accounts/users/add/", {"q": q}).content.decode()


def test_the_list_is_narrowed_by_unit_and_state(admin, world):
    services.set_active(user=world.township_officer, active=False, actor=world.sysadmin)
    page = admin.get("/accounts/users/", {"kind": "PARTY_COMMITTEE", "active": "0"}).content.decode()
    assert "township_officer" in page
    assert "township_secretary" not in page


def test_the_list_pages_through_everybody_once(admin, world):
    organ = world.county_officer.organ
    with transaction.atomic():
        tell(User.objects.bulk_create(User(username=f"p{n:03}", full_name="某", organ=organ) for n in range(100)))
    seen, url = [], "/accounts/users/"
    while url:
        page = admin.get(url).context["page"]
        seen += [one.username for one in page.rows]
        url = "/accounts/users/" + page.next_url if page.next_url else ""
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == User.objects.count()


def test_the_page_before_is_the_page_before(admin, world):
    organ = world.county_officer.organ
    with transaction.atomic():
        tell(User.objects.bulk_create(User(username=f"p{n:03}", full_name="某", organ=organ) for n in range(100)))
    first = admin.get("/accounts/users/").context["page"]
    second = admin.get("/accounts/users/" + first.next_url).context["page"]
    back = admin.get("/accounts/users/" + second.prev_url).context["page"]
    assert back.rows == first.rows
    assert not back.prev_url


@pytest.mark.parametrize("mark", ["9" * 40, "'; drop"])
def test_an_edited_page_mark_starts_anew_instead_of_failing(admin, world, mark):
    assert admin.get("/accounts/users/", {"after": mark}).status_code == 200


def test_the_list_takes_the_same_queries_for_3_and_60_people(admin, world, django_assert_num_queries):
    admin.get("/accounts/users/")
    with django_assert_num_queries(5):
        admin.get("/accounts/users/")
    organ = world.county_officer.organ
    with transaction.atomic():
        tell(User.objects.bulk_create(User(username=f"p{n:03}", full_name="某", organ=organ) for n in range(60)))
    with django_assert_num_queries(5):
        admin.get("/accounts/users/")
