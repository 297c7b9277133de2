"""Everything that is written about oversight, by noun; other apps import from here."""

from .campaigns import close_campaign, finish_task, report_campaign, resume_task, return_campaign, take_on
from .issues import approve_issue, open_issue, propose_again, return_issue, set_thresholds
from .occasions import (
    add_follow_up,
    answer_follow_up,
    arrange_occasion,
    confirm_follow_up,
    drop_occasion,
    hold_occasion,
    send_back_follow_up,
    set_talk_rule,
)
from .self_checks import answer_check, confirm_check, issue_notice, remind_self_checks, send_back_check
from .tallies import recount, sum_up

__all__ = [
    "add_follow_up",
    "answer_check",
    "answer_follow_up",
    "approve_issue",
    "arrange_occasion",
    "close_campaign",
    "confirm_check",
    "confirm_follow_up",
    "drop_occasion",
    "finish_task",
    "hold_occasion",
    "issue_notice",
    "open_issue",
    "propose_again",
    "recount",
    "remind_self_checks",
    "report_campaign",
    "resume_task",
    "return_campaign",
    "return_issue",
    "send_back_check",
    "send_back_follow_up",
    "set_talk_rule",
    "set_thresholds",
    "sum_up",
    "take_on",
]
