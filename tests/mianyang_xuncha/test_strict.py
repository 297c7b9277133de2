"""In CI nothing may be skipped; without a browser the skip is loud; a run that hangs at the end of a test ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = "import pytest\ndef test_runs(): pass\n@pytest.mark.skip(reason='x')\ndef test_skipped(): pass\n"
HANGING = """
import pytest, time

@pytest.fixture
def thing():
    yield
    time.sleep(100)

def test_it(thing):
    assert 1 == 2
"""
IN_BROWSER = "import pytest\n@pytest.mark.chromium\ndef test_page(page): pass\n"


def run(
    folder: Path, source: str, *, ci: bool, path: str = os.environ["PATH"], **extra: str
) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(source)
    plugins = ("no:django", "no:xdist", "tests.plugins.chromium", "tests.plugins.hangs", "tests.plugins.strict")
    options = ["--rootdir", str(folder), "-c", os.devnull, *(f"-p{one}" for one in plugins)]
    command = [sys.executable, "-m", "pytest", *options, str(folder)]
    environment = (
        {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | ({"CI": "true"} if ci else {}) | extra
    )
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("ci", "code"), [(True, 1), (False, 0)])
def test_a_skipped_test_fails_the_run_in_ci_only(tmp_path, ci, code):
    done = run(tmp_path, SKIPPING, ci=ci)
    assert "1 passed, 1 skipped" in done.stdout
    assert done.returncode == code


@pytest.mark.parametrize(("ci", "code"), [(True, 1), (False, 0)])
def test_a_missing_browser_is_said_loudly_and_fails_ci(tmp_path, ci, code):
    done = run(tmp_path, IN_BROWSER, ci=ci, path="/nonexistent")
    assert "1 项浏览器测试没有运行" in done.stdout
    assert done.returncode == code


def test_a_failure_is_shown_at_once_and_a_hanging_teardown_ends_the_run(tmp_path):
    done = run(tmp_path, HANGING, ci=True, XUNCHA_TEARDOWN_SECONDS="1")
    assert "assert 1 == 2" in done.stderr
    assert "Timeout (0:00:01)!" in done.stderr
    assert "in thing" in done.stderr
    assert done.returncode == 1
