"""What beat wakes every minute: a sign of life, and the outbox."""

import logging

from celery import shared_task

from . import outbox
from .models import Heartbeat

log = logging.getLogger(__name__)


@shared_task
def heartbeat() -> None:
    """Written by a worker on beat's call, so it shows that beat, broker and worker all live."""
    Heartbeat.beat("beat")


@shared_task
def dispatch_outbox() -> None:
    counts = outbox.dispatch()
    if any(counts.values()):
        log.info("outbox dispatched", extra=counts)
