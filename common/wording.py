"""How titles, sentences and shares are written."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import SupportsFloat

INNER = str.maketrans("“”", "‘’")


def quoted(text: str) -> str:
    """In quotes, and quotes within them as inner ones."""
    return f"“{text.translate(INNER)}”"


def tenth(value: SupportsFloat) -> str:
    """With one decimal, a half rounded up as everybody does it (四舍五入): 6.25 is 6.3, which Python writes 6.2."""
    return str(Decimal(repr(round(float(value), 9))).quantize(Decimal("0.1"), ROUND_HALF_UP))


def percent(value: SupportsFloat) -> str:
    """62.4 of a hundred: 62.4%."""
    return f"{tenth(value)}%"


def charted(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], write: Callable[[float], str]
) -> str:
    """A chart's numbers in words, for whoever does not see the picture: 甲：一月 1，二月 —；乙：一月 2，二月 3."""
    return "；".join(
        f"{name}：" + "，".join(f"{at} {'—' if n is None else write(n)}" for at, n in zip(labels, values, strict=True))
        for name, values in series
    )
