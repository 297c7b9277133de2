"""Counting lives in common; the name stays for those who import it from here."""

from common.counting import CAP, capped_counts

__all__ = ["CAP", "capped_counts"]
