"""The import contracts of pyproject.toml hold, and would notice a breach."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("mianyang_xuncha", "oversight", "rectification", "inspections", "villages", "accounts", "common")
BIN = Path(sys.executable).parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    program = [str(BIN / command[0]), *command[1:]]
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, "lint-imports", "--no-logo", "--no-cache")


def test_the_contracts_hold(copy):
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "breach"),
    [
        ("common/policy.py", "import accounts.models"),
        ("villages/models.py", "import inspections.models"),
        ("accounts/models.py", "import accounts.services"),
        ("accounts/rules.py", "import accounts.models"),
    ],
)
def test_an_import_that_points_up_is_found(copy, module, breach):
    with (copy / module).open("a") as handle:
        handle.write(f"\n{breach}\n")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize("module", ["accounts/services.py", "villages/models.py", "villages/selectors/extra.py"])
def test_a_service_that_speaks_http_is_found(copy, module):
    path = copy / module
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as handle:
        handle.write("\nfrom django.http import HttpRequest\n")
    done = run(copy, "ruff", "check", "--no-cache", "--select", "TID251", module)
    assert "TID251" in done.stdout
