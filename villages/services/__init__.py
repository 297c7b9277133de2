"""What is written about villages: classes and the rules that suggest them, profiles, readjustments, marks, kinds.

Rosters are in `villages.roster`.
"""

from .adjustments import Decided, Decision, decide, prepare
from .classes import approve_class, approve_classes, propose_class, propose_suggested, reject_class, reject_classes
from .kinds import name_kind
from .marks import mark_places
from .orders import Order
from .profiles import edit_village, note_inspection
from .restoring import restore, set_aside
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
from .townships import merge_township, rename_township, township_version

__all__ = [
    "Decided",
    "Decision",
    "Order",
    "add_rule",
    "approve_class",
    "approve_classes",
    "begin_draft",
    "decide",
    "delete_filter",
    "discard_draft",
    "edit_rule",
    "edit_village",
    "enable_rules",
    "mark_places",
    "merge_township",
    "move_rule",
    "name_kind",
    "note_inspection",
    "prepare",
    "propose_class",
    "propose_suggested",
    "reject_class",
    "reject_classes",
    "remove_rule",
    "rename_township",
    "restore",
    "restore_rules",
    "save_filter",
    "scope_of",
    "set_aside",
    "township_version",
]
