"""Everything that is written about oversight, by noun; other apps import from here."""

from .campaigns import close_campaign, finish_task, report_campaign, resume_task, return_campaign, take_on
from .issues import approve_issue, open_issue, propose_again, return_issue, set_thresholds

__all__ = [
    "approve_issue",
    "close_campaign",
    "finish_task",
    "open_issue",
    "propose_again",
    "report_campaign",
    "resume_task",
    "return_campaign",
    "return_issue",
    "set_thresholds",
    "take_on",
]
