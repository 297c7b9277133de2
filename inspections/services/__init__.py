"""Everything that is written about inspections, by noun; other apps import from here."""

from .checklists import (
    add_item,
    discard_checklist,
    draft_checklist,
    edit_item,
    enable_checklist,
    restore_item,
    retire_item,
)
from .citations import cite
from .duties import do_duties, do_duty, undo_duty, waive_duty
from .duty_lists import (
    add_duty_template,
    adopt_duty_list,
    edit_duty_template,
    move_duty_template,
    retire_duty_template,
)
from .feedback import draft_feedback, edit_feedback, hand_over_finding, issue_feedback
from .fieldwork import (
    correct_record,
    explain_gaps,
    record_conversation,
    record_document,
    record_mobilisation,
    record_visit,
    void_record,
)
from .filings import accept_filing, file_plan, file_round, return_filing, revise_plan
from .findings import (
    confirm_finding,
    cosign_finding,
    edit_finding,
    merge_finding,
    record_finding,
    reject_finding,
    reopen_finding,
    review_finding,
)
from .findings_ledger import export_findings
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
    remove_from_plan,
    return_plan,
    submit_plan,
    suggest_plan,
)
from .recusals import declare_recusal, lift_recusal
from .referral import refer_finding, restore_finding
from .rounds import change_round, open_round
from .settings import set_forces
from .sources import reveal_source
from .teams import add_member, assign_team, change_member, create_team, end_membership, line_up
from .terms import change_term, create_term

__all__ = [
    "accept_filing",
    "add_duty_template",
    "add_item",
    "add_member",
    "add_to_plan",
    "adopt_duty_list",
    "approve_plan",
    "arrange",
    "assign_team",
    "cancel_inspection",
    "change_member",
    "change_on_plan",
    "change_round",
    "change_term",
    "cite",
    "close_inspection",
    "confirm_finding",
    "correct_paper",
    "correct_record",
    "cosign_finding",
    "create_plan",
    "create_team",
    "create_term",
    "declare_recusal",
    "discard_checklist",
    "do_duties",
    "do_duty",
    "draft_checklist",
    "draft_feedback",
    "draft_paper",
    "edit_duty_template",
    "edit_feedback",
    "edit_finding",
    "edit_item",
    "edit_paper",
    "enable_checklist",
    "end_membership",
    "enter_inspection",
    "explain_gaps",
    "export_findings",
    "feedback_file",
    "file_plan",
    "file_round",
    "hand_over_finding",
    "issue_feedback",
    "issue_paper",
    "leave_inspection",
    "lift_recusal",
    "line_up",
    "merge_finding",
    "move_duty_template",
    "open_round",
    "paper_file",
    "record_conversation",
    "record_document",
    "record_finding",
    "record_mobilisation",
    "record_visit",
    "refer_finding",
    "reject_finding",
    "remove_from_plan",
    "renew_paper",
    "reopen_finding",
    "restore_finding",
    "restore_item",
    "retire_duty_template",
    "retire_item",
    "return_filing",
    "return_plan",
    "reveal_source",
    "review_finding",
    "revise_plan",
    "set_forces",
    "submit_plan",
    "suggest_plan",
    "undo_duty",
    "void_record",
    "waive_duty",
]
