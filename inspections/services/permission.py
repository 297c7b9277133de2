"""The policy's answer as an exception, for acts that are no move of a workflow."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from common import policy


def demand(actor: Any, action: str, obj: Model) -> None:
    """Raise PermissionDenied with the policy's reason unless `actor` may do `action` on `obj`."""
    decision = policy.allows(actor, action, obj)
    if not decision:
        raise PermissionDenied(decision.reason)
