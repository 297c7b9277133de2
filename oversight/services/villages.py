"""村级建制调整: open self-checks and campaign tasks follow a village that merges, moves or comes back (F2, A8)."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit
from oversight.enums import CheckStatus, TaskStatus
from oversight.models import CampaignTask, SelfCheck
from villages.followers import Load, Readjustment
from villages.models import Village
from villages.selectors.lineage import forebears, living_end
from villages.services import scope_of


def follow_villages(change: Readjustment) -> None:
    """Open work goes to the successor, back to a restored village, or into the new township.

    The row says from where it came (`origin`), so that a successor answers for its own part and for each part that
    joined it. Confirmed answers and finished tasks stay where they were true.
    """
    goals = {one.village: one.village for one in change.moved} | change.goals()
    moved = CampaignTask.objects.filter(village__in=[one.village for one in change.moved])
    _bring(moved, lambda row: goals[row.village_id], change.actor)  # finished ones too: they may be taken up again
    _bring(_open_checks().filter(village__in=goals), lambda row: goals[row.village_id], change.actor)
    _bring(_open_tasks().filter(village__in=change.goals()), lambda row: goals[row.village_id], change.actor)
    for rows in (_open_checks(), _open_tasks()):
        for village in change.restored:
            _bring(rows.filter(origin__in=[village, *forebears(village)]), partial(_home, village), change.actor)


def settle(tasks: "QuerySet[CampaignTask]", *, actor: Any) -> None:
    """Tasks of villages that are no more go on where their village has gone."""
    for task in tasks.filter(village__successor__isnull=False).select_related("village"):
        _bring(tasks.filter(pk=task.pk), partial(_home, living_end(task.village).pk), actor)


def loads(villages: Collection[int]) -> Sequence[Load]:
    """What a person sees before deciding; it belongs to the county's own notice or campaign."""
    return (
        Load(_("未确认的自查"), _("份"), _counted(_open_checks(), villages), bars_withdrawal=True, bars_leaving=True),
        Load(
            _("未完成的整治任务"), _("项"), _counted(_open_tasks(), villages), bars_withdrawal=True, bars_leaving=True
        ),
    )


def _open_checks() -> "QuerySet[Any]":
    return SelfCheck.objects.exclude(status=CheckStatus.CONFIRMED)


def _open_tasks() -> "QuerySet[Any]":
    return CampaignTask.objects.filter(status=TaskStatus.OPEN)


def _home(village: int, row: Any) -> int:
    return village


def _counted(rows: "QuerySet[Any]", villages: Collection[int]) -> dict[int, int]:
    held = rows.filter(village__in=villages).order_by()
    return dict(held.values_list("village").annotate(number=Count("pk")))


def _bring(rows: "QuerySet[Any]", goal: Callable[[Any], int], actor: Any) -> None:
    locked = rows.order_by("pk").select_for_update(of=("self",))
    found = list(locked.select_related("village__division", "township"))
    wanted = {goal(one) for one in found}
    places = {one.pk: one for one in Village.objects.select_related("division", "township").filter(pk__in=wanted)}
    for pk, village in places.items():
        going = rows.model.objects.filter(pk__in=[one.pk for one in found if goal(one) == pk])
        going.update(
            origin=NullIf(Coalesce(F("origin"), F("village")), Value(pk)),
            version=F("version") + 1,
            updated_at=timezone.now(),
            **scope_of(village),
        )
    audit.record_many([_told(one, places[goal(one)], actor) for one in found])


def _told(row: Any, village: Village, actor: Any) -> dict[str, Any]:
    before = {"village": row.village.division.name, "township": row.township.name}
    after = {"village": village.division.name, "township": village.township.name}
    return audit.row("follow", row, actor=actor, changes=audit.diff(before, after))
