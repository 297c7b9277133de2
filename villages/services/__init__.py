"""What is written about villages: classes and the rules that suggest them, profiles, marks, kinds, saved filters.

Rosters are in `villages.roster`.
"""

from .classes import approve_class, approve_classes, propose_class, propose_suggested, reject_class, reject_classes
from .kinds import name_kind
from .marks import mark_places
from .profiles import edit_village
from .rulesets import (
    add_rule,
    begin_draft,
    discard_draft,
    edit_rule,
    enable_rules,
    move_rule,
    remove_rule,
    restore_rules,
)
from .saved import delete_filter, save_filter
from .scope import scope_of

__all__ = [
    "add_rule",
    "approve_class",
    "approve_classes",
    "begin_draft",
    "delete_filter",
    "discard_draft",
    "edit_rule",
    "edit_village",
    "enable_rules",
    "mark_places",
    "move_rule",
    "name_kind",
    "propose_class",
    "propose_suggested",
    "reject_class",
    "reject_classes",
    "remove_rule",
    "restore_rules",
    "save_filter",
    "scope_of",
]
