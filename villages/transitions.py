"""Legal moves of a classification: proposed by the office, approved by its head, later superseded (B2)."""

from common.workflow import Moves, move

from .enums import ClassificationStatus as S

CLASSIFICATION_MOVES = Moves(
    S.PROPOSED,
    [
        move("approve", "审定", [S.PROPOSED], S.APPROVED, tone="primary"),
        move("reject", "不予通过", [S.PROPOSED], S.REJECTED, note=True, tone="warn"),
        move("supersede", "被新分类替代", [S.APPROVED], S.SUPERSEDED, action="approve"),
    ],
)
