"""What a service may raise besides ValidationError and PermissionDenied."""

from collections.abc import Sequence
from typing import TypedDict

from django.http import Http404


class Differing(TypedDict):
    """What the page of a conflict shows side by side, so that nothing typed is lost."""

    label: str
    theirs: str
    yours: str


class Conflict(Exception):
    """The object changed or is in another state than the caller thought: HTTP 409."""

    def __init__(self, reason: str, fields: Sequence[Differing] = ()):
        super().__init__(reason)
        self.fields = fields


class OutOfScope(Http404):
    """The object exists but not for this person: answered like a missing one, recorded as a denial."""
