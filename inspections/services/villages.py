"""What a roster change does to inspections: a village that now lies in another township takes its open work along."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from common import audit
from inspections.enums import OPEN_STAGES, FeedbackStatus, FindingStatus
from inspections.models import Feedback, Finding, Inspection
from villages.followers import Merged, Moved
from villages.models import Village


def follow_villages(merged: Sequence[Merged], moved: Sequence[Moved], actor: Any) -> None:
    """Scope columns of what may still change follow the village; what is frozen keeps the place it had then.

    An inspection of a village that was merged stays with it: its coverage counts for the successor (A1).
    """
    places = {one.village: one.township for one in moved}
    rows = list(
        Inspection.objects.filter(village_id__in=places, status__in=OPEN_STAGES).select_related("village__division")
    )
    if not rows:
        return
    ids = [one.pk for one in rows]
    _follow(Inspection.objects.filter(pk__in=ids))
    _follow(Finding.objects.filter(inspection__in=ids).exclude(status=FindingStatus.FED_BACK))
    _follow(Feedback.objects.filter(inspection__in=ids, status=FeedbackStatus.DRAFT))
    audit.record_many(
        [
            audit.row("follow", one, actor=actor, changes={"township": [one.township_id, places[one.village_id]]})
            for one in rows
        ]
    )


def _follow(rows: "QuerySet[Any]") -> None:
    place = Village.objects.filter(pk=OuterRef("village_id"))
    rows.update(county_id=Subquery(place.values("county_id")), township_id=Subquery(place.values("township_id")))
