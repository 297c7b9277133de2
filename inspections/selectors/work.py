"""What teams and their members did, as questions to the database: for appraisals and for the lists behind them (G7)."""

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from common.models import AuditEvent
from inspections.enums import FindingStatus, Stage
from inspections.models import Finding

ENTERED = (Stage.DURING, Stage.AFTER, Stage.CLOSED)


def while_on(member: str, inspection: str) -> Q:
    """Was the member on the team while it was in the village? Each with the path that leads there."""
    begun = Q(**{f"{inspection}entered_on__lte": F(f"{member}ends_on")})
    left = f"{inspection}left_on"
    return begun & (Q(**{left: None}) | Q(**{f"{left}__gte": F(f"{member}starts_on")}))


def of_member(user_id: int) -> Q:
    """Findings that the person recorded or stood for as the second inspector."""
    return Q(inspector_id=user_id) | Q(second_inspector_id=user_id)


def sent_back() -> Exists:
    """Was the finding sent back to the draft at a review at least once?"""
    return Exists(
        AuditEvent.objects.filter(
            object_type=Finding._meta.label,
            object_id=Cast(OuterRef("pk"), CharField()),
            action="reopen",
            source__in=(FindingStatus.SIGNED, FindingStatus.REVIEWED),
        )
    )
