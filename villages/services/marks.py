"""Counties and townships where the campaign is tried out or shown (A2); a village's mark is part of its profile."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Mark
from accounts.models import Division
from common import audit, policy


@transaction.atomic
def mark_places(*, places: Iterable[Division], mark: str, actor: Any) -> list[Division]:
    """Mark counties or townships as pilot or demonstration, or as neither; returns those that changed, on record.

    All or none. Needs "mark". Raises PermissionDenied, ValidationError.
    """
    if mark not in Mark.values:
        raise ValidationError(_("请选择试点、示范或取消标记。"))
    ids = [one.pk for one in places]
    found = list(Division.objects.select_for_update().filter(pk__in=ids).order_by("code"))
    for one in found:
        policy.allows(actor, "mark", one).demand()
    changed = [one for one in found if one.mark != mark]
    events = [
        audit.row("mark_place", one, actor=actor, changes={"mark": [one.get_mark_display(), str(Mark(mark).label)]})
        for one in changed
    ]
    for one in changed:
        one.mark = mark
    Division.objects.bulk_update(changed, ["mark"])
    audit.record_many(events)
    return changed
