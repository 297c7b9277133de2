"""Reads about villages, for this app and those above."""

from .classes import proposals, unclassified, waiting_proposals
from .villages import active_counts_by_class, class_visible, visible_villages

__all__ = [
    "active_counts_by_class",
    "class_visible",
    "proposals",
    "unclassified",
    "visible_villages",
    "waiting_proposals",
]
