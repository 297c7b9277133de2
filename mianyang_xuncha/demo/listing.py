"""The demo's accounts as lines to read: those to try first, then all by place. Needs no Django."""

import unicodedata
from collections.abc import Iterable, Iterator

FIRST = ("county", "head", "city", "team1", "qysecretary", "qydiscipline", "qy1v", "admin")
Account = dict[str, str]


def listing(accounts: Iterable[Account]) -> Iterator[str]:
    """Aligned columns: 用户名, 单位, 职务, 姓名; the villages of a township stand under it."""
    rows = list(accounts)
    known = {one["username"]: one for one in rows}
    yield "先试这几个：" + "、".join(f"{name}（{known[name]['organ']}）" for name in FIRST if name in known)
    widths = [max((_width(one[key]) for one in rows), default=0) for key in ("username", "organ", "post")]
    for place in dict.fromkeys(one["place"] for one in rows):
        yield f"{place}："
        for one in (row for row in rows if row["place"] == place):
            cells = (one["username"], one["organ"], one["post"])
            padded = [text + " " * (width - _width(text)) for text, width in zip(cells, widths, strict=True)]
            yield "  " + "  ".join([*padded, one["name"]])


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
