"""How titles, sentences and shares are written."""

from decimal import ROUND_HALF_UP, Decimal
from typing import SupportsFloat

INNER = str.maketrans("“”", "‘’")


def quoted(text: str) -> str:
    """In quotes, and quotes within them as inner ones."""
    return f"“{text.translate(INNER)}”"


def tenth(value: SupportsFloat) -> str:
    """With one decimal, a half rounded up as everybody does it (四舍五入): 6.25 is 6.3, which Python writes 6.2."""
    return str(Decimal(repr(round(float(value), 9))).quantize(Decimal("0.1"), ROUND_HALF_UP))
