"""The whole story in three places, told once for a file in a transaction that is taken back at its end."""

import pytest
from django.db import transaction

from tests.factories import world as casting
from tests.factories.story import tell


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell(casting.build())
        transaction.set_rollback(True)


@pytest.fixture
def story(told, db):
    return told
