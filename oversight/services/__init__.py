"""Everything that is written about oversight, by noun; other apps import from here."""

from .appraisals import commend, mark_papers, refuse_unless_closed
from .assessments import (
    draw_up_assessment,
    edit_assessment,
    enforce_assessment,
    give_points,
    publish_assessment,
)
from .campaigns import close_campaign, finish_task, report_campaign, resume_task, return_campaign, take_on
from .circulars import (
    circular_file,
    draft_circular,
    drop_circular,
    edit_circular,
    issue_circular,
    remind_readers,
    renew_circular,
    set_example,
    urge_readers,
)
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
from .score_sheet import score_sheet
from .self_checks import answer_check, confirm_check, issue_notice, remind_self_checks, send_back_check
from .tallies import recount, sum_up

__all__ = [
    "add_follow_up",
    "answer_check",
    "answer_follow_up",
    "approve_issue",
    "arrange_occasion",
    "circular_file",
    "close_campaign",
    "commend",
    "confirm_check",
    "confirm_follow_up",
    "draft_circular",
    "draw_up_assessment",
    "drop_circular",
    "drop_occasion",
    "edit_assessment",
    "edit_circular",
    "enforce_assessment",
    "finish_task",
    "give_points",
    "hold_occasion",
    "issue_circular",
    "issue_notice",
    "mark_papers",
    "open_issue",
    "propose_again",
    "publish_assessment",
    "recount",
    "refuse_unless_closed",
    "remind_readers",
    "remind_self_checks",
    "renew_circular",
    "report_campaign",
    "resume_task",
    "return_campaign",
    "return_issue",
    "score_sheet",
    "send_back_check",
    "send_back_follow_up",
    "set_example",
    "set_talk_rule",
    "set_thresholds",
    "sum_up",
    "take_on",
    "urge_readers",
]
