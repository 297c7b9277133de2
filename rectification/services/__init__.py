"""What is written about rectification items, by noun."""

from .cases import record_case
from .clue_letter import clue_letter
from .clues import (
    answer_clue,
    approve_clue,
    close_clue,
    hand_over_clue,
    look_at,
    open_clue,
    propose_clue,
    reassign_clue,
    receive_clue,
    reject_clue,
    seal_fits,
)
from .counts import tell_count
from .deadlines import (
    county_setting,
    deadline_for,
    deadlines_for,
    save_settings,
    set_amber_days,
    set_deadlines,
    settings_in_force,
)
from .export import export_ledger
from .export import job as export_job
from .extensions import ask_extension, grant_extension, refuse_extension
from .handover import hand_over, hand_over_now
from .items import (
    accept_item,
    accept_items,
    assign_responsibles,
    complete_measure,
    mark_long_term,
    reopen_item,
    return_item,
    set_measures,
    submit_item,
    verify_item,
)
from .lessons import issue_lesson, lesson_file, receivers, save_lesson, sign_read
from .letters import urge_letter_file
from .lookbacks import draw_lookback, drawn, lookback_workbook, record_lookback
from .nudges import nudge
from .progress import report_many, report_progress
from .progress_sheets import confirm as confirm_progress
from .progress_sheets import discard as discard_progress
from .progress_sheets import progress_workbook, refused_workbook
from .progress_sheets import receive as receive_progress
from .receipts import receive_feedback
from .recompute import fingerprint, recompute, shifts, to_recompute, try_deadlines
from .reminder_rules import set_rules, try_rules, wishes_of
from .reminder_rules import words as rule_words
from .reminders import send_reminders, set_reminders
from .replies import receive_item, reply_to_item
from .satisfaction import record_poll, set_satisfaction
from .slips import assignment_slip
from .supervision import decide_dissent, sign_check
from .urging import urge_items
from .workdays import forget_days, set_days, try_days

__all__ = [
    "accept_item",
    "accept_items",
    "answer_clue",
    "approve_clue",
    "ask_extension",
    "assign_responsibles",
    "assignment_slip",
    "close_clue",
    "clue_letter",
    "complete_measure",
    "confirm_progress",
    "county_setting",
    "deadline_for",
    "deadlines_for",
    "decide_dissent",
    "discard_progress",
    "draw_lookback",
    "drawn",
    "export_job",
    "export_ledger",
    "fingerprint",
    "forget_days",
    "grant_extension",
    "hand_over",
    "hand_over_clue",
    "hand_over_now",
    "issue_lesson",
    "lesson_file",
    "look_at",
    "lookback_workbook",
    "mark_long_term",
    "nudge",
    "open_clue",
    "progress_workbook",
    "propose_clue",
    "reassign_clue",
    "receive_clue",
    "receive_feedback",
    "receive_item",
    "receive_progress",
    "receivers",
    "recompute",
    "record_case",
    "record_lookback",
    "record_poll",
    "refuse_extension",
    "refused_workbook",
    "reject_clue",
    "reopen_item",
    "reply_to_item",
    "report_many",
    "report_progress",
    "return_item",
    "rule_words",
    "save_lesson",
    "save_settings",
    "seal_fits",
    "send_reminders",
    "set_amber_days",
    "set_days",
    "set_deadlines",
    "set_measures",
    "set_reminders",
    "set_rules",
    "set_satisfaction",
    "settings_in_force",
    "shifts",
    "sign_check",
    "sign_read",
    "submit_item",
    "tell_count",
    "to_recompute",
    "try_days",
    "try_deadlines",
    "try_rules",
    "urge_items",
    "urge_letter_file",
    "verify_item",
    "wishes_of",
]
