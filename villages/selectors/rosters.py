"""Imports of rosters: which there were, and the lines of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Tier
from accounts.models import Division
from common import policy
from villages.enums import Change, PlannedChange, VillageStatus
from villages.models import RosterChange, RosterImport, RosterRow, Village

MOST_TO_CHOOSE_FROM = 20_000


def with_names() -> "QuerySet[RosterImport]":
    return RosterImport.objects.select_related("county", "uploaded_by__organ__division", "committed_by", "undone_by")


def imports_for(user: Any) -> "QuerySet[RosterImport]":
    """Past and pending imports of the user's place."""
    return policy.visible(user, with_names())


def imported_before(roster: RosterImport) -> "RosterImport | None":
    """An earlier import of the very same file into the same place, still in force."""
    same = with_names().filter(sha256=roster.sha256, county=roster.county_id, committed_at__isnull=False)
    return same.filter(undone_at=None).exclude(pk=roster.pk).order_by("-committed_at").first()


def sheets_of(roster: RosterImport) -> Sequence[str]:
    """The titles of the sheets that were read; imports of before several could be have none kept."""
    return roster.result.get("sheets") or ()


def lines(roster: RosterImport, change: str, asked: Mapping[str, str]) -> "QuerySet[Any]":
    """Rows of one kind: planned ones before confirming, the villages' history after it; `asked` as in LineQuery."""
    kept = _is_history(roster, change)
    place, name, code = ("township__name", "fields__name__1", "code") if kept else ("township", "name", "code")
    rows = _lines(roster, change)
    if text := asked.get("q"):
        lookups = {f"{name}__icontains": text, f"{place}__contains": text, f"{code}__startswith": text}
        lookups |= {"village__division__name__contains": text} if kept else {}
        rows = rows.filter(Q(*lookups.items(), _connector=Q.OR))
    if township := asked.get("township"):
        rows = rows.filter(**{place: township})
    if field := asked.get("field"):
        rows = rows.filter(fields__has_key=field)
    if column := asked.get("column"):
        rows = rows.filter(column=column)
    return rows


def townships_of(roster: RosterImport, change: str, count: int) -> "Iterable[str]":
    """The townships that lines of one kind lie in; of a very long list they are not gathered."""
    if count > MOST_TO_CHOOSE_FROM:
        return ()
    place = "township__name" if _is_history(roster, change) else "township"
    return _lines(roster, change).order_by(place).values_list(place, flat=True).distinct()


def columns_of(roster: RosterImport, change: str) -> "Iterable[str]":
    """The columns in which rows were refused."""
    if change != PlannedChange.REFUSED:
        return ()
    return _lines(roster, change).order_by("column").values_list("column", flat=True).distinct()


def _lines(roster: RosterImport, change: str) -> "QuerySet[Any]":
    if _is_history(roster, change):
        changes = RosterChange.objects.filter(roster=roster, change=change)
        return changes.select_related("village__division", "village__township", "township")
    return RosterRow.objects.filter(roster=roster, change=change)


def _is_history(roster: RosterImport, change: str) -> bool:
    return bool(roster.committed_at) and change in Change.values


def refused(roster: RosterImport) -> Sequence[RosterRow]:
    return list(RosterRow.objects.filter(roster=roster, change=PlannedChange.REFUSED).order_by("id"))


def places_to_choose(county: Division | None) -> list[tuple[str, str]]:
    """(county, township) for the drop-downs of the template; not those whose villages have all ended or moved."""
    villages = Village.objects.filter(division__parent=OuterRef("pk"))
    standing = Exists(villages.filter(status=VillageStatus.ACTIVE)) | ~Exists(villages)
    townships = Division.objects.filter(standing, tier=Tier.TOWNSHIP).order_by("code")
    if county is not None:
        townships = townships.filter(parent=county)
    return list(townships.values_list("parent__name", "name")[:5000])
