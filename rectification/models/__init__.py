"""Rectification items and all that happens to them until they are closed (A6, A7, E6–E8)."""

from .clues import Clue
from .exports import LedgerExport
from .items import Measure, RectificationItem, Responsible
from .letters import UrgeLetter, UrgeLine
from .reminders import CountyRule, Reminder, ReminderLine, ReminderRule, ReminderRun
from .settings import CountySetting, DeadlineSetting
from .sheets import ProgressRow, ProgressSheet
from .work import Attachment, Extension, ProgressReport, SupervisionCheck

__all__ = [
    "Attachment",
    "Clue",
    "CountyRule",
    "CountySetting",
    "DeadlineSetting",
    "Extension",
    "LedgerExport",
    "Measure",
    "ProgressReport",
    "ProgressRow",
    "ProgressSheet",
    "RectificationItem",
    "Reminder",
    "ReminderLine",
    "ReminderRule",
    "ReminderRun",
    "Responsible",
    "SupervisionCheck",
    "UrgeLetter",
    "UrgeLine",
]
