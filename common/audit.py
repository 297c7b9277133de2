"""The append-only trail: every change, denial, export and sign-in leaves one row in the same transaction."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from .context import caller
from .encryption import DOTS


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


def record(
    action: str,
    obj: "Model | str" = "",
    *,
    actor: Any,
    note: str = "",
    result: str = "OK",
    source: str = "",
    target: str = "",
    changes: "Mapping[str, Any] | None" = None,
) -> Any:
    """Write one event. `obj` is a model instance or a label such as "villages.Village"."""
    from .models import AuditEvent

    return AuditEvent.objects.create(
        **row(
            action,
            obj,
            actor=actor,
            note=note,
            result=result,
            source=source,
            target=target,
            changes=changes,
        )
    )


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
    """The field values of one event, for `record` and for writing many at once (`record_many`)."""
    who = actor if getattr(actor, "pk", None) else None
    where = caller.get()
    return {
        "action": action,
        "object_type": obj if isinstance(obj, str) else obj._meta.label,
        "object_id": "" if isinstance(obj, str) else str(obj.pk),
        "object_text": "" if isinstance(obj, str) else str(obj)[:200],
        "actor": who,
        "actor_text": f"{who.organ.name} {who.full_name}" if who else str(actor or "系统"),
        "ip": where.ip,
        "request_id": where.request_id,
        "note": note,
        "result": result,
        "source": str(source),
        "target": str(target),
        "changes": dict(changes or {}),
    }


def record_many(rows: list[dict[str, Any]]) -> None:
    """One statement for many events (batch actions, imports); COPY, for INSERT would pass 13 parameters an event."""
    if not rows:
        return
    now, names = timezone.now(), [*rows[0]]
    columns = SQL(", ").join(Identifier({"actor": "actor_id"}.get(name, name)) for name in ["at", *names])
    with (
        connection.cursor() as cursor,
        cursor.copy(SQL("COPY common_auditevent ({}) FROM STDIN").format(columns)) as copy,
    ):
        for one in rows:
            copy.write_row([now, *(_column(one[name]) for name in names)])


def _column(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value.pk if isinstance(value, Model) else value


def history(obj: Model) -> "QuerySet[Any]":
    """The events of one object, newest first."""
    from .models import AuditEvent

    return AuditEvent.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk), result="OK").order_by("-id")
