"""What every inspection stands on: the villages, their classes, and the rosters they came from (B1–B5)."""

from .classes import UNNAMED, Classification, RuleSet, SuggestionRule, VillageKind
from .filters import SavedFilter
from .rosters import RosterChange, RosterImport, RosterRow
from .villages import CHINA_EAST, CHINA_NORTH, DIMENSIONS, Village, VillageScoped

__all__ = [
    "CHINA_EAST",
    "CHINA_NORTH",
    "DIMENSIONS",
    "UNNAMED",
    "Classification",
    "RosterChange",
    "RosterImport",
    "RosterRow",
    "RuleSet",
    "SavedFilter",
    "SuggestionRule",
    "Village",
    "VillageKind",
    "VillageScoped",
]
