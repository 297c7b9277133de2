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
    context = {"inspections": rows[:MOST], "more": len(rows) > MOST, "village": village}
    return {"title": _("巡察记录"), "template": "inspections/_village_panel.html", "context": context}
