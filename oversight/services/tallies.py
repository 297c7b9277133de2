"""The boards' counters: summed up at night, and counted anew where somebody changed rows behind the database's back."""

from django.db import connection, transaction

from oversight.models import Tally
from oversight.selectors.tallies import COUNTS, Statement, counted, kept


def sum_up() -> None:
    """Of many small changes one row for each figure; the sums stay as they were at every moment (H2)."""
    for tally in COUNTS:
        _replace(tally, kept(tally))


def recount() -> None:
    """From the rows themselves: after a restore in parts, or when check_integrity finds a figure wrong (H2)."""
    for tally in COUNTS:
        _replace(tally, counted(tally))


@transaction.atomic
def _replace(tally: type[Tally], rows: Statement) -> None:
    """In one statement, hence one snapshot: changes that are committed meanwhile add their rows beside.

    The lock keeps out another replacement and nobody who changes items.
    """
    table, (sql, values) = tally._meta.db_table, rows
    columns = ", ".join((*tally.PLACE, *tally.FACETS, *tally.SUMS))
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(f"WITH gone AS (DELETE FROM {table}) INSERT INTO {table} ({columns}) {sql}", values)  # noqa: S608
