"""What is written about villages: classes proposed and decided, profiles edited, readjustments decided.

Rosters are in `villages.roster`.
"""

from .adjustments import Decided, Decision, decide, prepare
from .classes import approve_class, approve_classes, propose_class, propose_suggested, reject_class, reject_classes
from .orders import Order
from .profiles import edit_village
from .restoring import restore, set_aside
from .scope import scope_of
from .townships import merge_township, rename_township, township_version

__all__ = [
    "Decided",
    "Decision",
    "Order",
    "approve_class",
    "approve_classes",
    "decide",
    "edit_village",
    "merge_township",
    "prepare",
    "propose_class",
    "propose_suggested",
    "reject_class",
    "reject_classes",
    "rename_township",
    "restore",
    "scope_of",
    "set_aside",
    "township_version",
]
