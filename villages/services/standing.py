"""The one statement in which people's decisions change whether villages stand (rosters have theirs)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection


class Standing(NamedTuple):
    village: int
    status: str
    successor: int | None = None
    valid_to: date | None = None


WRITE = """
    UPDATE villages_village v SET status = r.status, successor_id = r.successor, valid_to = r.valid_to,
        missing_from_id = CASE WHEN v.status = 'ACTIVE' AND r.status = 'ACTIVE' THEN NULL ELSE v.missing_from_id END,
        version = v.version + 1, updated_at = now()
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::date[]) AS r(village, status, successor, valid_to)
    WHERE v.division_id = r.village
"""


def write_standing(rows: Sequence[Standing]) -> None:
    """A village that is kept waits for a decision no longer; one that is taken back waits again if it did before."""
    villages, statuses, successors, ends = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(villages), [str(one) for one in statuses], list(successors), list(ends)])
