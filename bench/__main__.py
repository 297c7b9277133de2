"""`python -m bench [--rounds N] [--only PART --keep]`: measures, prints JSON; a whole run writes docs/benchmarks.md.

Works on servers of its own in a temporary folder, which it removes; durable writes (fsync) stay on.
"""

import argparse
import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

PARTS = ("migration", "roster", "nation", "pages", "boards", "reminders")
CONFIGURED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "PRIVATE_MEDIA_ROOT")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--keep", action="store_true", help="put the figures of this part into docs/benchmarks.md")
    parser.add_argument("--nation", metavar="FOLDER", help="where the villages of the country are, see bench/nation.py")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="xuncha-bench-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user when this runs as root
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))  # so that `finally` below still runs
    use(folder)
    if options.nation:
        os.environ["XUNCHA_NATION"] = options.nation
    from mianyang_xuncha import embedded

    try:
        embedded.ensure()
        results = run(options.rounds, [options.only] if options.only else list(PARTS))
        if options.keep or not options.only:
            from . import report

            report.write(results)
    finally:
        embedded.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(results, ensure_ascii=False, indent=1))


def use(folder: Path) -> None:
    """Nothing of an installation on this machine is read or touched."""
    for name in CONFIGURED:
        os.environ.pop(name, None)
    os.environ |= {
        "XUNCHA_VAR": str(folder / "var"),
        "XUNCHA_ENV": "test",
        "XUNCHA_ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "mianyang_xuncha.settings",
    }


def run(rounds: int, parts: list[str]) -> dict[str, Any]:
    import django

    django.setup()
    from . import report, servers

    results: list[dict[str, Any]] = []
    for part in parts:
        module = importlib.import_module(f"bench.{part}")
        if reason := getattr(module, "missing", str)():
            print(f"bench.{part}: {reason}", file=sys.stderr)
            continue
        print(f"bench.{part} …", file=sys.stderr)
        with servers.own_database(part):
            found = module.run(rounds)
        results.extend({"part": part} | one for one in (found if isinstance(found, list) else [found]))
    return {"machine": report.machine(), "rounds": rounds, "results": results}


if __name__ == "__main__":
    main()
