"""What the application's database role may do, granted anew after every migration.

The role owns nothing. It reads and writes rows; on append-only tables
(`append_only = True` on the model) it may only add them, and it may empty no table. The keys of the events' seals,
installed at the same time, it may not even read.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from common import seals

SCHEMA = "public"


def install_and_grant(sender: AppConfig, using: str, **_: Any) -> None:
    """Runs once a migration, for the last app, when all tables are there."""
    if sender != [one for one in apps.get_app_configs() if one.models_module][-1]:
        return  # Django sends the signal once an app that has models
    seals.install(using=using)
    seals.forget_future_transactions(using=using)
    if settings.DATABASE_APPLICATION_ROLE != settings.DATABASE_OWNER_ROLE:
        grant(using=using, role=str(settings.DATABASE_APPLICATION_ROLE))


def grant(*, using: str, role: str) -> None:
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        name, schema = connection.ops.quote_name(role), connection.ops.quote_name(SCHEMA)
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")  # as databases made before PostgreSQL 15 allow
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}")
        for table in existing(cursor, {seals.KEYS}):
            cursor.execute(f"REVOKE ALL ON {table} FROM {name}")
        for table in append_only_tables(cursor):
            cursor.execute(f"REVOKE UPDATE, DELETE ON {connection.ops.quote_name(table)} FROM {name}")


def append_only_tables(cursor: CursorWrapper) -> list[str]:
    return existing(cursor, {one._meta.db_table for one in apps.get_models() if getattr(one, "append_only", False)})


def existing(cursor: CursorWrapper, tables: set[str]) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [SCHEMA])
    return sorted(tables & {row[0] for row in cursor.fetchall()})
