"""What the page of one village shows of its inspections (B1, H1)."""

from typing import Any

from django.utils.translation import gettext as _

from common import policy
from inspections.models import Finding, Inspection
from villages.selectors.lineage import forebears

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


def findings_panel(user: Any, village: Any) -> dict[str, Any] | None:
    """What was found in the village and in those that became it, for those who see inspections; others see the items.

    As far as the person may see them, newest first.
    """
    if not policy.may(user, "view", Inspection):
        return None
    seen = policy.visible(user, Finding.objects.filter(village__in=[village.pk, *forebears(village.pk)]))
    rows = list(seen.select_related("checklist_item").order_by("-id")[: MOST + 1])
    if not rows:
        return None
    context = {"findings": rows[:MOST], "more": len(rows) > MOST, "village": village}
    return {"title": _("发现问题"), "template": "inspections/_village_findings.html", "context": context}


def _came(inspection: Inspection, village: Any) -> str:
    """How an inspection that is not just the village's own came to stand on its page."""
    if inspection.origin_id == village.pk:
        return _("已转入%s") % inspection.village.full_name
    if first := inspection.origin or (inspection.village if inspection.village_id != village.pk else None):
        return _("原%s") % first.full_name
    return ""
