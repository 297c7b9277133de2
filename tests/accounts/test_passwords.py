"""Passwords: what is refused, and when a new one must be set (security.md A 7)."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Division, User
from common.models import AuditEvent

OLD, NEW = "Old-pass-phrase-9", "Bright-lantern-47"


@pytest.fixture
def officer(client, world):
    world.county_officer.set_password(OLD)
    world.county_officer.save()
    client.force_login(world.county_officer)
    return world.county_officer


@pytest.mark.parametrize(
    "password",
    [
        "Ab3-xyz",  # short
        "password123",  # common
        "20261124887",  # digits
        "county_officer",  # the user name
        "Mianyang@2026",  # the city
        "fucheng-2026",  # the county
        "Youxianqu#2026",  # another county
        "涪城区巡察办2026!",  # the unit
        "FuchengquXuncha1",  # place and trade
    ],
)
def test_a_password_that_others_would_guess_is_refused(world, password):
    with pytest.raises(ValidationError):
        validate_password(password, world.county_officer)


def test_the_own_township_and_village_are_refused(world):
    for password in ("Qingyi-2026-11", "longmencun@888", "Longmen2026"):
        with pytest.raises(ValidationError):
            validate_password(password, world.village_secretary)


@pytest.mark.parametrize("password", ["Wulongcun2026", "五龙村2026!!", "wulong-20260001"])
@pytest.mark.parametrize("name", ["五龙村村民委员会", "五龙村", "五龙村党支部村民委员会", "五龙社区居民委员会"])
def test_a_village_is_known_by_its_bare_name_too(world, name, password):
    Division.objects.filter(pk=world.village.pk).update(name=name)
    with pytest.raises(ValidationError):
        validate_password(password, User.objects.get(pk=world.village_secretary.pk))


def test_a_phrase_of_its_own_is_accepted(world):
    assert validate_password(NEW, world.county_officer) is None


def test_a_new_password_is_set_and_put_on_record(client, officer):
    client.post("/password/", {"old": OLD, "new": NEW, "again": NEW})
    assert User.objects.get(pk=officer.pk).check_password(NEW)
    assert AuditEvent.objects.filter(action="change_password", actor=officer).count() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "现在的密码不正确"),
        ({"old": OLD, "new": NEW, "again": "Other-lantern-47"}, "两次填写的新密码不一致"),
        ({"old": OLD, "new": OLD, "again": OLD}, "新密码不能与现在的密码相同"),
        ({"old": OLD, "new": "Mianyang@2026", "again": "Mianyang@2026"}, "地名、单位名"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(client, officer, values, said):
    response = client.post("/password/", values)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert User.objects.get(pk=officer.pk).check_password(OLD)


def test_a_password_never_comes_back_in_the_page(client, officer):
    response = client.post("/password/", {"old": OLD, "new": NEW, "again": "Other-lantern-47"})
    assert OLD not in response.content.decode()
    assert NEW not in response.content.decode()


def test_an_initial_password_must_be_changed_before_anything_else(client, officer, settings):
    settings.PASSWORD_FORCE_CHANGE = True
    User.objects.update(must_change_password=True)
    assert client.get("/").headers["Location"] == "/password/"
    client.post("/password/", {"old": OLD, "new": NEW, "again": NEW})
    assert client.get("/").status_code == 200


def test_whoever_must_change_may_still_leave(client, officer, settings):
    settings.PASSWORD_FORCE_CHANGE = True
    User.objects.update(must_change_password=True)
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"


def test_an_old_password_must_be_changed(client, officer, settings):
    settings.PASSWORD_FORCE_CHANGE, settings.PASSWORD_MAX_AGE_DAYS = True, 90
    User.objects.update(must_change_password=False, password_changed_at=timezone.now() - timedelta(days=91))
    assert client.get("/").headers["Location"] == "/password/"
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=89))
    assert client.get("/").status_code == 200


def test_shipped_data_hold_no_account(reference_data, db):
    assert not User.objects.exists()
