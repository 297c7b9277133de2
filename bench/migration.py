"""P11: `manage.py migrate` on an empty database, in a process of its own, beside one that only loads Django."""

import resource
import subprocess
import sys
import time
from typing import Any

from django.conf import settings

from . import servers
from .measure import Sample, at_most, ratio, summary

EMPTY = "bench_empty"


def manage(*arguments: str) -> Sample:
    spent, start = children(), time.perf_counter()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    subprocess.run(command, env=servers.environment(EMPTY), stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return Sample(time.perf_counter() - start, children() - spent, 0)


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(rounds: int) -> dict[str, Any]:
    taken: dict[str, list[Sample]] = {"migrate": [], "check": []}
    for _round in range(rounds):
        servers.create(EMPTY, "template0")
        try:
            taken["migrate"].append(manage("migrate", "--verbosity", "0"))
            taken["check"].append(manage("check"))
        finally:
            servers.drop(EMPTY)
    return {
        "id": "P11",
        "work": "migrate an empty database",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "ratios": {"migrate_to_check": ratio(taken["migrate"], taken["check"])},
        "goals": {"migrate_wall_s": at_most(summary(taken["migrate"])["wall_s"], 20)},
    }
