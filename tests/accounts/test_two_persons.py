"""Whoever keeps the system itself needs two administrators: one asks, another confirms (security.md A 8)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts import services
from accounts.enums import OrganKind
from accounts.models import User
from common.errors import Conflict
from common.models import AuditEvent
from tests.factories.world import PASSWORD, person

VALUES = {"post": "OFFICER", "full_name": "李新", "username": "lixin", "email": "", "phone": "", "native_township": ""}


@pytest.fixture
def second(world):
    return person("admin2", "第二名系统管理员", world.city, OrganKind.SYSTEM_ADMINISTRATION)


def auditor(world, actor):
    seat = {"division": world.city, "kind": OrganKind.SECURITY_AUDIT, "organ_name": "", "post": "OFFICER"}
    return services.add_user(actor=actor, username="lixin", full_name="李新", **seat)[0]


def move(user, actor, kind):
    place = {"division": actor.division, "kind": kind, "organ_name": "", "post": "OFFICER"}
    return services.edit_user(user=user, actor=actor, **place)


def reset(user, actor):
    services.reset_password(user=user, actor=actor)
    return User.objects.get(pk=user.pk)


def reopen(user, actor):
    services.set_active(user=user, active=False, actor=actor)
    return services.set_active(user=user, active=True, actor=actor)


ASKING = {
    "a new auditor": auditor,
    "a move to the auditors": lambda world, actor: move(world.county_officer, actor, OrganKind.SECURITY_AUDIT),
    "a move to the administrators": lambda world, actor: move(
        world.city_officer, actor, OrganKind.SYSTEM_ADMINISTRATION
    ),
    "the auditor's password": lambda world, actor: reset(world.auditor, actor),
    "an auditor's return": lambda world, actor: reopen(world.auditor, actor),
}


@pytest.mark.parametrize("asked", ASKING)
def test_one_administrator_alone_brings_nobody_in(client, world, second, asked):
    account = ASKING[asked](world, world.sysadmin)
    assert (account.is_active, account.asked_by, account.countersigned_by) == (False, world.sysadmin, None)
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])
    assert client.post("/sign-in/", {"username": account.username, "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("asked", ASKING)
def test_a_second_administrator_lets_the_account_work(world, second, asked):
    account = ASKING[asked](world, world.sysadmin)
    account = services.countersign_user(user=account, actor=second)
    assert (account.is_active, account.countersigned_by) == (True, second)
    event = AuditEvent.objects.get(action="countersign_user")
    assert (event.actor, event.note) == (second, "由系统管理员提出")


@pytest.mark.parametrize("asked", ASKING)
def test_whoever_asked_does_not_confirm(world, second, asked):
    account = ASKING[asked](world, world.sysadmin)
    with pytest.raises(PermissionDenied, match="另一名"):
        services.countersign_user(user=account, actor=world.sysadmin)
    with pytest.raises(Conflict, match="复核"):
        services.set_active(user=account, active=True, actor=world.sysadmin)
    assert not User.objects.get(pk=account.pk).is_active


def test_nobody_confirms_themselves(world, second):
    account = reset(second, world.sysadmin)
    with pytest.raises(PermissionDenied):
        services.countersign_user(user=account, actor=second)


@pytest.mark.parametrize("name", ["auditor", "county_head", "city_officer"])
def test_nobody_else_confirms(world, second, name):
    with pytest.raises(PermissionDenied):
        services.countersign_user(user=auditor(world, world.sysadmin), actor=world.people[name])


def test_confirming_twice_is_a_conflict(world, second):
    account = auditor(world, world.sysadmin)
    services.countersign_user(user=account, actor=second)
    with pytest.raises(Conflict):
        services.countersign_user(user=account, actor=second)


def test_an_ordinary_account_needs_one_person(world, second):
    moved = move(world.auditor, world.sysadmin, OrganKind.INSPECTION_OFFICE)
    assert moved.is_active
    assert reset(world.county_officer, world.sysadmin).is_active
    with pytest.raises(Conflict):
        services.countersign_user(user=world.county_officer, actor=second)


def test_what_was_asked_can_be_taken_back(world, second):
    account = auditor(world, world.sysadmin)
    account = services.set_active(user=account, active=False, actor=world.sysadmin)
    with pytest.raises(Conflict):
        services.countersign_user(user=account, actor=second)


def test_closing_needs_one_person_and_takes_effect_at_once(world, second):
    assert not services.set_active(user=world.auditor, active=False, actor=world.sysadmin).is_active


@pytest.mark.parametrize(
    "values",
    ["is_active = true", "is_active = true, countersigned_by_id = asked_by_id", "countersigned_by_id = id"],
)
def test_the_database_knows_the_rule_too(world, second, values):
    account = auditor(world, world.sysadmin)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_user SET {values} WHERE id = %s", [account.pk])


def test_the_pages_lead_through_it(world, second):
    first, other = Client(), Client()
    first.force_login(world.sysadmin)
    other.force_login(second)
    organ = str(world.auditor.organ_id)
    page = first.post(f"/accounts/users/add/{world.city.code}/", VALUES | {"organ": organ})
    assert "复核之前不能登录" in page.content.decode()
    account = User.objects.get(username="lixin")
    url = f"/accounts/users/{account.pk}/"
    assert "lixin" in first.get("/accounts/users/", {"active": "await"}).content.decode()
    assert "lixin" not in first.get("/accounts/users/", {"active": "0"}).content.decode()
    assert 'disabled title="由您本人提出' in first.get(url).content.decode()
    assert first.post(f"{url}countersign/", {"confirmed": "1"}).status_code == 403
    assert "请当面核实" in other.post(f"{url}countersign/").content.decode()
    assert not User.objects.get(pk=account.pk).is_active
    assert other.post(f"{url}countersign/", {"confirmed": "1"}).status_code == 302
    assert User.objects.get(pk=account.pk).is_active
    assert other.get(f"{url}countersign/").status_code == 405
    assert other.post(f"{url}countersign/", {"confirmed": "1"}).status_code == 409


def test_the_administrators_desk_counts_what_waits(client, world, second):
    auditor(world, world.sysadmin)
    client.force_login(second)
    told = {one["label"]: one["value"] for one in client.get("/").context["desk"].kpis}
    assert (told["待复核"], told["已停用"]) == (1, 0)
