"""Database triggers as migration operations: what the database itself refuses (architecture, rule 4).

Triggers of one table run by name: "frozen", "legal_moves", then a table's own "rules".
"""

from collections.abc import Sequence
from pathlib import Path

from django.db.migrations import RunSQL

CHANGES = "BEFORE INSERT OR UPDATE OR DELETE"


def functions(migration: str, *themes: str) -> list[RunSQL]:
    """The functions of sql/<theme>.sql beside the migration (its `__file__`), made or replaced as they read today.

    That may be of tables and columns that later migrations add, so their bodies are not checked here.
    """
    folder = Path(migration).parent / "sql"
    texts = [(folder / f"{theme}.sql").read_text(encoding="utf-8") for theme in themes]
    return [RunSQL(f"SET LOCAL check_function_bodies = off;\n{text}", RunSQL.noop) for text in texts]


def append_only(table: str) -> RunSQL:
    """Rows may be added, never changed or deleted."""
    return _trigger(table, "append_only", "BEFORE UPDATE OR DELETE", "common_append_only()")


def legal_moves(table: str, arguments: Sequence[str]) -> RunSQL:
    """Rows are born in the first argument's status and move only by the pairs "FROM>TO" that follow."""
    quoted = ", ".join(f"'{one}'" for one in arguments)
    return _trigger(table, "legal_moves", "BEFORE INSERT OR UPDATE", f"common_legal_move({quoted})")


def frozen_in(table: str, *statuses: str) -> RunSQL:
    """Rows in these statuses may not be edited, and no row of the table may be deleted."""
    quoted = ", ".join(f"'{one}'" for one in statuses)
    return _trigger(table, "frozen", "BEFORE UPDATE OR DELETE", f"common_frozen({quoted})")


def told_moves(table: str, label: str) -> RunSQL:
    """A status changes only with an event of `label` that was written before in the same transaction."""
    return _trigger(table, "told_moves", "BEFORE UPDATE", f"common_told_move('{label}')")


def told_changes(
    table: str,
    label: str = "",
    *,
    key: str = "id",
    events: str = "INSERT OR DELETE OR UPDATE",
    columns: Sequence[str] = (),
) -> RunSQL:
    """Rows come, change (in `columns`, or at all) and go only with an event in the same transaction.

    The event is about the object of `label` whose number is in the column `key`; without a label any event will do.
    It is asked for when the transaction ends, so it may come after the row.
    """
    of = f" OF {', '.join(columns)}" if columns else ""
    return RunSQL(
        f"CREATE CONSTRAINT TRIGGER {table}_told_changes AFTER {events}{of} ON {table} DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW EXECUTE FUNCTION common_told_change('{label}', '{key}')",
        f"DROP TRIGGER {table}_told_changes ON {table}",
    )


def guard(table: str, name: str, events: str, function: str, *, when: str = "") -> RunSQL:
    """A table's own trigger function, called for the rows for which `when` is true."""
    return _trigger(table, name, events, function, f" WHEN ({when})" if when else "")


def _trigger(table: str, name: str, events: str, call: str, when: str = "") -> RunSQL:
    return RunSQL(
        f"CREATE TRIGGER {table}_{name} {events} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {call}",
        f"DROP TRIGGER {table}_{name} ON {table}",
    )
