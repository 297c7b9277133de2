"""Private PostgreSQL and Redis for one test run.

The first process (the controller, under xdist) starts them in a temporary
folder; workers find them in the environment. A watcher process stops them and
removes the folder when the run ends, also when it is killed.

TEST_DATABASE_URL names another PostgreSQL to use (a superuser's URL).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from mianyang_xuncha.servers import POSTGRES_SUPERUSER, Postgres, Redis, wheel_postgres_or_fail

STARTED = "XUNCHA_TEST_SERVERS"
APPLICATION = "xuncha_app"
DATABASE = "xuncha"
# Without autovacuum: it may count a table while a test's rows are not committed yet, and plans for an empty table
# are hopeless for the two thousand rows that come next. A statement that waits for ever fails, with its text.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "statement_timeout": "200s",
}
FOREIGN = ("CELERY_BROKER_URL", "EMAIL_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS", "PRIVATE_MEDIA_ROOT")

watcher: subprocess.Popen[bytes] | None = None


def start() -> None:
    """Start the servers, or as a worker take those of the controller; then name them in the environment."""
    if STARTED not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="xuncha-test-"))
        folder.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
        os.environ[STARTED] = str(folder)
        watch(folder)
        redis_of(folder).start()
        prepare(superuser_url(folder))
    name_in_environment(Path(os.environ[STARTED]))


def watch(folder: Path) -> None:
    global watcher
    command = [sys.executable, "-m", "tests.plugins.watcher", str(folder)]
    root = Path(__file__).resolve().parents[2]
    watcher = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=root, start_new_session=True)


def postgres_of(folder: Path) -> Postgres:
    return Postgres(base=folder / "pg", bindir=wheel_postgres_or_fail(), options=OPTIONS)


def redis_of(folder: Path) -> Redis:
    return Redis(base=folder / "redis", durable=False)


def superuser_url(folder: Path) -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    server = postgres_of(folder)
    server.start()
    return server.url(user=POSTGRES_SUPERUSER, database=DATABASE)


def prepare(url: str) -> None:
    """Make the application's role and the database beside which the test databases are made."""
    with psycopg.connect(url_with(url, database="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
            connection.execute(f"CREATE ROLE {APPLICATION} LOGIN")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
    os.environ["DATABASE_OWNER_URL"] = url_with(url, database=DATABASE)
    os.environ["DATABASE_URL"] = url_with(url, database=DATABASE, user=APPLICATION)


def url_with(url: str, *, database: str, user: str | None = None) -> str:
    parts = urlsplit(url)
    place = parts.netloc if user is None else f"{user}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=place, path=f"/{database}"))


def name_in_environment(folder: Path) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["REDIS_URL"] = redis_of(folder).url(database=int(worker) % 16)
    os.environ["XUNCHA_ENV"] = "test"
    os.environ["XUNCHA_ENV_FILE"] = os.devnull
    os.environ["XUNCHA_VAR"] = str(folder / f"var{worker}")
    os.environ["XUNCHA_DB_ROLE"] = "owner"  # the run makes and migrates its own databases


def stop() -> None:
    if watcher is not None and watcher.stdin is not None:
        watcher.stdin.close()
        watcher.wait(timeout=60)
