"""Events of the trail in the shape that `_parts/timeline.html` shows."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps

from common.audit_words import action_word

TONES = {"warn": "a", "primary": "g"}


def events(trail: Iterable[Any]) -> list[dict[str, Any]]:
    """Title, who, when, note and tone of each event."""
    return [
        {
            "title": action_word(one.action, one.object_type),
            "who": one.actor_text,
            "at": one.at,
            "text": one.note,
            "tone": _tone(one),
        }
        for one in trail
    ]


def _tone(event: Any) -> str:
    moves = getattr(apps.get_model(event.object_type), "moves", {})
    return TONES.get(moves[event.action].tone, "") if event.action in moves else "b"
