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
        send_reminders(on=today())
        _remind_of_the_rest()


@shared_task
def remind_sweep() -> None:
    """What nobody has written of today: the broker was away at 08:30, beat was down, a worker died half way."""
    if reads.is_time():
        if not reads.done(on=today()):
            send_reminders(on=today())
        _remind_of_the_rest()


def _remind_of_the_rest() -> None:
    """Each message is written once, however often this is called."""
    nudge(on=today())
    remind_of_clues(on=today())


@shared_task
def run_exports() -> None:
    """One a call, so that none is cut off by the time limit for the sake of those before it."""
    if export.run_next():
        log.info("export done")
