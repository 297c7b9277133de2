"""Everything that is written about inspections, by noun; other apps import from here."""

from .feedback import draft_feedback, edit_feedback, issue_feedback
from .findings import confirm_finding, edit_finding, record_finding, reject_finding, reopen_finding
from .inspections import arrange, cancel_inspection, close_inspection, enter_inspection, leave_inspection
from .papers import (
    correct_paper,
    draft_paper,
    edit_paper,
    feedback_file,
    issue_paper,
    paper_file,
    renew_paper,
)
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
from .rounds import change_round, open_round
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
    "change_round",
    "close_inspection",
    "confirm_finding",
    "correct_paper",
    "create_plan",
    "create_team",
    "create_term",
    "draft_feedback",
    "draft_paper",
    "edit_feedback",
    "edit_finding",
    "edit_paper",
    "end_membership",
    "enter_inspection",
    "feedback_file",
    "file_plan",
    "issue_feedback",
    "issue_paper",
    "leave_inspection",
    "open_round",
    "paper_file",
    "record_finding",
    "reject_finding",
    "remove_from_plan",
    "renew_paper",
    "reopen_finding",
    "return_plan",
    "submit_plan",
    "suggest_plan",
]
