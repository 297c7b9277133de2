"""村级建制调整: open items follow a village that merges, moves or comes back, with a trace (roster import 4)."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit
from rectification.enums import OPEN, ExtensionStatus
from rectification.models import Extension, RectificationItem
from villages.enums import VillageStatus
from villages.followers import Load, Readjustment
from villages.models import Village
from villages.selectors.lineage import forebears, living_end
from villages.services import scope_of


@transaction.atomic
def follow_villages(change: Readjustment) -> None:
    """Open items go to the successor, back to a restored village, or into the new township; closed ones stay."""
    goals = {one.village: one.village for one in change.moved} | change.goals()
    _bring(_open().filter(village__in=goals), lambda item: goals[item.village_id], change.actor)
    for village in change.restored:
        home = [village, *forebears(village)]
        found_here = Q(finding__village__in=home) | Q(inspection__origin__in=home) | Q(inspection__village__in=home)
        _bring(_open().filter(found_here), partial(_home, village), change.actor)


def settle(*, item: RectificationItem, actor: Any) -> bool:
    """Put an open item where its village has gone; has it moved? Raises ValidationError for a withdrawn village."""
    village = living_end(item.village)
    if village.status != VillageStatus.ACTIVE:
        raise ValidationError(_("“%s”已经撤销，没有接续工作的村，不能重新整改。") % village)
    if village.pk == item.village_id:
        return False
    _bring(RectificationItem.objects.filter(pk=item.pk), partial(_home, village.pk), actor)
    return True


def _home(village: int, row: Any) -> int:
    return village


def loads(villages: Collection[int]) -> Sequence[Load]:
    """Items not closed: what a person sees before deciding."""
    rows = _open().filter(village__in=villages).order_by()
    counts = dict(rows.values_list("village").annotate(number=Count("pk")))
    return (Load(_("未销号的整改"), _("件"), counts, bars_withdrawal=True),)


def _open() -> "QuerySet[RectificationItem]":
    return RectificationItem.objects.filter(status__in=OPEN)


def _bring(rows: "QuerySet[RectificationItem]", goal: Callable[[Any], int], actor: Any) -> None:
    locked = rows.order_by("pk").select_for_update(of=("self",))
    items = list(locked.select_related("village__division", "township"))
    wanted = {goal(one) for one in items}
    places = {one.pk: one for one in Village.objects.select_related("division", "township").filter(pk__in=wanted)}
    for pk, village in places.items():
        ids = [one.pk for one in items if goal(one) == pk]
        _place(RectificationItem.objects.filter(pk__in=ids), village)
        _place(Extension.objects.filter(item__in=ids, status=ExtensionStatus.ASKED), village)
    audit.record_many([_told(one, places[goal(one)], actor) for one in items])


def _place(rows: "QuerySet[Any]", village: Village) -> None:
    rows.update(**scope_of(village), version=F("version") + 1, updated_at=timezone.now())


def _told(item: RectificationItem, village: Village, actor: Any) -> dict[str, Any]:
    before = {"village": item.village.division.name, "township": item.township.name}
    after = {"village": village.division.name, "township": village.township.name}
    return audit.row("follow", item, actor=actor, changes=audit.diff(before, after))
