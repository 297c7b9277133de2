"""Classes: which villages have none, which proposals wait, what was decided."""

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from accounts.models import Division
from common import policy
from villages.enums import ClassificationStatus, VillageStatus
from villages.models import Classification, Village

from .villages import SHOWN

M = TypeVar("M", bound=Model)


def unclassified(user: Any, *, county: Division | None = None, township: Division | None = None) -> "QuerySet[Village]":
    """Active villages without a class and without a proposal, of which the user may see the class (未分类)."""
    waiting = Classification.objects.filter(village=OuterRef("pk"), status=ClassificationStatus.PROPOSED)
    seen = policy.visible(user, Village.objects.select_related(*SHOWN), "view_class")
    return _within(seen.filter(~Exists(waiting), status=VillageStatus.ACTIVE, klass=None), county, township)


def proposals(
    user: Any,
    status: str = ClassificationStatus.PROPOSED,
    *,
    county: Division | None = None,
    township: Division | None = None,
    klass: str = "",
) -> "QuerySet[Classification]":
    """Classes in one state, of active villages, with what a list shows of them."""
    rows = Classification.objects.filter(status=status, village__status=VillageStatus.ACTIVE).select_related(
        "village__division", "village__township", "village__county", "proposer", "approver"
    )
    if klass:
        rows = rows.filter(klass=klass)
    return _within(policy.visible(user, rows).prefetch_related("kinds"), county, township)


def waiting_proposals(user: Any) -> "QuerySet[Classification]":
    """Proposals that this very person may approve: for the workbench (H1)."""
    rows = Classification.objects.filter(
        status=ClassificationStatus.PROPOSED, village__status=VillageStatus.ACTIVE
    ).select_related("village__division", "village__township")
    return policy.visible(user, rows, "approve").exclude(proposer=user)


def classes_of(village: Village) -> "QuerySet[Classification]":
    """The whole history of one village's class, newest first."""
    return village.classifications.select_related("proposer", "approver").prefetch_related("kinds").order_by("-id")


def _within(rows: "QuerySet[M]", county: Division | None, township: Division | None) -> "QuerySet[M]":
    place = {"county": county, "township": township}
    return rows.filter(**{key: value for key, value in place.items() if value is not None})
