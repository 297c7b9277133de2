"""Who is who changes only by the services: whoever has the database's password makes himself nobody else by it."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from common.models import AuditEvent
from tests.factories.world import PASSWORD, change

pytestmark = pytest.mark.django_db(transaction=True)

UNTOLD = "没有办理记录"
CHANGES = {
    "password": "'!known to whoever wrote it'",
    "organ_id": "%(organ)s",
    "post": "'HEAD'",
    "username": "'somebody'",
    "full_name": "'别人'",
    "email": "'other@example.invalid'",
    "phone": "'1'",
    "native_township_id": "%(township)s",
    "is_active": "false",
    "must_change_password": "true",
    "password_changed_at": "now()",
    "created_at": "now()",
    "asked_by_id": "%(other)s, is_active = false",
    "countersigned_by_id": "%(other)s",
    "id": "id + 1000000",
}
BORN = """
INSERT INTO accounts_user
       (username, full_name, organ_id, post, password, email, phone, is_active, must_change_password, created_at)
SELECT 'eve', '某', organ_id, post, '', '', '', true, false, now() FROM accounts_user WHERE id = %(person)s
"""
ELSEWHERE = {
    "a new account": BORN,
    "an account less": "DELETE FROM accounts_user WHERE id = %(spare)s",
    "an organ of another kind": "UPDATE accounts_organ SET kind = 'SECURITY_AUDIT' WHERE id = %(organ)s",
    "an organ elsewhere": "UPDATE accounts_organ SET division_id = %(place)s WHERE id = %(organ)s",
    "a new organ": "INSERT INTO accounts_organ (division_id, kind, name) VALUES (%(place)s, 'SECURITY_AUDIT', 'x')",
    "a county for a city": "UPDATE accounts_division SET tier = 'CITY', parent_id = NULL WHERE id = %(county)s",
    "a township elsewhere": "UPDATE accounts_division SET parent_id = %(other)s WHERE id = %(township)s",
    "a division of another code": "UPDATE accounts_division SET code = '510799999999' WHERE id = %(township)s",
}


def run(sql, values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def set_column(world, column):
    seat = world.other_county_head
    values = {"organ": seat.organ_id, "township": world.township.pk, "other": seat.pk}
    sql = f"UPDATE accounts_user SET {column} = {CHANGES[column]} WHERE id = %(person)s"
    run(sql, values | {"person": world.spare_member.pk})


def elsewhere(world, sql):
    person = world.county_officer
    at = {"county": world.county.pk, "other": world.other_county.pk, "township": world.township.pk}
    at |= {"person": person.pk, "organ": person.organ_id, "place": world.other_township.pk}
    run(sql, at | {"spare": world.spare_member.pk})


@pytest.mark.parametrize("column", CHANGES)
def test_no_column_of_an_account_changes_untold(world, column):
    with pytest.raises(DatabaseError, match=UNTOLD):
        set_column(world, column)


@pytest.mark.parametrize("sql", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_no_account_organ_or_division_changes_untold(world, sql):
    with pytest.raises(DatabaseError, match=UNTOLD):
        elsewhere(world, sql)


@pytest.fixture
def untold(as_owner):
    """The triggers rest: each of these attacks must succeed then, or it proves nothing."""

    def rest(verb):
        with as_owner(), connection.cursor() as cursor:
            for table in ("user", "organ", "division"):
                cursor.execute(f"ALTER TABLE accounts_{table} {verb} TRIGGER accounts_{table}_told_changes")

    rest("DISABLE")
    yield
    rest("ENABLE")


def test_without_the_triggers_they_would(world, untold):
    for column in CHANGES:
        with transaction.atomic():
            set_column(world, column)
            transaction.set_rollback(True)
    for sql in ELSEWHERE.values():
        with transaction.atomic():
            elsewhere(world, sql)
            transaction.set_rollback(True)


def test_every_column_but_the_last_sign_in_is_told():
    columns = {one.column for one in User._meta.concrete_fields} - {"last_login"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_trigger JOIN pg_attribute ON attrelid = tgrelid AND attnum = ANY (tgattr)"
            " WHERE tgname = 'accounts_user_told_changes'"
        )
        assert columns == set(CHANGES) == {name for (name,) in cursor.fetchall()}


@transaction.atomic
def promote(user, *, telling):
    change(telling, post=telling.post)
    User.objects.filter(pk=user.pk).update(post="HEAD")


def test_an_event_about_another_does_not_do(world):
    with pytest.raises(DatabaseError, match=UNTOLD):
        promote(world.county_officer, telling=world.county_head)
    promote(world.county_officer, telling=world.county_officer)


def test_what_was_told_before_does_not_do(world):
    change(world.county_officer, post="HEAD")
    with pytest.raises(DatabaseError, match=UNTOLD):
        User.objects.filter(pk=world.county_officer.pk).update(post="OFFICER")


def test_another_hash_is_told(world, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    other = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=10)
    change(world.county_officer, password=other)
    assert authenticate(username="county_officer", password=PASSWORD)
    assert User.objects.get(username="county_officer").password.startswith("md5")
    assert AuditEvent.objects.get(action="renew_hash").actor == world.county_officer
    assert authenticate(username="county_officer", password=PASSWORD)
    assert AuditEvent.objects.filter(action="renew_hash").count() == 1
