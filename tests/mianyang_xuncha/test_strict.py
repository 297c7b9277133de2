"""In CI nothing may be skipped; without a browser the skip is loud."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = "import pytest\ndef test_runs(): pass\n@pytest.mark.skip(reason='x')\ndef test_skipped(): pass\n"
IN_BROWSER = "import pytest\n@pytest.mark.chromium\ndef test_page(page): pass\n"


def run(folder: Path, source: str, *, ci: bool, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(source)
    plugins = ["-p", "no:django", "-p", "no:xdist", "-p", "tests.plugins.chromium", "-p", "tests.plugins.strict"]
    command = [sys.executable, "-m", "pytest", "--rootdir", str(folder), "-c", os.devnull, *plugins, str(folder)]
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | ({"CI": "true"} if ci else {})
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
