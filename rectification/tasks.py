"""Reminders by the clock, at 08:30 and every ten minutes what is missing of today; large exports, one a call."""

import logging

from celery import shared_task

from common.calendar import today

from .selectors import reminders as reads
from .services import export, nudge
from .services.clue_reminders import remind_of_clues
from .services.reminders import send_reminders

log = logging.getLogger(__name__)


@shared_task
def remind() -> None:
    """Today's reminders; before their time (a message of yesterday, given out late) it leaves them to the clock."""
    if reads.is_time():
        _remind()


@shared_task
def remind_sweep() -> None:
    """Today's reminders if nobody has written them: the broker was away at 08:30, beat was down, a worker died."""
    if reads.is_time() and not reads.done(on=today()):
        _remind()


def _remind() -> None:
    """Deadlines come last, because they mark the day as done, and come whatever happens to the rest."""
    try:
        nudge(on=today())
        remind_of_clues(on=today())
    finally:
        send_reminders(on=today())


@shared_task
def run_exports() -> None:
    """One a call, so that none is cut off by the time limit for the sake of those before it."""
    if export.run_next():
        log.info("export done")
