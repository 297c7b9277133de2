"""Reminders of self-checks by the clock; in the morning, and again through the day if that was missed."""

from celery import shared_task

from common.calendar import today
from rectification.selectors import reminders

from .services import remind_self_checks


@shared_task
def remind() -> None:
    """Of today, not before the hour at which the townships are reminded; what is written already stays as it is."""
    if reminders.is_time():
        remind_self_checks(on=today())
