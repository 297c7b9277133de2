"""The servers of a trial: PostgreSQL and Redis under var/, when no other is configured.

Every process of the project calls `ensure()` before it reads the settings: the
first one starts the servers and prepares the database, the others find them
running. They outlive the process that started them; `make stop` ends them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mianyang_xuncha.servers import (
    POSTGRES_SUPERUSER,
    Postgres,
    Redis,
    ServerError,
    reachable,
    wheel_postgres_or_fail,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("XUNCHA_VAR", BASE_DIR / "var"))
DATABASE = "xuncha"
OWNER = "xuncha_owner"
APPLICATION = "xuncha_app"
PREPARING = "XUNCHA_PREPARING"  # set for the steps that prepare a new database


def postgres_base() -> Path:
    """var/pg; or, for root in a folder that other users cannot enter, one under /var/tmp."""
    base = VAR / "pg"
    if os.getuid() != 0 or reachable(base / "data"):
        return base
    digest = hashlib.sha256(os.fsencode(base)).hexdigest()[:12]
    return Path("/var/tmp") / f"xuncha-pg-{digest}"  # noqa: S108 (survives a restart; mode 0700 inside)


def postgres() -> Postgres:
    return Postgres(base=postgres_base(), bindir=wheel_postgres_or_fail())


def redis() -> Redis:
    return Redis(base=VAR / "redis")


def database_url(*, owner: bool = False) -> str:
    return postgres().url(user=OWNER if owner else APPLICATION, database=DATABASE)


def redis_url() -> str:
    return redis().url()


def wants_postgres() -> bool:
    return not os.environ.get("DATABASE_URL")


def wants_redis() -> bool:
    return not os.environ.get("REDIS_URL")


def ensure(*, prepare: bool = True) -> None:
    """Start what is not configured and not running; on first use migrate and load reference data."""
    if os.environ.get(PREPARING) or not (wants_postgres() or wants_redis()):
        return
    with lock():
        if wants_redis():
            redis().start()
        if wants_postgres():
            start_postgres()
            if prepare and not prepared_mark().exists():
                prepare_database()


def start_postgres() -> None:
    server = postgres()
    server.start()
    if not (server.base / "roles").exists():
        create_roles(server)
        (server.base / "roles").touch()


def create_roles(server: Postgres) -> None:
    """The owner migrates; the application's role owns nothing and may not create anything."""
    import psycopg
    from psycopg import sql

    admin = server.url(user=POSTGRES_SUPERUSER, database="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in sorted({OWNER, APPLICATION} - known):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def prepared_mark() -> Path:
    return postgres_base() / "prepared"


def prepare_database() -> None:
    print("首次使用：正在建立数据库并装入基础数据……", file=sys.stderr)
    manage("migrate", "--verbosity", "0")
    if "load_reference" in commands():
        manage("load_reference")
    prepared_mark().touch()


def commands() -> set[str]:
    listed = subprocess.run(
        [sys.executable, BASE_DIR / "manage.py", "help", "--commands"],
        env=os.environ | {PREPARING: "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return set(listed.stdout.split())


def manage(*arguments: str) -> None:
    command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(command, env=os.environ | {PREPARING: "1"}, stdout=sys.stderr, check=False)
    if done.returncode:
        raise ServerError(f"manage.py {' '.join(arguments)} 失败，见上文；改正后重试。")


@contextmanager
def lock() -> Iterator[None]:
    """One process at a time: the others wait here and then find the servers running."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "embedded.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def stop() -> None:
    with lock():
        if wants_redis():
            redis().stop()
        if wants_postgres():
            postgres().stop()


def remove() -> None:
    """Stop the servers and delete a trial's data; a real installation's files are left alone."""
    stop()
    shutil.rmtree(postgres_base(), ignore_errors=True)
    if not wants_postgres():
        return
    shutil.rmtree(VAR, ignore_errors=True)


def main(arguments: list[str]) -> int:
    actions = {"start": ensure, "stop": stop, "remove": remove}
    if len(arguments) != 1 or arguments[0] not in actions:
        print("用法：python -m mianyang_xuncha.embedded start|stop|remove", file=sys.stderr)
        return 2
    try:
        actions[arguments[0]]()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
