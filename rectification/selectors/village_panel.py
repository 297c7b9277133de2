"""The panel of rectification on the page of one village."""

from typing import Any

from common import policy
from rectification.models import RectificationItem

from .todo import of_village


def village_panel(user: Any, village: Any) -> dict[str, Any] | None:
    """The village's items, open ones first; nothing for whoever sees no items at all."""
    if not policy.may(user, "view", RectificationItem):
        return None
    found = of_village(user, village)
    if not found["rows"]:
        return None
    return {"title": found["title"], "template": "rectification/_village.html", "context": found}
