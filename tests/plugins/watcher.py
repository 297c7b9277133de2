"""Waits for the end of a test run, whatever ended it, and clears away its servers."""

import shutil
import sys
from pathlib import Path

from tests.plugins import servers


def main() -> None:
    folder = Path(sys.argv[1])
    sys.stdin.read()
    for server in (servers.postgres_of(folder), servers.redis_of(folder)):
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
