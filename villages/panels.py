"""Panels that upper apps put on the page of one village (inspections, items).

`panel(user, village)` returns {"title", "template", "context"} or None when it has nothing to show to this user;
it is registered in the upper app's `AppConfig.ready`.
"""

from collections.abc import Callable
from typing import Any

Panel = Callable[[Any, Any], "dict[str, Any] | None"]
_panels: list[Panel] = []


def register(panel: Panel) -> Panel:
    """Registering twice counts once; panels stand in the order of registration."""
    if panel not in _panels:
        _panels.append(panel)
    return panel


def for_village(user: Any, village: Any) -> list[dict[str, Any]]:
    return [shown for panel in _panels if (shown := panel(user, village))]
