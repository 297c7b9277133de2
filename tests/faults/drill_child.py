"""What a process of the drill does. It begins clean, not as a copy of the test with its threads, pipes and browser."""

import os
import signal
from datetime import datetime

import django
import time_machine

django.setup()

from django.conf import settings  # noqa: E402

from common import outbox  # noqa: E402
from rectification import tasks  # noqa: E402
from rectification.services import reminders  # noqa: E402
from tests.faults import drill_mail  # noqa: E402


def dispatch() -> None:
    while outbox.dispatch(seconds=600)["sent"]:
        pass


def remind(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        tasks.remind()


def remind_and_die(moment: datetime) -> None:
    """Killed when a county's reminders are written and not yet marked as done."""
    reminders._complete = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
    remind(moment)


def send_and_die(moment: datetime) -> None:
    """Killed after three letters, before it is written that they were sent."""
    settings.EMAIL_BACKEND = "tests.faults.drill_mail.Backend"
    drill_mail.kill_after.append(3)
    with time_machine.travel(moment, tick=False):
        dispatch()
