"""Database triggers as migration operations: what the database itself refuses (architecture, rule 4)."""

from collections.abc import Sequence

from django.db.migrations import RunSQL


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


def guard(table: str, name: str, events: str, function: str) -> RunSQL:
    """A table's own trigger function."""
    return _trigger(table, name, events, function)


def _trigger(table: str, name: str, events: str, call: str) -> RunSQL:
    return RunSQL(
        f"CREATE TRIGGER {table}_{name} {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {call}",
        f"DROP TRIGGER {table}_{name} ON {table}",
    )
