"""How far a worker has come with a job, for the page that waits for it.

It is told in the name of the database session that does the work: others read it at once in pg_stat_activity,
though the transaction is still open, and it is gone the moment the worker is. Nothing to clean up, nothing to lie.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from .models import Heartbeat

SIGN_OF_LIFE = timedelta(minutes=3)


def tell(cursor: Any, job: str, step: str, percent: float) -> None:
    """To the end of the transaction; `step` is one word, and the three together have at most 63 characters."""
    cursor.execute("SELECT set_config('application_name', %s, true)", [f"{job} {step} {percent:.0f}"])


def of(job: str) -> tuple[str, int] | None:
    """(step, percent), or None: no worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT application_name FROM pg_stat_activity WHERE application_name LIKE %s", [f"{job} %"])
        found = cursor.fetchone()
    if not found:
        return None
    _job, step, percent = found[0].rsplit(" ", 2)
    return step, int(percent)


def is_attended() -> bool:
    """Has a worker shown lately that it lives? If not, whoever waits should know."""
    return Heartbeat.objects.filter(name="beat", at__gt=timezone.now() - SIGN_OF_LIFE).exists()
