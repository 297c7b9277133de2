"""Rectification items and all that happens to them until they are closed (A6, A7, E6–E8)."""

from .cases import CaseResult, Lesson, LessonReceipt, Signed
from .clues import Clue
from .exports import LedgerExport
from .handover import PartyReceipt, Receipt, Reply
from .items import Measure, RectificationItem, Responsible
from .letters import UrgeLetter, UrgeLine
from .lookback import CountTold, Lookback, LookbackLine
from .reminders import CountyRule, Reminder, ReminderLine, ReminderRule, ReminderRun
from .satisfaction import SatisfactionCount
from .settings import CountySetting, DeadlineSetting
from .sheets import ProgressRow, ProgressSheet
from .watching import CheckPhoto, Dissent
from .work import Attachment, Extension, ProgressReport, SupervisionCheck

__all__ = [
    "Attachment",
    "CaseResult",
    "CheckPhoto",
    "Clue",
    "CountTold",
    "CountyRule",
    "CountySetting",
    "DeadlineSetting",
    "Dissent",
    "Extension",
    "LedgerExport",
    "Lesson",
    "LessonReceipt",
    "Lookback",
    "LookbackLine",
    "Measure",
    "PartyReceipt",
    "ProgressReport",
    "ProgressRow",
    "ProgressSheet",
    "Receipt",
    "RectificationItem",
    "Reminder",
    "ReminderLine",
    "ReminderRule",
    "ReminderRun",
    "Reply",
    "Responsible",
    "SatisfactionCount",
    "Signed",
    "SupervisionCheck",
    "UrgeLetter",
    "UrgeLine",
]
