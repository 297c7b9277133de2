"""The application's database role owns nothing and may only do what it needs."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection

from tests.plugins.servers import APPLICATION

pytestmark = pytest.mark.django_db


def test_tests_run_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)


def test_a_table_owner_is_never_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE tableowner = current_user) FROM pg_tables WHERE schemaname = 'public'"
        )
        tables, owned = cursor.fetchone()
    assert tables > 5
    assert owned == 0
