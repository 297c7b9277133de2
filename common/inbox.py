"""The in-app inbox: one entry per person and cause, however often the cause is replayed (E7)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.utils import timezone

from . import channels, policy
from .calendar import today
from .models import Delivery, Message

POST = """
WITH chosen (id, address) AS ({people}), posted AS (
    INSERT INTO common_message (recipient_id, kind, key, day, title, body, path, created_at)
    SELECT id, %s, %s, %s::date, %s, %s, %s, %s FROM chosen ORDER BY id
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING id, recipient_id
), sent_out AS (
    INSERT INTO common_delivery (message_id, channel, status, attempts, next_at, error)
    SELECT posted.id, way, %s, 0, %s, '' FROM posted JOIN chosen ON chosen.id = posted.recipient_id
     CROSS JOIN unnest(%s::text[]) AS way
     WHERE way <> %s OR chosen.address <> ''
)
SELECT count(*) FROM posted
"""


def post(
    *,
    recipients: "Iterable[Any] | models.QuerySet[Any]",
    kind: str,
    key: str,
    title: str,
    body: str,
    path: str,
    day: date | None = None,
    email: bool = True,
) -> int:
    """Put one message into the inbox of each active recipient (users or their ids), once per `key`.

    With `email`, an outbox row for each channel in use (by e-mail only with an address), in the same transaction;
    nothing is sent here.
    Returns how many messages are new. Title and body must hold no village, problem and name together.
    """
    try:
        people, chosen = _people(recipients).values("pk", "email").query.sql_with_params()
    except EmptyResultSet:
        return 0
    now = timezone.now()
    message = (str(kind), key, day or today(), title[:200], body, path, now)
    ways = channels.in_use() if email else []
    delivery = (Delivery.Status.PENDING.value, now, ways, Delivery.Channel.EMAIL.value)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(POST.format(people=people), [*chosen, *message, *delivery])
        return int(cursor.fetchone()[0])


def _people(recipients: "Iterable[Any] | models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Those of them who are active."""
    if not isinstance(recipients, models.QuerySet):
        ids = {getattr(one, "pk", one) for one in recipients}
        recipients = get_user_model()._default_manager.filter(pk__in=ids)
    return recipients.filter(is_active=True).order_by()


def unread(user: Any) -> int:
    """How many messages the person has not opened yet."""
    return Message.objects.filter(recipient=user, read_at=None).count()


def messages_of(user: Any, *, only_unread: bool = False) -> "models.QuerySet[Message]":
    """The person's own messages, through the policy."""
    mine = policy.visible(user, Message.objects.all())
    return mine.filter(read_at=None) if only_unread else mine


def mark_read(*, user: Any, ids: "Iterable[int] | None" = None) -> int:
    """Mark the person's own messages as read: those of `ids`, or all. Returns how many were unread."""
    mine = messages_of(user, only_unread=True)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    return mine.update(read_at=timezone.now())


def mark_unread(*, user: Any, ids: Iterable[int]) -> int:
    """Take the person's own messages back to unread."""
    return messages_of(user).filter(pk__in=list(ids)).exclude(read_at=None).update(read_at=None)
