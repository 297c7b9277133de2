"""The append-only trail: every change, denial, export and sign-in leaves one row in the same transaction."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet
from django.utils import timezone
from psycopg.types.json import Jsonb

from . import seals
from .context import caller
from .encryption import DOTS

COLUMNS = ("seal", "at", "actor_id", *seals.TEXTS, "ip", "request_id", "changes")
COPY = f"COPY common_auditevent ({', '.join(COLUMNS)}) FROM STDIN"


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{"field": [old, new]} for what really changed, in JSON values."""
    return {key: [plain(before.get(key)), plain(value)] for key, value in after.items() if before.get(key) != value}


def masked(changes: Mapping[str, list[Any]], names: Collection[str]) -> dict[str, list[Any]]:
    """The same without the values of the fields in `names`."""
    return {key: [DOTS, DOTS] if key in names else value for key, value in changes.items()}


def plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def record(action: str, obj: "Model | str" = "", *, actor: Any, **told: Any) -> None:
    """Write one event. `obj` is a model instance or a label such as "villages.Village"; `told` is that of `row`."""
    record_many([row(action, obj, actor=actor, **told)])


def row(
    action: str,
    obj: "Model | str" = "",
    *,
    actor: Any,
    note: str = "",
    result: str = "OK",
    source: str = "",
    target: str = "",
    changes: "Mapping[str, Any] | None" = None,
) -> dict[str, Any]:
    """The column values of one event, for `record_many`."""
    who = actor if getattr(actor, "pk", None) else None
    where = caller.get()
    return {
        "action": action,
        "object_type": obj if isinstance(obj, str) else obj._meta.label,
        "object_id": "" if isinstance(obj, str) else str(obj.pk),
        "object_text": "" if isinstance(obj, str) else str(obj)[:200],
        "actor_id": who.pk if who else None,
        "actor_text": f"{who.organ.name} {who.full_name}" if who else str(actor or "系统"),
        "ip": where.ip,
        "request_id": where.request_id,
        "note": note,
        "result": result,
        "source": str(source),
        "target": str(target),
        "changes": dict(changes or {}),
    }


def record_many(rows: list[dict[str, Any]], *, using: str = "default") -> None:
    """Seal the events and write them in one statement; they happen now where none says `at`.

    By COPY, for INSERT would pass a parameter a column; and its rows stand in no list of running statements, from
    which a seal could be taken and used before it is here.
    """
    if not rows:
        return
    now = timezone.now()
    connection = connections[using]
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for one in rows:
            event = {"at": now} | one | {"changes": seals.canonical(one["changes"])}
            event["seal"] = seals.seal(seals.text_of(event))
            event["changes"] = Jsonb(event["changes"])
            copy.write_row([event[name] for name in COLUMNS])


def history(obj: Model) -> "QuerySet[Any]":
    """The events of one object, newest first."""
    from .models import AuditEvent

    return AuditEvent.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk), result="OK").order_by("-id")
