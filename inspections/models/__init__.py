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
from .filings import Filing
from .findings import Feedback, Finding
from .inspections import Inspection
from .papers import Paper
from .plans import AnnualPlan, PlanEntry, Round, Term, TermTarget
from .settings import InspectionSetting
from .teams import Recusal, Team, TeamMember

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
    "Filing",
    "Finding",
    "Inspection",
    "InspectionFile",
    "InspectionSetting",
    "Mobilisation",
    "Paper",
    "PlanEntry",
    "Recusal",
    "Round",
    "Team",
    "TeamMember",
    "Term",
    "TermTarget",
    "Visit",
]
