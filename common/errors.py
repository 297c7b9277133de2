"""What a service may raise besides ValidationError and PermissionDenied."""

from django.http import Http404


class Conflict(Exception):
    """The object changed or is in another state than the caller thought: HTTP 409."""


class OutOfScope(Http404):
    """The object exists but not for this person: answered like a missing one, recorded as a denial."""
