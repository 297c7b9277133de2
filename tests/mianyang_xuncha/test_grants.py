"""The application's database role owns nothing and may only do what it needs."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.plugins.servers import APPLICATION

pytestmark = pytest.mark.django_db

TABLES = "SELECT count(*), count(*) FILTER (WHERE tableowner = current_user) FROM pg_tables WHERE schemaname = 'public'"
APPEND_ONLY = sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def one(query: str, *values: object) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def refused(statement: str) -> bool:
    """Whether the database refuses for lack of a right, and not for another reason."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


def test_tests_run_as_the_application_role():
    assert one("SELECT current_user") == (APPLICATION,)


def test_a_table_owner_is_never_the_application_role():
    tables, owned = one(TABLES)
    assert tables > 5
    assert owned == 0


def test_some_models_are_append_only():
    assert APPEND_ONLY


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_application_adds_rows_to_an_append_only_table_but_changes_none(table):
    rights = {right: one("SELECT has_table_privilege(%s, %s)", table, right)[0] for right in ("SELECT", "INSERT")}
    assert rights == {"SELECT": True, "INSERT": True}
    assert refused(f"UPDATE {table} SET id = id")
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("model", [model for model in apps.get_models() if not model._meta.proxy])
def test_the_application_may_neither_empty_nor_change_nor_drop_a_table(model):
    table = connection.ops.quote_name(model._meta.db_table)
    assert refused(f"TRUNCATE {table} CASCADE")
    assert refused(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert refused(f"DROP TABLE {table} CASCADE")


def test_the_application_may_not_switch_triggers_off_or_make_tables():
    assert refused("SET session_replication_role = replica")
    assert refused("CREATE TABLE public.own (id int)")


def test_the_owner_may_act_in_tests_that_need_it(as_owner):
    with as_owner():
        assert one("SELECT current_user") != (APPLICATION,)
    assert one("SELECT current_user") == (APPLICATION,)
