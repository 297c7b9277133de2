"""What the page of one village shows of its inspections (B1, H1)."""

from typing import Any

from django.utils.translation import gettext as _

from common import policy
from inspections.models import Inspection

from .inspections import of_village

MOST = 10


def village_panel(user: Any, village: Any) -> dict[str, Any] | None:
    """The village's inspections and those of villages merged into it, as far as the person may see any."""
    if not policy.may(user, "view", Inspection):
        return None
    rows = list(of_village(user, village)[: MOST + 1])
    for one in rows:
        one.came = _came(one, village)  # type: ignore[attr-defined]
    context = {"inspections": rows[:MOST], "more": len(rows) > MOST, "village": village}
    return {"title": _("巡察记录"), "template": "inspections/_village_panel.html", "context": context}


def _came(inspection: Inspection, village: Any) -> str:
    """How an inspection that is not just the village's own came to stand on its page."""
    if inspection.origin_id == village.pk:
        return _("已转入%s") % inspection.village
    if first := inspection.origin or (inspection.village if inspection.village_id != village.pk else None):
        return _("原%s") % first
    return ""
