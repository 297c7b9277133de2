"""反馈: the opinion drafted from the confirmed findings; issuing it freezes them (E1, E2)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from common import audit, policy, workflow
from common.errors import Conflict
from inspections.enums import NUMBERED, FeedbackStatus, FindingStatus, Stage
from inspections.models import Feedback, Finding, Inspection
from inspections.models.findings import EARLY
from inspections.selectors.opinion import opinion_text
from villages.services import scope_of

from .numbers import refuse_taken


@transaction.atomic
def draft_feedback(*, inspection: Inspection, actor: Any, opinion: str | None = None) -> Feedback:
    """Draft the feedback once the team has left; without `opinion` the text is made from the confirmed findings.

    Raises Conflict before 巡后 or when there is a draft already, ValidationError when nothing is confirmed,
    PermissionDenied for others than the county office and for whoever would issue it.
    """
    inspection = _locked(inspection.pk)
    feedback = Feedback(inspection=inspection, drafted_by=actor, **scope_of(inspection.village))
    policy.allows(actor, "add", feedback).demand()
    if inspection.status != Stage.AFTER:
        raise Conflict(_("巡察组结束驻村后才能起草反馈意见。"))
    if inspection.feedbacks.exists():
        raise Conflict(_("这次巡察的反馈意见已经起草，请直接修改。"))
    if not inspection.findings.filter(status__in=NUMBERED).exists():
        raise ValidationError(_("还没有已确认的问题，不能起草反馈意见。"))
    feedback.opinion = opinion_text(inspection) if opinion is None else opinion.strip()
    feedback.save()
    audit.record("draft", feedback, actor=actor, target=FeedbackStatus.DRAFT)
    return feedback


def edit_feedback(
    *, feedback: Feedback, actor: Any, opinion: str | None = None, version: int | None = None
) -> Feedback:
    """Change the text before issue; `opinion=None` makes it anew from the findings as they are now."""
    if opinion is None:
        opinion = opinion_text(feedback.inspection)
    if not opinion.strip():
        raise ValidationError({"opinion": _("请填写反馈意见。")})
    return workflow.apply(feedback, "edit", actor=actor, version=version, opinion=opinion.strip())


@transaction.atomic
def issue_feedback(
    *, feedback: Feedback, actor: Any, on: date, deadline: date, plan_due_on: date | None, document_number: str
) -> Feedback:
    """Issue the feedback and freeze its findings; only `rectification.services.hand_over` calls this (E2).

    Needs the head of the county office, who did not draft it, a text, confirmed findings and no open draft.
    """
    _locked(feedback.inspection_id)
    if deadline < on:
        raise ValidationError({"deadline": _("整改时限不能早于签发日期。")})
    refuse_taken(feedback, document_number.strip())
    issued = workflow.apply(
        feedback,
        "issue",
        actor=actor,
        issued_on=on,
        issued_by=actor,
        deadline=deadline,
        plan_due_on=plan_due_on,
        document_number=document_number.strip(),
    )
    found = Finding.objects.filter(inspection_id=feedback.inspection_id, status=FindingStatus.CONFIRMED)
    for order, finding in enumerate(found.order_by(Length("number"), "number"), start=1):
        # What was confirmed and taken back later has left a gap, which would tell of it: the rest close up.
        workflow.apply(finding, "feed_back", actor=actor, number=f"{feedback.inspection.number}-{order:02}")
    return issued


def hand_over_finding(*, finding: Finding, actor: Any, version: int | None = None) -> Finding:
    """Freeze a confirmed finding that is to be put right at once; only `rectification.services` calls this (E3).

    In the caller's transaction. Its number is of a series of its own (…-立01), so that neither series has a gap
    whatever becomes of the others.
    """
    inspection = _locked(finding.inspection_id)
    order = inspection.findings.filter(status=FindingStatus.FED_BACK).count() + 1  # the feedback is not issued yet
    number = f"{inspection.number}-{EARLY}{order:02}"
    frozen = workflow.apply(finding, "hand_over", actor=actor, version=version, number=number)
    frozen.inspection, frozen.county = inspection, inspection.county
    return frozen


def _locked(pk: int) -> Inspection:
    related = ("village__division", "township", "county", "round")
    return Inspection.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)
