"""The whole story in three places, told once for a file in a transaction that is taken back at its end."""

from datetime import timedelta

import pytest
from django.db import transaction

from common.calendar import today
from inspections.models import Inspection
from tests.factories import inspections as build
from tests.factories import rectification as mend
from tests.factories import world as casting
from tests.factories.story import OTHER, OWN, SIBLING, tell

LATE = ((OWN, "assigned", 3), (OWN, "in_progress", 20), (SIBLING, "assigned", 7), (OTHER, "party", 91))


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell(casting.build())
        transaction.set_rollback(True)


@pytest.fixture
def story(told, db):
    return told


@pytest.fixture
def late_story(story):
    """Some items late, the own village's inspection closed, so that no figure is nought by chance."""
    for place, key, days in LATE:
        item = story.places[place].items[key]
        mend.dated(story.places[place].world, item, deadline=today() - timedelta(days=days))
    own = story.places[OWN]
    build.close(own.world, Inspection.objects.get(pk=own.inspection.pk))
    return story
