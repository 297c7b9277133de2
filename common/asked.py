"""Numbers in addresses and forms, where anybody may write anything."""

from collections.abc import Iterable

DIGITS = 18  # the largest number of so many digits is a key that the database knows


def number(text: str | None, digits: int = DIGITS) -> int | None:
    """The number that is written there in at most so many digits, or None when something else is."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else None


def numbers(texts: Iterable[str]) -> set[int]:
    """Each number once; whatever is no number is left out."""
    return {found for one in texts if (found := number(one)) is not None}
