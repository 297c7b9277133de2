"""Events of the trail in the shape that `_parts/timeline.html` shows."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from common.audit_words import action_word, journey

TONES = {"warn": "a", "primary": "g"}


def events(trail: Iterable[Any]) -> list[dict[str, Any]]:
    """Title, who, when, note and tone of each event."""
    return [
        {
            "title": action_word(one.action, one.object_type),
            "who": one.actor_text,
            "at": one.at,
            "text": "\n".join(filter(None, [one.note, _changes(one)])),
            "tone": _tone(one),
        }
        for one in trail
    ]


def _changes(event: Any) -> str:
    """What an arrangement set, which fields of a draft were touched, where a row went along with its village.

    Other events tell it by their name.
    """
    if event.action == "follow":
        return journey(event.changes)
    if event.action not in ("arrange", "edit"):
        return ""
    fields = apps.get_model(event.object_type)._meta
    names = {name: fields.get_field(name) for name in event.changes}
    if event.action == "edit":
        labels = "、".join(str(one.verbose_name) for one in names.values())
        return _("改动：%s") % labels if labels else ""
    lines = (f"{field.verbose_name}：{_shown(field, event.changes[name][1])}" for name, field in names.items())
    return "\n".join(lines)


def _shown(field: Any, value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value or "—"))


def _tone(event: Any) -> str:
    moves = getattr(apps.get_model(event.object_type), "moves", {})
    return TONES.get(moves[event.action].tone, "") if event.action in moves else "b"
