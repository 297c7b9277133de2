"""Imports that are killed, cut or started twice: all or nothing, and the next try works."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from tests.factories.villages import book, confirmed, content, row, uploaded
from tests.factories.world import build
from villages.models import RosterChange, RosterImport, Village
from villages.roster import committing, imports

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 60


@pytest.fixture
def world():
    return build()


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(content(book(*(row(f"5107031034{one:02d}", f"第{one}村") for one in range(1, 60)))))
    return path


def import_it(path):
    return imports.import_file(path=path, county=None, commit=True)


def terminate_this_connection(*args, **kwargs):
    """What a database administrator or a restart does to us, in the middle of writing."""
    pid = connection.connection.info.backend_pid
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


def test_an_import_cut_half_way_writes_nothing_and_the_next_try_works(world, roster, monkeypatch):
    monkeypatch.setattr(committing, "_follow", terminate_this_connection)
    with pytest.raises(OperationalError):
        import_it(roster)
    connection.close()
    monkeypatch.undo()
    assert (Village.objects.count(), RosterChange.objects.count(), RosterImport.objects.count()) == (4, 0, 0)
    assert import_it(roster).created == 59


def test_a_confirmation_cut_half_way_can_be_confirmed_again(world, roster, monkeypatch):
    made = uploaded(roster.read_bytes(), world.roster_admin)
    monkeypatch.setattr(committing, "_follow", terminate_this_connection)
    with pytest.raises(OperationalError):
        confirmed(made, world.roster_admin)
    connection.close()
    monkeypatch.undo()
    assert (Village.objects.count(), made.planned_rows.count()) == (4, 62)
    assert confirmed(made, world.roster_admin).result["created"] == 59
    assert Village.objects.count() == 63


def test_two_imports_at_once_write_every_village_once(world, roster):
    results, errors = [], []

    def one():
        try:
            results.append(import_it(roster))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert errors == []
    assert sorted(one.created for one in results) == [0, 0, 59]
    assert sorted(one.unchanged for one in results) == [0, 59, 59]
    assert (Village.objects.count(), RosterChange.objects.count()) == (63, 59)


def test_a_killed_process_leaves_nothing_and_the_next_one_works(world, roster, process_environment):
    """SIGKILL while the import waits for the roster's lock and again when it has it."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_roster", str(roster), "--commit", "--json"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [committing.LOCK])
        process = subprocess.Popen(command, env=os.environ | process_environment, stdout=subprocess.DEVNULL)
        try:
            _until_waiting(cursor)
        finally:
            process.kill()
            process.wait(SECONDS)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [committing.LOCK])
    assert Village.objects.count() == 4
    done = subprocess.run(command, env=os.environ | process_environment, capture_output=True, timeout=SECONDS)
    assert b'"created": 59' in done.stdout, done.stderr.decode()
    assert Village.objects.count() == 63


def _until_waiting(cursor):
    for _ in range(SECONDS * 10):
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
        )
        if cursor.fetchone()[0]:
            return
        time.sleep(0.1)
    pytest.fail("the import never reached the lock")
