"""Which village became which: many into one, chains to their living end, and back to all that went before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from villages.enums import Change
from villages.followers import end_of
from villages.models import RosterChange, Village

ENDING = (Change.MERGED, Change.RECODED, Change.WITHDRAWN)

FOREBEARS = """
    WITH RECURSIVE before(id) AS (
        SELECT division_id FROM villages_village WHERE successor_id = ANY(%s)
        UNION
        SELECT v.division_id FROM villages_village v JOIN before ON v.successor_id = before.id
    ) SELECT id FROM before
"""


def successors() -> dict[int, int]:
    """Village → the village it has become, chains followed to their end."""
    step = dict(Village.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    return {start: end_of(start, step) for start in step}


def forebears(*villages: int) -> list[int]:
    """All villages (ids) that have become one of these, however many steps ago."""
    with connection.cursor() as cursor:
        cursor.execute(FOREBEARS, [list(villages)])
        return [row[0] for row in cursor.fetchall()]


def living_end(village: Village) -> Village:
    """The village itself, or what it has become at last: active, or withdrawn."""
    seen = {village.pk}
    while village.successor is not None and village.successor_id not in seen:
        village = village.successor
        seen.add(village.pk)
    return village


@dataclass(frozen=True)
class Ancestor:
    """A village that has become another one, and by which act."""

    village: Village
    on: date | None
    same: bool
    document: str


@dataclass(frozen=True)
class Lineage:
    """What the page of a village says of its standing: what ended it, what it has become, who came before it."""

    end: RosterChange | None
    successor: Village | None
    living: Village | None
    """The end of the chain, where it is another one than the successor."""
    ancestors: list[Ancestor]

    @property
    def same(self) -> bool:
        """Does it go on as the same village under another code?"""
        return self.end is not None and self.end.change == Change.RECODED


def lineage_of(village: Village) -> Lineage:
    """For the page of one village (templates/villages/_predecessors.html); a handful of queries."""
    before = list(village.predecessors.select_related("division", "township").order_by("valid_to", "division__code"))
    ended = [*(one.pk for one in before), *([village.pk] if village.valid_to else [])]
    acts = _last_acts(ended) if ended else {}
    living = living_end(village) if village.successor_id else None
    return Lineage(
        end=acts.get(village.pk),
        successor=village.successor,
        living=living if living and living.pk != village.successor_id else None,
        ancestors=[_ancestor(one, acts.get(one.pk)) for one in before],
    )


def _last_acts(villages: Collection[int]) -> Mapping[Any, RosterChange]:
    """The act that ended each of them, as far as one is on record."""
    rows = RosterChange.objects.filter(village__in=villages, change__in=ENDING).order_by("id")
    return {one.village_id: one for one in rows}


def _ancestor(village: Village, act: RosterChange | None) -> Ancestor:
    same = act is not None and act.change == Change.RECODED
    return Ancestor(village, village.valid_to, same, act.document if act else "")


def history_of(village: Village, ancestors: Iterable[Ancestor]) -> "QuerySet[RosterChange]":
    """What rosters, hands and decisions did to the village, and what they merged into it; newest first.

    Those merged into it are named by their ids: a join instead would read the history of all villages.
    """
    before = [one.village.pk for one in ancestors]
    merged_here = Q(village__in=before, change__in=(Change.MERGED, Change.RECODED))
    rows = RosterChange.objects.filter(Q(village=village) | merged_here)
    return rows.select_related("roster__uploaded_by", "actor", "village__division").order_by("-id")
