"""Tests read and write as the application's role; only building the database is the owner's work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase

from tests.plugins.servers import APPLICATION, url_with
from tests.plugins.told import ask_for_own_events


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After the database is built, every new connection takes the application's role."""
    with django_db_blocker.unblock():
        ask_for_own_events()
    options = connections["default"].settings_dict["OPTIONS"]
    given = options["options"]
    options["options"] = f"{given} -c role={APPLICATION}"
    connections["default"].close()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()
    options["options"] = given
    connections["default"].close()


def end_other_sessions() -> None:
    """A thread of a test may have left its connection open: the database could not be removed."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextmanager
def owner() -> Iterator[None]:
    """Act as the owner of the schema: for emptying tables and for tests of migrations."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APPLICATION}")


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[None]]:
    return owner


@pytest.fixture(scope="session", autouse=True)
def empty_tables_as_owner() -> Iterator[None]:
    """Transaction tests end by emptying all tables, append-only ones too: triggers rest meanwhile."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with owner():
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
            try:
                original(self)
            finally:
                with connection.cursor() as cursor:
                    cursor.execute("SET session_replication_role = DEFAULT")

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]


@pytest.fixture
def process_environment(db: None) -> dict[str, str]:
    """The environment for a process of its own (manage.py, gunicorn, celery) on this test's database.

    What the test wrote is seen there only when it was committed: use with `transactional_db`.
    """
    name = str(connection.settings_dict["NAME"])
    changed = {
        variable: url_with(os.environ[variable], database=name) for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    kept = {variable: value for variable, value in os.environ.items() if variable != "XUNCHA_DB_ROLE"}
    return kept | changed | {"DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE)}
