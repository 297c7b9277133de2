"""What beat wakes every ten seconds: the import that has waited longest for a worker."""

import logging

from celery import shared_task

from .roster import jobs

log = logging.getLogger(__name__)


@shared_task
def run_imports() -> None:
    """One job a call, so that none is cut off by the time limit for the sake of those before it."""
    if jobs.run_next():
        log.info("roster job done")
