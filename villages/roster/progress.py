"""How far a worker has come with an import, for the page that waits for it.

It is told in the name of the database session that does the work: others read it at once in pg_stat_activity,
though the transaction is still open, and it is gone the moment the worker is. Nothing to clean up, nothing to lie.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

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
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"{_name(roster)} {step} {percent:.0f}"])

    return tell


def of(roster: UUID) -> Progress | None:
    """None: no worker has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE %s", [f"{_name(roster)} %"]
        )
        found = cursor.fetchone()
    if not found:
        return None
    _prefix, step, percent = found[0].rsplit(" ", 2)
    return Progress(str(WORDS[step]), int(percent))


def _name(roster: UUID) -> str:
    return f"roster {roster.hex}"
