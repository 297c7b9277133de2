"""By the clock: reminders of self-checks and unread circulars in the morning; the boards' counters at night."""

from celery import shared_task

from common.calendar import today
from rectification.selectors import reminders

from .services import remind_readers, remind_self_checks, sum_up


@shared_task
def remind() -> None:
    """Of today, not before the hour at which the townships are reminded; what is written already stays as it is."""
    if reminders.is_time():
        remind_self_checks(on=today())
        remind_readers(on=today())


@shared_task
def sum_up_tallies() -> None:
    """At night, when few people change anything."""
    sum_up()
