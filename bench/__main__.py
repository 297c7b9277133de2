"""`python -m bench [--rounds N] [--only NAME]`: runs every module of this folder that has `run(rounds)`, prints JSON.

Works on servers of its own in a temporary folder; durable writes (fsync) stay on.
"""

import argparse
import importlib
import json
import os
import pkgutil
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="one module of bench/")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="xuncha-bench-"))
    folder.chmod(0o755)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "XUNCHA_VAR": str(folder / "var"),
        "XUNCHA_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "mianyang_xuncha.settings",
    }
    from mianyang_xuncha import embedded

    try:
        embedded.ensure()
        run(options.rounds, options.only)
    finally:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)


def run(rounds: int, only: str | None) -> None:
    import django

    django.setup()
    results = []
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name in ("__main__", "measure") or (only and module.name != only):
            continue
        print(f"bench.{module.name} …", file=sys.stderr)
        results.append(importlib.import_module(f"bench.{module.name}").run(rounds))
    print(json.dumps(results, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
