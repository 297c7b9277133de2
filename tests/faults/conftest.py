"""Real processes for fault tests: a Redis, workers, beat and web servers of each test's own, all ended with it."""

from __future__ import annotations

import email
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from common.calendar import today
from common.models import Message
from mianyang_xuncha import reference
from mianyang_xuncha.celery import app
from mianyang_xuncha.servers import Redis
from mianyang_xuncha.settings import broker_url
from rectification.models import RectificationItem, ReminderRun
from rectification.services.reminders import set_reminders
from rectification.services.replies import reply_to_item
from tests.factories import rectification as make
from tests.factories.world import World, build

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40
VISIBILITY = 6  # a killed worker's task is given out again after so many seconds


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait for something to come true, looked at from a fresh transaction each time."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = true()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {PATIENCE} seconds")


@dataclass
class House:
    """The processes of one test; what it started it ends, and nothing else."""

    folder: Path
    environment: dict[str, str]
    redis: Redis
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        one = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environment | extra,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.running.append(one)
        return one

    def worker(self) -> subprocess.Popen[bytes]:
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        return self.start("celery", "-A", "mianyang_xuncha", "worker", "-c", "1", "-l", "INFO", *quiet)

    def beat(self) -> subprocess.Popen[bytes]:
        """Beat with all schedules shortened to two seconds."""
        schedule = str(self.folder / "beat")
        return self.start("celery", "-A", "tests.faults.quick_beat", "beat", "-s", schedule, "-l", "INFO")

    def send(self, task: str) -> None:
        """Publish as beat does."""
        with app.connection_for_write(url=broker_url(self.redis.url())) as broker:
            app.send_task(task, connection=broker)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the process and its children, as the kernel or a power switch would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_redis(self) -> None:
        pid = self.redis.pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        until(lambda: not self.redis.running(), "Redis is gone")
        self.redis.socket_file.unlink(missing_ok=True)
        self.redis.pid_file.unlink(missing_ok=True)

    def letters(self) -> list[email.message.Message]:
        """What the file mail backend of the processes wrote, each with its Message-ID."""
        found = []
        for path in sorted((self.folder / "var" / "mail").glob("*.log")):
            parts = path.read_text().split("-" * 79)
            found += [email.message_from_string(part.lstrip()) for part in parts if part.strip()]
        return found

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self) -> None:
        for process in self.running:
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def house(process_environment: dict[str, str], transactional_db: None) -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="xuncha-fault-"))
    folder.chmod(0o755)
    redis = Redis(base=folder / "redis", durable=False)
    redis.start()
    own = {
        "REDIS_URL": redis.url(),
        "XUNCHA_VAR": str(folder / "var"),
        "REMIND_AT": "00:00",
        "VISIBILITY_SECONDS": str(VISIBILITY),
        "LOG_LEVEL": "INFO",
        "SECRET_KEY": settings.SECRET_KEY,  # so that a session opened here is good there
    }
    one = House(folder, process_environment | own, redis)
    yield one
    one.close()
    print(one.log()[-4000:])  # shown with a failure
    pid = redis.pid()
    if pid:
        os.kill(pid, signal.SIGCONT)
        redis.stop()
    shutil.rmtree(folder)


@pytest.fixture
def people(transactional_db: None) -> World:
    reference.load_kinds_and_rules()
    return build()


@pytest.fixture
def due(people: World) -> list[RectificationItem]:
    """Three items of which reminders are due today: village secretary and two of the township are to be told."""
    items = make.assigned_items(people, findings=3)
    for who in (people.township_officer, people.org_officer):  # Party building, of which there are reminders of its own
        reply_to_item(item=items[1], actor=who, text="已按条例整改到位。")
    set_reminders(county=people.county, on=True, actor=people.county_head)
    make.dated(people, *items, deadline=today() + timedelta(days=7))
    Message.objects.all().delete()
    ReminderRun.objects.all().delete()
    return items


@pytest.fixture
def second_connection() -> Iterator[psycopg.Connection[Any]]:
    """Another session on the test's database, for locks that hold a worker up."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.ClientCursor}) as other:
        yield other


def blocked() -> bool:
    """Does some session wait for a lock?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
