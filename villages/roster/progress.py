"""How far a worker has come with an import (`common.progress`), in the words of the page that waits for it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common import progress

WORDS = {
    "read": _("正在读取文件"),
    "compare": _("正在与名册比较"),
    "keep": _("正在保存预检结果"),
    "write": _("正在写入名册"),
    "undo": _("正在恢复名册"),
}
Tell = Callable[[Any, str, float], None]
"""(cursor, one of WORDS, percent of the whole job)"""


class Progress(NamedTuple):
    words: str
    percent: int


def silent(cursor: Any, step: str, percent: float) -> None:
    """For work that somebody waits for in the same request."""


def teller(roster: UUID) -> Tell:
    """Tell it of this import, to the end of the transaction."""

    def tell(cursor: Any, step: str, percent: float) -> None:
        progress.tell(cursor, _name(roster), step, percent)

    return tell


def of(roster: UUID) -> Progress | None:
    """None: no worker has it."""
    found = progress.of(_name(roster))
    return Progress(str(WORDS[found[0]]), found[1]) if found else None


def _name(roster: UUID) -> str:
    return f"roster {roster.hex}"
