"""催办函 that a person may read (E7)."""

from django.db.models import Count, QuerySet

from accounts.models import User
from common import policy
from rectification.models import UrgeLetter


def letters() -> "QuerySet[UrgeLetter]":
    return UrgeLetter.objects.select_related("county", "township", "issued_by__organ")


def letters_of(user: User) -> "QuerySet[UrgeLetter]":
    """With how many items each speaks of."""
    return policy.visible(user, letters()).annotate(items=Count("lines"))
