"""Large imports with real workers: killed in the middle, broker away, two at once; all or nothing, and it goes on."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from tests.factories.villages import book, confirmed, row, uploaded
from tests.faults.conftest import blocked, until
from villages.enums import ImportState
from villages.models import RosterChange, RosterImport, Village
from villages.roster import committing, jobs, progress

TASK = "villages.tasks.run_imports"
MADE = 40


@pytest.fixture
def media(house, settings):
    """Where the processes of this test keep uploads."""
    default = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": house.folder / "var" / "media"},
    }
    settings.STORAGES = settings.STORAGES | {"default": default}
    settings.IMPORT_AT_ONCE_CELLS = 0


@pytest.fixture
def roster(people, media):
    """An upload that waits for its preview."""
    return uploaded(book(*(row(f"5107031034{one:02d}", f"第{one}村") for one in range(MADE))), people.roster_admin)


@pytest.fixture
def asked(roster, people):
    """An import that waits to be written."""
    jobs.run_next()
    roster.refresh_from_db()
    return confirmed(roster, people.roster_admin)


def state(roster):
    return RosterImport.objects.get(pk=roster.pk).state


def is_(roster, wanted):
    return lambda: state(roster) == wanted


@pytest.fixture
def held(second_connection):
    """Nobody can get at the roster until it is let go."""
    second_connection.execute("SELECT pg_advisory_lock(%s)", [committing.LOCK])
    second_connection.commit()
    return lambda: second_connection.execute("SELECT pg_advisory_unlock_all()")


def test_a_worker_killed_while_it_writes_leaves_nothing_and_another_goes_on(house, asked, held):
    first = house.worker()
    house.send(TASK)
    until(blocked, "the worker waits for the roster")
    assert state(asked) == ImportState.COMMITTING
    house.kill(first)
    held()
    until(lambda: not blocked(), "the dead worker's session to end")
    assert (state(asked), Village.objects.count(), RosterChange.objects.count()) == (ImportState.COMMITTING, 4, 0)
    house.worker()
    house.send(TASK)
    until(is_(asked, ImportState.COMMITTED), "another worker writes it")
    assert (Village.objects.count(), RosterChange.objects.count()) == (4 + MADE, MADE)


def test_a_worker_killed_while_it_previews_is_followed_by_another(house, roster, held):
    first = house.worker()
    house.send(TASK)
    until(blocked, "the worker waits for the roster")
    house.kill(first)
    held()
    until(lambda: progress.of(roster.pk) is None, "the dead worker's session to end")
    house.worker()
    house.send(TASK)
    until(is_(roster, ImportState.READY), "another worker previews it")
    assert RosterImport.objects.get().planned_rows.exclude(change="MISSING").count() == MADE


def test_two_workers_write_an_import_once(house, asked, held):
    for _one in range(2):
        house.worker()
        house.send(TASK)
    until(blocked, "a worker waits for the roster")
    held()
    until(is_(asked, ImportState.COMMITTED), "it is written")
    assert RosterChange.objects.count() == MADE


def test_without_a_broker_an_import_waits_and_is_done_when_it_is_back(house, roster):
    house.kill_redis()
    house.worker()
    house.beat()
    assert state(roster) == ImportState.PREVIEWING
    house.redis.start()
    until(is_(roster, ImportState.READY), "the preview, once the broker is back")
    assert default_storage.exists(RosterImport.objects.get().stored_as)


def test_the_progress_of_a_worker_is_seen_while_it_works_and_gone_after(house, asked, second_connection):
    """A lock on the villages holds the worker up between two statements."""
    second_connection.execute("LOCK TABLE villages_village IN SHARE MODE")
    house.worker()
    house.send(TASK)
    until(lambda: progress.of(asked.pk), "the worker tells how far it is")
    assert progress.of(asked.pk).words == "正在写入名册"
    second_connection.rollback()
    until(is_(asked, ImportState.COMMITTED), "it goes on")
    assert progress.of(asked.pk) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roster %'")
        assert cursor.fetchone()[0] == 0
