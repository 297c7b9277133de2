"""What is written about villages: classes proposed and decided, profiles edited; rosters are in `villages.roster`."""

from .classes import approve_class, approve_classes, propose_class, propose_suggested, reject_class, reject_classes
from .profiles import edit_village
from .scope import scope_of

__all__ = [
    "approve_class",
    "approve_classes",
    "edit_village",
    "propose_class",
    "propose_suggested",
    "reject_class",
    "reject_classes",
    "scope_of",
]
