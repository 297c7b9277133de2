"""`make demo`: prepare, then run web server, worker and beat until Ctrl+C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE_DIR))
os.environ.setdefault("XUNCHA_ENV", "demo")

from mianyang_xuncha import embedded  # noqa: E402
from mianyang_xuncha.demo.listing import listing  # noqa: E402

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
ADDRESS = f"http://{HOST}:{PORT}/"
os.environ.setdefault("PUBLIC_BASE_URL", ADDRESS)  # what the links in e-mails begin with
MANAGE = (sys.executable, str(BASE_DIR / "manage.py"))
LOGS = embedded.VAR / "log"
STOP_SECONDS = 15
SETTLED = 20


def manage(*arguments: str) -> None:
    if subprocess.run([*MANAGE, *arguments], check=False).returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} 失败，见上文。")


def port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            return False
    return True


def servers_start_here() -> bool:
    """Whether this run starts the embedded PostgreSQL, and so has to stop it at the end."""
    return embedded.wants_postgres() and not embedded.postgres().running()


def prepare() -> list[dict[str, str]]:
    """Bring the database up to date and tell the demo's story in an empty one; the demo's accounts."""
    embedded.ensure()
    manage("migrate", "--verbosity", "0")
    manage("load_reference", "--verbosity", "0")
    print("正在准备演示数据，首次约需两分钟，忙的机器要更久……", flush=True)
    told = subprocess.run([*MANAGE, "seed_demo", "--json"], stdout=subprocess.PIPE, text=True, check=False)
    if told.returncode == 0:
        return json.loads(told.stdout)
    print("没有载入演示账号，原因见上文。", flush=True)
    return []


def commands() -> dict[str, list[str]]:
    program = Path(sys.executable).parent
    celery = [str(program / "celery"), "-A", "mianyang_xuncha"]
    return {
        "web": [str(program / "gunicorn"), "--bind", f"{HOST}:{PORT}", "mianyang_xuncha.wsgi"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning"],
        "beat": [*celery, "beat", "--loglevel", "warning"],
    }


def run_apart(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl+C reaches this process only, which then ends the others in order."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, cwd=BASE_DIR, stdout=log, stderr=log, start_new_session=True)


def wait_for_web(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for _ in range(120):
        if any(process.poll() is not None for process in processes.values()):
            return
        try:
            urllib.request.urlopen(f"{ADDRESS}healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)


def print_welcome(accounts: list[dict[str, str]]) -> None:
    print(f"\n演示地址：{ADDRESS}")
    if accounts:
        print(f"演示账号（密码都是 {accounts[0]['password']}）：", *listing(accounts), sep="\n  ")
    print(f"日志在 {LOGS} 下。按 Ctrl+C 结束。", flush=True)


def supervise(processes: dict[str, subprocess.Popen[bytes]]) -> int:
    """Wait for Ctrl+C, or for the web server to end. Worker and beat may end when Redis goes: they are started again.

    What ends within SETTLED seconds after its start does not run here at all; that ends the demo too.
    """
    since = dict.fromkeys(processes, time.monotonic())
    while True:
        for name, process in processes.items():
            if process.poll() is None:
                continue
            print(f"{name} 意外结束（{process.returncode}），请查看 {LOGS / name}.log", file=sys.stderr)
            if name == "web" or time.monotonic() - since[name] < SETTLED:
                return 1
            embedded.ensure()
            processes[name], since[name] = run_apart(name, commands()[name]), time.monotonic()
            print(f"{name} 已重新启动。", file=sys.stderr, flush=True)
        time.sleep(0.5)


def stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    limit = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(timeout=max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    if not port_is_free():
        raise SystemExit(f"端口 {PORT} 已被占用，可换一个：make demo PORT=8080")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupted)
    stop_servers = servers_start_here()
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        accounts = prepare()
        for name, command in commands().items():
            processes[name] = run_apart(name, command)
        wait_for_web(processes)
        print_welcome(accounts)
        return supervise(processes)
    except KeyboardInterrupt:
        print("\n正在停止……", flush=True)
        return 0
    finally:
        stop(processes)
        if stop_servers:
            embedded.stop()


if __name__ == "__main__":
    raise SystemExit(main())
