"""村级建制调整: open inspections and plans not begun follow their village when it merges, moves or comes back."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit
from inspections.enums import OPEN_STAGES, FeedbackStatus, FindingStatus, PaperStatus, Stage
from inspections.models import Feedback, Finding, Inspection, Paper, PlanEntry, Round
from villages.followers import Load, Readjustment
from villages.models import Village
from villages.selectors.lineage import forebears
from villages.services import note_inspections, scope_of

Goal = Callable[[Any], int]


def follow_villages(change: Readjustment) -> None:
    """Open inspections and places on plans go to the successor, back to a restored village, or along to its township.

    What came from another village says from which (`origin`). What is frozen keeps the place it had then: closed
    inspections, findings and opinions that have been fed back.
    """
    goals = {one.village: one.village for one in change.moved} | change.goals()
    _bring(_open().filter(village__in=goals), lambda row: goals[row.village_id], change.actor)
    _bring_entries(_waiting().filter(village__in=change.goals()), lambda row: goals[row.village_id], change.actor)
    note_inspections(days=_inspected(change))
    for village in change.restored:
        back = Q(origin__in=[village, *forebears(village)])
        _bring(_open().filter(back), partial(_home, village), change.actor)
        _bring_entries(_waiting().filter(back), partial(_home, village), change.actor)


def _inspected(change: Readjustment) -> dict[int, date]:
    """The last inspection of a merged village is its successor's too; a restored one has its own, wherever closed."""
    goals = change.goals()
    known = Village.objects.filter(pk__in=goals, last_inspected_on__isnull=False).order_by("last_inspected_on")
    own = Inspection.objects.filter(origin__in=change.restored, status=Stage.CLOSED).order_by("closed_on")
    days: dict[int, Any] = {goals[pk]: day for pk, day in known.values_list("pk", "last_inspected_on")}
    return days | dict(own.values_list("origin", "closed_on"))


def _home(village: int, row: Any) -> int:
    return village


def loads(villages: Collection[int]) -> Sequence[Load]:
    """Inspections under way and places on plans not begun: what a person sees before deciding."""
    return (
        Load(_("未办结的巡察"), _("次"), _counted(_open(), villages), bars_withdrawal=True, bars_leaving=True),
        Load(_("未开展的计划"), _("项"), _counted(_waiting(), villages), bars_leaving=True),
    )


def _open() -> "QuerySet[Inspection]":
    return Inspection.objects.filter(status__in=OPEN_STAGES)


def _waiting() -> "QuerySet[PlanEntry]":
    """Places on plans whose round has not been opened."""
    begun = Round.objects.filter(plan=OuterRef("plan"), number=OuterRef("wave"))
    return PlanEntry.objects.filter(~Exists(begun))


def _counted(rows: "QuerySet[Any]", villages: Collection[int]) -> Mapping[int, int]:
    held = rows.filter(village__in=villages).order_by()
    return dict(held.values_list("village").annotate(number=Count("pk")))


def _bring(rows: "QuerySet[Inspection]", goal: Goal, actor: Any) -> None:
    found = list(rows.select_for_update(of=("self",)).select_related("village__division", "township"))
    told = []
    for village, group in _by_goal(found, goal):
        ids = [one.pk for one in group]
        place = scope_of(village)
        Inspection.objects.filter(pk__in=ids).update(
            origin=_origin(village), version=F("version") + 1, updated_at=timezone.now(), **place
        )
        Finding.objects.filter(inspection__in=ids).exclude(status=FindingStatus.FED_BACK).update(**place)
        Feedback.objects.filter(inspection__in=ids, status=FeedbackStatus.DRAFT).update(**place)
        Paper.objects.filter(inspection__in=ids, status=PaperStatus.DRAFT).update(**place)
        told += [audit.row("follow", one, actor=actor, changes=_changes(one, village)) for one in group]
    audit.record_many(told)


def _bring_entries(rows: "QuerySet[PlanEntry]", goal: Goal, actor: Any) -> None:
    found = list(rows.select_related("plan__county", "village__division"))
    lines: dict[Any, list[str]] = {}
    for village, group in _by_goal(found, goal):
        PlanEntry.objects.filter(pk__in=[one.pk for one in group]).update(village=village, origin=_origin(village))
        for one in group:
            lines.setdefault(one.plan, []).append(f"{one.village} → {village}")
    audit.record_many([audit.row("follow", plan, actor=actor, note="；".join(moved)) for plan, moved in lines.items()])


def _origin(village: Village) -> NullIf:
    """Where the row was first, and nothing once it is back there."""
    return NullIf(Coalesce(F("origin"), F("village")), Value(village.pk))


def _by_goal(rows: Iterable[Any], goal: Goal) -> Iterable[tuple[Village, list[Any]]]:
    groups = {pk: list(group) for pk, group in groupby(sorted(rows, key=goal), goal)}
    for village in Village.objects.filter(pk__in=groups).select_related("division", "township"):
        yield village, groups[village.pk]


def _changes(row: Inspection, village: Village) -> dict[str, list[Any]]:
    before = {"village": row.village.division.name, "township": row.township.name}
    return audit.diff(before, {"village": village.division.name, "township": village.township.name})
