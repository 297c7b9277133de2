"""What a cell of somebody's file may hold, as a person sees it; what is refused in every column."""

import re
import unicodedata
from datetime import datetime, time
from typing import Any


class CellRefused(ValueError):
    """This cell cannot be taken; the text says why and what to write."""


class Formula(str):
    """A formula as it stands in the file."""

    __slots__ = ()


QUOTED = re.compile('="((?:[^"]|"")*)"')


def formula(text: str) -> str:
    """A formula; one that only quotes a text, as systems export codes (="510703001008"), is that text."""
    quoted = QUOTED.fullmatch(text.strip())
    return quoted[1].replace('""', '"') if quoted else Formula(text)


class ErrorValue(str):
    """#N/A, #REF! and the like."""

    __slots__ = ()


class Covered:
    """A cell that lies under a merged one."""


COVERED = Covered()


def shown(raw: Any) -> str:
    """The cell as a person sees it, for the list of refusals."""
    if raw is None or raw is COVERED:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return str(raw)[:200]


def refuse_odd(raw: Any) -> None:
    """Formulas, error values and cells under a merged one are refused in every column."""
    if isinstance(raw, Formula):
        raise CellRefused("这一格是公式，请复制后“选择性粘贴—数值”，或直接填写结果")
    if isinstance(raw, ErrorValue):
        raise CellRefused(f"这一格是错误值 {raw}，请填写正确的内容或清空")
    if raw is COVERED:
        raise CellRefused("这一格属于合并单元格，请取消合并后逐行填写")


def key_of(title: object) -> str:
    """A title reduced to letters and digits, full-width forms folded: 县（市、区） and 县(市、区)* are one."""
    return "".join(one for one in unicodedata.normalize("NFKC", str(title)) if one.isalnum()).lower()
