"""村级建制调整: open items follow a village that merges or moves, with a trace (roster import 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from common import audit
from rectification.enums import OPEN, ExtensionStatus
from rectification.models import Extension, RectificationItem
from villages.followers import Merged, Moved
from villages.models import Village
from villages.services import scope_of


@transaction.atomic
def follow_villages(merged: Sequence[Merged], moved: Sequence[Moved], actor: Any) -> None:
    """Open items go to the successor or into the new township; closed ones stay as they were closed."""
    goals = _goals(merged, moved)
    rows = RectificationItem.objects.filter(village__in=goals, status__in=OPEN).order_by("pk")
    items = list(rows.select_for_update(of=("self",)).select_related("village__division", "township"))
    wanted = {goals[one.village_id] for one in items}
    places = {one.pk: one for one in Village.objects.select_related("division", "township").filter(pk__in=wanted)}
    for village in {one.village_id for one in items}:
        goal = places[goals[village]]
        _place(RectificationItem.objects.filter(pk__in=[one.pk for one in items if one.village_id == village]), goal)
        _place(Extension.objects.filter(village=village, status=ExtensionStatus.ASKED), goal)
    audit.record_many([_told(one, places[goals[one.village_id]], actor) for one in items])


def _goals(merged: Sequence[Merged], moved: Sequence[Moved]) -> Mapping[int, int]:
    """Where each village's work goes; a successor that merges in the same change is followed to the end."""
    following = {one.village: one.successor for one in merged}
    goals = {one.village: one.village for one in moved}
    for village, successor in following.items():
        seen = {village}
        while successor in following and successor not in seen:
            seen.add(successor)
            successor = following[successor]
        goals[village] = successor
    return goals


def _place(rows: "QuerySet[Any]", village: Village) -> None:
    rows.update(**scope_of(village), version=F("version") + 1, updated_at=timezone.now())


def _told(item: RectificationItem, village: Village, actor: Any) -> dict[str, Any]:
    before = {"village": item.village.division.name, "township": item.township.name}
    after = {"village": village.division.name, "township": village.township.name}
    return audit.row("follow", item, actor=actor, changes=audit.diff(before, after))
