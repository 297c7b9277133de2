"""签发交办: everything is shown once more before the feedback is issued and the items are made."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.calendar import today
from common.errors import Conflict
from common.gate import get_object, requires
from inspections.enums import FeedbackStatus
from inspections.models import Feedback
from rectification import selectors, services
from rectification.enums import DeadlineKind
from rectification.forms import HandOverForm
from rectification.services.handover import KINDS, deadline_of

from .base import attempt, missing, show


@requires("issue", "inspections.Feedback")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    feedback = get_object(request.user, selectors.feedbacks(), "issue", pk=pk)
    if feedback.status == FeedbackStatus.ISSUED:
        raise Conflict(_("“%s”已经签发，不能重复签发。") % feedback)
    number = feedback.document_number or selectors.next_document_number(feedback, today())
    form = HandOverForm(request.POST or None, initial={"document_number": number, "version": feedback.version})
    if request.method == "POST" and form.is_valid():
        made: list[Any] = []
        if attempt(form, lambda: made.extend(_hand_over(request, feedback, form))):
            messages.success(
                request,
                _("已签发 %(number)s，交办整改事项 %(count)s 件，并已通知乡镇和村。")
                % {"number": form.cleaned_data["document_number"], "count": len(made)},
            )
            return redirect(f"{reverse('rectification:list')}?inspection={feedback.inspection_id}")
    return show(request, "hand_over", _checked(feedback) | {"feedback": feedback, "form": form})


def _hand_over(request: HttpRequest, feedback: Feedback, form: HandOverForm) -> list[Any]:
    data = form.cleaned_data
    if data["version"] != feedback.version:
        raise Conflict(_("反馈意见已被他人修改，请刷新核对后再签发。"))
    return services.hand_over(feedback=feedback, actor=request.user, document_number=data["document_number"])


def _checked(feedback: Feedback) -> dict[str, Any]:
    """Issue list with its deadlines, the dates, the receivers, and what still hinders."""
    findings, hindrance = selectors.findings_to_issue(feedback), ""
    due: dict[str, Any] = {}
    try:
        due = services.deadlines_for(
            county=feedback.county, kinds=KINDS, start=today(), round=feedback.inspection.round
        )
    except ValidationError as error:
        hindrance = error.messages[0]
    rows = [{"finding": one, "deadline": _deadline(one, due)} for one in findings]
    ahead = sum(one.went_ahead for one in findings)
    hindrance = hindrance or missing(feedback, "issue")
    return {
        "rows": rows,
        "ahead": ahead,
        "fresh": len(rows) - ahead,
        "common": sum(one.is_common for one in findings),
        "immediate": sum(one.is_immediate for one in findings),
        "plan_due_on": due.get(DeadlineKind.PLAN),
        "receivers": selectors.receivers(feedback),
        "hindrance": hindrance,
        "today": today(),
    }


def _deadline(finding: Any, due: dict[str, Any]) -> Any:
    if finding.went_ahead:
        return finding.item.deadline
    return deadline_of(finding, due) if due else None
