"""The seal of an event: made here, in the application's own processes, and asked for by the database.

Whoever has the database's password only can write no event, so make no move (docs/adr/0005). A seal is a nonce and the
HMAC-SHA256 of nonce and event; its key comes from SECRET_KEY. `migrate` gives the database that key and those of
SECRET_KEY_FALLBACKS, in a table which the application's role cannot read (common/migrations/0002).
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import connections, transaction

KEYS = "common_sealkey"  # no model: nothing empties, dumps or grants it by the way
SALT = b"mianyang-xuncha.audit-event"
NONCE, BLOCK = 16, 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = ("actor_text", "action", "object_type", "object_id", "object_text", "result", "source", "target", "note")


def seal(text: str) -> bytes:
    """NONCE random bytes, then the code of them and the text."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + hmac.digest(_key(settings.SECRET_KEY), nonce + text.encode(), "sha256")


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), SALT, "sha256")


def text_of(event: Mapping[str, Any]) -> str:
    """What is sealed of an event, column by column, as the database prints it again; `changes` are canonical."""
    at = (event["at"] - EPOCH) // timedelta(microseconds=1)
    ip = ip_address(event["ip"]).packed.hex() if event["ip"] else None
    texts = [str(event[name]) for name in TEXTS]
    told = [at, event["actor_id"], *texts, ip, event["request_id"], event["changes"]]
    return json.dumps(told, ensure_ascii=False)


def canonical(value: Any) -> Any:
    """The same JSON value, so that `json.dumps` writes it as PostgreSQL prints a jsonb."""
    if isinstance(value, dict):
        named = {str(key): canonical(one) for key, one in value.items()}
        return {key: named[key] for key in sorted(named, key=lambda key: (len(key.encode()), key.encode()))}
    if isinstance(value, list | tuple):
        return [canonical(one) for one in value]
    if isinstance(value, float):
        return str(Decimal(repr(value))) if "e" in repr(value) else value + 0.0  # 1e-07 is kept as text; -0.0 is 0.0
    return value


def exist(*, using: str = "default") -> bool:
    """Has the database been migrated to where events are sealed?"""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [KEYS])
        return bool(cursor.fetchone()[0])


def fits(*, using: str = "default") -> bool:
    """Does the database know this process's key?"""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT common_seal_fits('', %s)", [seal("")])
        return bool(cursor.fetchone()[0])


def install(*, using: str) -> None:
    """Let the database know the keys of these settings and no other: as the owner, after every migration.

    By COPY, whose rows stand in no log and no list of running statements.
    """
    keys = [_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    wanted = sorted((_padded(key, 0x36), _padded(key, 0x5C)) for key in keys)
    if not exist(using=using):
        return  # migrated back to before there were seals
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT inner_pad, outer_pad FROM common_sealkey ORDER BY inner_pad")
        if [(bytes(inner), bytes(outer)) for inner, outer in cursor.fetchall()] == wanted:
            return
        cursor.execute("DELETE FROM common_sealkey")
        with cursor.copy("COPY common_sealkey (inner_pad, outer_pad) FROM STDIN") as copy:
            for pads in wanted:
                copy.write_row(pads)


def forget_future_transactions(*, using: str) -> None:
    """After a restore into a new cluster, transactions count from the beginning: no old event speaks for a later one.

    As the owner, after every migration; the events keep everything but that number.
    """
    if not exist(using=using):
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT max(transaction) > txid_current() FROM common_auditevent")
        if cursor.fetchone()[0]:
            cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER common_auditevent_append_only")
            cursor.execute("UPDATE common_auditevent SET transaction = NULL WHERE transaction > txid_current()")
            cursor.execute("ALTER TABLE common_auditevent ENABLE TRIGGER common_auditevent_append_only")


def _padded(key: bytes, byte: int) -> bytes:
    return bytes(one ^ byte for one in key.ljust(BLOCK, b"\0"))
