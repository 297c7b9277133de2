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


def guard(table: str, name: str, events: str, function: str) -> RunSQL:
    """A table's own trigger function."""
    return _trigger(table, name, events, function)


def amended(function: str, old: str, new: str) -> str:
    """The function with `old` in its body replaced by `new`; whatever else it has come to say stays."""
    return f"""
DO $do$
DECLARE
  before text := pg_get_functiondef('{function}'::regproc);
  after text := replace(before, $old${old}$old$, $new${new}$new$);
BEGIN
  IF before = after THEN RAISE EXCEPTION '{function} does not say what is to be replaced'; END IF;
  EXECUTE after;
END $do$;"""


def amending(function: str, old: str, new: str) -> RunSQL:
    return RunSQL(amended(function, old, new), amended(function, new, old))


def _trigger(table: str, name: str, events: str, call: str) -> RunSQL:
    return RunSQL(
        f"CREATE TRIGGER {table}_{name} {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {call}",
        f"DROP TRIGGER {table}_{name} ON {table}",
    )
