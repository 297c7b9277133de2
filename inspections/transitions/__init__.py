"""Legal moves of plans, inspections, findings, papers and feedback, by noun."""

from .fieldwork import DUTY_MOVES, RECORD_MOVES, inspection_takes_records, paper_awaited
from .findings import FINDING_MOVES, inspection_takes_findings
from .papers import FEEDBACK_MOVES, PAPER_MOVES, inspection_takes_paper, paper_is_complete
from .plans import FILING_MOVES, PLAN_MOVES, RECUSAL_MOVES
from .stages import INSPECTION_MOVES, team_fits_mode

__all__ = [
    "DUTY_MOVES",
    "FEEDBACK_MOVES",
    "FILING_MOVES",
    "FINDING_MOVES",
    "INSPECTION_MOVES",
    "PAPER_MOVES",
    "PLAN_MOVES",
    "RECORD_MOVES",
    "RECUSAL_MOVES",
    "inspection_takes_findings",
    "inspection_takes_paper",
    "inspection_takes_records",
    "paper_awaited",
    "paper_is_complete",
    "team_fits_mode",
]
