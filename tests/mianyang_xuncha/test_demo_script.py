"""`make demo` goes on when worker or beat ends, as Redis can make them, and ends when one of them cannot run."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/demo.py"
# leaves a line at each start, then runs for a moment
BRIEF = "import sys, time; open(sys.argv[1], 'a').write('started\\n'); time.sleep(0.3)"


@pytest.fixture
def demo(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("PUBLIC_BASE_URL", "http://127.0.0.1:8000/")  # which the script would set for good
    spec = importlib.util.spec_from_file_location("demo_script", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "LOGS", tmp_path / "log")
    return script


def supervised(demo, monkeypatch, tmp_path, *, settled):
    """Watched until the web server ends, after five seconds: the demo's answer and how often its worker was started."""
    starts = tmp_path / "starts"
    run = {
        "web": [sys.executable, "-c", "import time; time.sleep(5)"],
        "worker": [sys.executable, "-c", BRIEF, str(starts)],
    }
    monkeypatch.setattr(demo, "SETTLED", settled)
    monkeypatch.setattr(demo, "commands", lambda: run)
    processes = {name: demo.run_apart(name, command) for name, command in run.items()}
    try:
        return demo.supervise(processes), len(starts.read_text().splitlines())
    finally:
        demo.stop(processes)


def test_a_worker_that_ends_is_started_again(demo, monkeypatch, tmp_path, capfd):
    answer, starts = supervised(demo, monkeypatch, tmp_path, settled=0)
    assert answer == 1  # the web server ended
    assert starts > 1
    assert "worker 已重新启动" in capfd.readouterr().err


def test_a_worker_that_cannot_run_ends_the_demo(demo, monkeypatch, tmp_path, capfd):
    assert supervised(demo, monkeypatch, tmp_path, settled=60) == (1, 1)
    assert "worker 意外结束（0）" in capfd.readouterr().err
