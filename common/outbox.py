"""The outbox: rows of `Delivery` are the truth, the broker only wakes whoever sends them (E7).

A row is claimed, sent and marked in one transaction, so a killed worker leaves it pending for the next one. What
goes out is made at that moment by the renderer of the message's kind: who lost the right to it gets nothing.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import channels
from .channels import Channel, ChannelAway
from .models import Delivery, Heartbeat

log = logging.getLogger(__name__)
BATCH = 20
SECONDS = 45
BACKOFF_MINUTES = (1, 5, 15, 60)
ATTEMPTS = len(BACKOFF_MINUTES) + 1


@dataclass(frozen=True)
class Letter:
    """What leaves the house: number, kind, deadline and link, never village, problem and name together."""

    subject: str
    text: str


Renderer = Callable[[Delivery], "Letter | None"]
renderers: dict[str, Renderer] = {}


def renders(kind: str) -> Callable[[Renderer], Renderer]:
    """Register how messages of a kind are written; None says that there is nothing left to tell."""

    def register(function: Renderer) -> Renderer:
        renderers[str(kind)] = function
        return function

    return register


def link(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"


def plain(delivery: Delivery) -> Letter:
    """Title and link; the body may be anybody's words and is read in the system."""
    message = delivery.message
    return Letter(message.title, f"{message.title}\n\n{link(message.path or f'/inbox/{message.pk}/')}\n")


def dispatch(*, seconds: float = SECONDS) -> dict[str, int]:
    """Send what is due, in small batches, for at most `seconds`; returns how many became what.

    Two dispatchers never take the same row. A mail server that is away counts as no failure of a message.
    """
    counts: Counter[str] = Counter(sent=0, void=0, failed=0, parked=0, unreachable=0)
    until = time.monotonic() + seconds
    for name in channels.in_use():
        while time.monotonic() < until and _batch(name, counts, until) == BATCH:
            pass
    Heartbeat.beat("outbox")
    return dict(counts)


@transaction.atomic
def _batch(name: str, counts: Counter[str], until: float) -> int:
    """How many rows of one channel were taken; none while it cannot be reached."""
    rows = list(
        Delivery.objects.filter(status=Delivery.Status.PENDING, channel=name, next_at__lte=timezone.now())
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("message__recipient__organ__division")
        .order_by("next_at", "pk")[:BATCH]
    )
    if not rows:
        return 0
    channel = channels.channel(name)
    if not _open(channel):
        counts["unreachable"] = 1
        return 0
    try:
        reached = _send(rows, channel, counts, until)
    finally:
        _close(channel)
    return len(rows) if reached else 0


def _send(rows: list[Delivery], channel: Channel, counts: Counter[str], until: float) -> bool:
    """After a failure the connection is made anew: the next letter must not suffer for the last one."""
    for row in rows:
        if time.monotonic() > until:
            return True
        outcome = _deliver(row, channel)
        counts[outcome] += 1
        if outcome in ("failed", "parked"):
            _close(channel)
            if not _open(channel):
                counts["unreachable"] = 1
                return False
    return True


def _open(channel: Channel) -> bool:
    try:
        channel.open()
    except ChannelAway as away:
        log.warning("channel away: %s", away)
        return False
    return True


def _close(channel: Channel) -> None:
    try:
        channel.close()
    except (OSError, SMTPException) as error:
        log.warning("channel broke off: %s", error)


def _deliver(row: Delivery, channel: Channel) -> str:
    """One row; whatever goes wrong with it concerns it alone."""
    try:
        with transaction.atomic():
            letter = _letter(row)
            if letter is not None:
                channel.send(row, letter.subject, letter.text)
    except Exception as error:
        log.exception("delivery %s failed", row.pk)
        return _failed(row, error)
    row.status = Delivery.Status.VOID if letter is None else Delivery.Status.SENT
    row.sent_at = None if letter is None else timezone.now()
    row.save(update_fields=["status", "sent_at"])
    return "void" if letter is None else "sent"


def _letter(row: Delivery) -> Letter | None:
    recipient: Any = row.message.recipient
    if not recipient.is_active or (row.channel == Delivery.Channel.EMAIL and not recipient.email):
        return None
    return renderers.get(row.message.kind, plain)(row)


def _failed(row: Delivery, error: Exception) -> str:
    row.attempts += 1
    row.error = f"{type(error).__name__}: {error}"[:300]
    parked = row.attempts >= ATTEMPTS
    if parked:
        row.status = Delivery.Status.PARKED
    else:
        row.next_at = timezone.now() + timedelta(minutes=BACKOFF_MINUTES[row.attempts - 1])
    row.save(update_fields=["status", "attempts", "error", "next_at"])
    return "parked" if parked else "failed"


def release_parked() -> int:
    """Give parked rows another five attempts, after their cause has been mended."""
    return Delivery.objects.filter(status=Delivery.Status.PARKED).update(
        status=Delivery.Status.PENDING, attempts=0, next_at=timezone.now()
    )
