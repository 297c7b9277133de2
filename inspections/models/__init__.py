"""Term, plans, rounds, teams, inspections, the checklist, duties, fieldwork, findings and feedback (A–E)."""

from .checklist import Checklist, ChecklistItem
from .duties import Duty, DutyList, DutyTemplate
from .fieldwork import (
    Citation,
    ConsultedDocument,
    Conversation,
    FieldworkGap,
    InspectionFile,
    Mobilisation,
    Visit,
)
from .findings import Feedback, Finding
from .inspections import Inspection
from .papers import Paper
from .plans import AnnualPlan, PlanEntry, Round, Term, TermTarget
from .teams import Team, TeamMember

__all__ = [
    "AnnualPlan",
    "Checklist",
    "ChecklistItem",
    "Citation",
    "ConsultedDocument",
    "Conversation",
    "Duty",
    "DutyList",
    "DutyTemplate",
    "Feedback",
    "FieldworkGap",
    "Finding",
    "Inspection",
    "InspectionFile",
    "Mobilisation",
    "Paper",
    "PlanEntry",
    "Round",
    "Team",
    "TeamMember",
    "Term",
    "TermTarget",
    "Visit",
]
