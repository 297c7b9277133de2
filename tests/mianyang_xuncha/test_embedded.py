"""The servers of a trial, started by real processes in a folder of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mianyang_xuncha import embedded, keys, servers

ROOT = Path(__file__).resolve().parents[2]
ENSURE = "from mianyang_xuncha import embedded; embedded.ensure(prepare=False)"
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "XUNCHA_ENV", "XUNCHA_DB_ROLE")


def environment(var: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OURS} | {"XUNCHA_VAR": str(var)}


def start(var: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ENSURE]
    return subprocess.Popen(command, cwd=ROOT, env=environment(var), stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="xuncha-var-"))
    folder.chmod(0o755)
    yield folder
    subprocess.run(
        [sys.executable, "-m", "mianyang_xuncha.embedded", "stop"], cwd=ROOT, env=environment(folder), check=True
    )
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def started(var: Path) -> Path:
    """Three processes at once."""
    processes = [start(var) for _ in range(3)]
    assert [(process.wait(timeout=120), process.stderr.read()) for process in processes] == [(0, "")] * 3
    return var


def cluster(var: Path) -> servers.Postgres:
    return servers.Postgres(base=var / "pg", bindir=servers.wheel_postgres_or_fail())


def test_processes_that_start_at_once_share_one_server_that_outlives_them(started):
    log = (started / "pg" / "log").read_text()
    assert log.count("database system is ready to accept connections") == 1
    assert cluster(started).running()
    assert servers.Redis(base=started / "redis").running()


def test_the_database_belongs_to_the_owner_and_the_application_is_no_superuser(started):
    with psycopg.connect(cluster(started).url(user=embedded.APPLICATION, database=embedded.DATABASE)) as connection:
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        rights = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert owner == (embedded.OWNER,)
    assert rights == (False, False, False)


def test_the_sockets_are_closed_to_other_users(started):
    for folder in (cluster(started).socket_dir, servers.Redis(base=started / "redis").socket_file.parent):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_server_that_was_killed_is_started_again(started):
    pid = servers.Redis(base=started / "redis").pid()
    os.kill(pid, 9)
    servers.wait_until(lambda: not servers.Redis(base=started / "redis").running(), "still there")
    assert start(started).wait(timeout=60) == 0
    assert servers.Redis(base=started / "redis").pid() not in {None, pid}


def test_a_long_path_gets_a_socket_in_a_short_one(tmp_path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 5)
    assert len(str(servers.Postgres(base=deep, bindir=deep).socket_file)) < 100
    assert servers.Postgres(base=Path("/v"), bindir=deep).socket_dir == Path("/v/socket")


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(servers.ServerError, match="其他用户"):
        servers.private_directory(tmp_path / "link")


def test_a_folder_below_a_closed_one_is_not_reachable(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not servers.reachable(closed / "inside")


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = keys.kept(tmp_path / "key", keys.new_secret)
    assert keys.kept(tmp_path / "key", keys.new_secret) == first
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert len(first) > 50
