"""Term, plans, rounds, teams, inspections, the checklist, findings and feedback (A1, C1–C3, D1, D2, E1, E2)."""

from .checklist import Checklist, ChecklistItem
from .findings import Feedback, Finding
from .inspections import Inspection
from .papers import Paper
from .plans import AnnualPlan, PlanEntry, Round, Term, TermTarget
from .teams import Team, TeamMember

__all__ = [
    "AnnualPlan",
    "Checklist",
    "ChecklistItem",
    "Feedback",
    "Finding",
    "Inspection",
    "Paper",
    "PlanEntry",
    "Round",
    "Team",
    "TeamMember",
    "Term",
    "TermTarget",
]
