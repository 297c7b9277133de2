"""Everything that is written about inspections, by noun; other apps import from here."""

from .feedback import draft_feedback, edit_feedback, issue_feedback
from .findings import confirm_finding, edit_finding, record_finding, reject_finding, reopen_finding
from .inspections import arrange, cancel_inspection, close_inspection, enter_inspection, leave_inspection
from .plans import (
    add_to_plan,
    approve_plan,
    change_on_plan,
    create_plan,
    file_plan,
    remove_from_plan,
    return_plan,
    submit_plan,
    suggest_plan,
)
from .rounds import open_round
from .teams import add_member, assign_team, change_member, create_team, end_membership
from .terms import create_term

__all__ = [
    "add_member",
    "add_to_plan",
    "approve_plan",
    "arrange",
    "assign_team",
    "cancel_inspection",
    "change_member",
    "change_on_plan",
    "close_inspection",
    "confirm_finding",
    "create_plan",
    "create_team",
    "create_term",
    "draft_feedback",
    "edit_feedback",
    "edit_finding",
    "end_membership",
    "enter_inspection",
    "file_plan",
    "issue_feedback",
    "leave_inspection",
    "open_round",
    "record_finding",
    "reject_finding",
    "remove_from_plan",
    "reopen_finding",
    "return_plan",
    "submit_plan",
    "suggest_plan",
]
