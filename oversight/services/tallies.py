"""The boards' counters: summed up at night, and counted anew where somebody changed rows behind the database's back."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from oversight.selectors.tallies import COUNTS, counted, kept


def sum_up() -> None:
    """Of many small changes one row for each figure; the sums stay as they were at every moment (H2)."""
    for tally in COUNTS:
        _replace(tally, kept(tally))


def recount() -> None:
    """From the rows themselves: after a restore in parts, or when check_integrity finds a figure wrong (H2)."""
    for tally in COUNTS:
        _replace(tally, counted(tally))


@transaction.atomic
def _replace(tally: type[Any], rows: "QuerySet[Any]") -> None:
    """In one statement, hence one snapshot: changes that are committed meanwhile add their rows beside.

    The lock keeps out another replacement and nobody who changes items.
    """
    quote = connection.ops.quote_name
    table = quote(tally._meta.db_table)
    columns = ", ".join(map(quote, (*tally.KEYS, *tally.SUMS)))
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(f"WITH gone AS (DELETE FROM {table}) INSERT INTO {table} ({columns}) {sql}", values)  # noqa: S608
