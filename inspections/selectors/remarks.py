"""What a person should know about a plan: a sentence, and the villages that it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 6


@dataclass(frozen=True)
class Remark:
    code: str
    text: str
    villages: tuple[str, ...] = ()
    more: bool = False


def named(code: str, text: str, names: Sequence[str]) -> Remark | None:
    """`text` has one %s for how many there are; nothing where there are none."""
    if not names:
        return None
    return Remark(code, text % len(names), tuple(names[:SHOWN]), more=len(names) > SHOWN)
