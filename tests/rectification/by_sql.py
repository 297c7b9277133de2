"""Statements as the application's own database user, and that they are refused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common import audit
from common.calendar import today
from rectification import services

ITEM = "rectification_rectificationitem"


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(sql, *values, match=None):
    with pytest.raises(DatabaseError, match=match):
        run(sql, *values)


def close(item, by):
    return (
        f"UPDATE {ITEM} SET status = 'CLOSED', closed_at = now(), closed_by_id = %s WHERE id = %s",
        by.pk,
        item.pk,
    )


def told(item, actor, target, action="verify", **changes):
    """An event as the services write it before the move."""
    audit.record(action, item, actor=actor, source=item.status, target=target, changes=changes)


def insert_check(item, signer, link):
    return (
        "INSERT INTO rectification_supervisioncheck"
        " (item_id, attempt, link, signer_id, result, method, checked_on, opinion, created_at)"
        " VALUES (%s, %s, %s, %s, 'PASS', 'ON_SITE', %s, '看过', %s)",
        item.pk,
        item.attempt,
        link,
        signer.pk,
        today(),
        timezone.now(),
    )


def asked(world, item):
    later = item.deadline + timedelta(days=30)
    return services.ask_extension(item=item, actor=world.township_secretary, new_deadline=later, reason="枯水期")
