"""What the tests of reminders share besides their fixtures."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

from common.models import Message
from rectification.models import RectificationItem, ReminderLine
from tests.factories import rectification as make

SHANGHAI = ZoneInfo("Asia/Shanghai")
VILLAGE_AND_TOWNSHIP = {"village_secretary", "township_secretary", "township_officer"}


def assigned(world, findings: int = 1) -> list[RectificationItem]:
    """Ordinary items of one deadline, and the second an earlier one; the notices of the handover are out of the way."""
    items = make.assigned_items(world, findings=findings)
    Message.objects.filter(kind="NOTICE").delete()
    return items


def days(item, offset: int) -> date:
    return item.deadline + timedelta(days=offset)


def recipients(**lines) -> set[str]:
    return set(ReminderLine.objects.filter(**lines).values_list("recipient__username", flat=True))


def at(day: date, hour: int, minute: int, second: int = 0) -> time_machine.travel:
    return time_machine.travel(
        datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI), tick=False
    )
