"""One piece of work measured: wall time, CPU time of this process, SQL statements."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Sample:
    wall: float
    cpu: float
    sql: int


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def measure(work: Callable[[], Any]) -> Sample:
    """COPY passes the counter by: add one for each by hand where it matters."""
    counter = _Counter()
    cpu, wall = time.process_time(), time.perf_counter()
    with connection.execute_wrapper(counter):
        work()
    return Sample(time.perf_counter() - wall, time.process_time() - cpu, counter.count)


def summary(samples: list[Sample]) -> dict[str, Any]:
    """Median, smallest and largest of wall seconds; median CPU seconds; statements of the last run."""
    walls = sorted(one.wall for one in samples)
    return {
        "wall_s": round(statistics.median(walls), 4),
        "wall_min_max_s": [round(walls[0], 4), round(walls[-1], 4)],
        "cpu_s": round(statistics.median(one.cpu for one in samples), 4),
        "sql": samples[-1].sql,
        "runs": len(samples),
    }


def p95(samples: list[Sample]) -> float:
    """Wall seconds that 95 of 100 runs stay below."""
    return statistics.quantiles((one.wall for one in samples), n=20)[-1]


def ratio(ours: list[Sample], theirs: list[Sample]) -> float:
    """Median of the ratios of neighbouring runs: load that comes and goes hits both alike."""
    return round(statistics.median(a.wall / b.wall for a, b in zip(ours, theirs, strict=False)), 2)


def at_most(value: float, limit: float) -> dict[str, Any]:
    return {"value": value, "at_most": limit, "met": value <= limit}


def at_least(value: float, limit: float) -> dict[str, Any]:
    return {"value": value, "at_least": limit, "met": value >= limit}
