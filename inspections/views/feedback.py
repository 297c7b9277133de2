"""Feedback of one inspection: drafted from the findings, edited, handed over on rectification's check page (E2)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import policy
from common.downloads import as_file
from common.errors import Conflict
from common.files import DOCX
from common.gate import get_object, requires
from inspections import services
from inspections.enums import FeedbackStatus, FindingStatus
from inspections.forms.findings import OpinionForm
from inspections.models import Feedback, Inspection
from inspections.selectors import inspections as read

from .moves import same_version
from .steps import scope_columns

FEEDBACK = "inspections.Feedback"


def load() -> Any:
    return Feedback.objects.select_related(
        "inspection__round",
        "inspection__team",
        "inspection__township",
        "inspection__village__division",
        "inspection__village__township",
        "township",
        "village__division",
        "drafted_by",
        "issued_by",
    )


@requires("view", FEEDBACK)
@require_http_methods(["GET", "POST"])
def feedback_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The feedback of inspection `pk`; a draft is edited in place by whoever may."""
    if request.method == "POST":
        return _save(request, _draft(request, pk))
    feedback = _find(request, pk)
    if feedback is None:
        return _none_yet(request, pk)
    form = OpinionForm(initial={"opinion": feedback.opinion, "version": feedback.version})
    return render(request, "inspections/feedback_detail.html", _context(request.user, feedback, form))


def _draft(request: HttpRequest, pk: int) -> Feedback:
    """The feedback of inspection `pk` for editing: 404 or 403 as ever, 409 when it has been issued."""
    feedback: Feedback = get_object(request.user, load(), "edit", inspection=pk)
    if feedback.status != FeedbackStatus.DRAFT:
        raise Conflict(_("反馈意见已经签发，不能再修改；您填写的内容没有保存。"))
    return feedback


def _save(request: HttpRequest, feedback: Feedback) -> HttpResponse:
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            services.edit_feedback(feedback=feedback, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("反馈意见已保存。"))
            return redirect(feedback)
    return render(request, "inspections/feedback_detail.html", _context(request.user, feedback, form), status=422)


def _find(request: HttpRequest, pk: int) -> Feedback | None:
    return policy.visible(request.user, load().filter(inspection=pk)).first()  # type: ignore[no-any-return]


def _context(user: Any, feedback: Feedback, form: OpinionForm) -> dict[str, Any]:
    findings = [
        one
        for one in read.findings_of(user, feedback.inspection)
        if one.status in (FindingStatus.CONFIRMED, FindingStatus.FED_BACK)
    ]
    decision = policy.allows(user, "issue", feedback)
    drafting = feedback.status == FeedbackStatus.DRAFT
    return {
        "feedback": feedback,
        "inspection": feedback.inspection,
        "findings": findings,
        "common": [one for one in findings if one.is_common],
        "own": [one for one in findings if not one.is_common],
        "form": form,
        "may_edit": drafting and bool(policy.allows(user, "edit", feedback)),
        "may_issue": drafting and bool(decision),
        "issue_reason": decision.reason if drafting and policy.may(user, "issue", Feedback) else "",
        "inside": bool(policy.allows(user, "view", feedback.inspection)),
    }


def _none_yet(request: HttpRequest, pk: int) -> HttpResponse:
    if not policy.may(request.user, "view", Inspection):
        raise Http404
    inspection = get_object(request.user, read.for_page(), pk=pk)
    confirmed = inspection.findings.filter(status=FindingStatus.CONFIRMED).count()
    new = Feedback(inspection=inspection, **scope_columns(inspection))
    context = {
        "inspection": inspection,
        "confirmed": confirmed,
        "may_draft": inspection.status == "AFTER" and confirmed and policy.allows(request.user, "add", new),
    }
    return render(request, "inspections/feedback_none.html", context)


@requires("add", FEEDBACK)
@require_POST
def feedback_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft from the confirmed findings."""
    inspection = get_object(request.user, read.for_page(), pk=pk)
    try:
        feedback = services.draft_feedback(inspection=inspection, actor=request.user)
    except ValidationError as error:
        for one in error.messages:
            messages.error(request, one)
        return redirect(inspection)
    messages.success(request, _("已按确认的问题起草反馈意见，请核对修改。"))
    return redirect(feedback)


@requires("edit", FEEDBACK)
@require_POST
def feedback_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the text anew from the findings as they are now; what was written by hand is lost, so it asks."""
    feedback = _draft(request, pk)
    same_version(request.POST.get("version", ""), feedback)
    if request.POST.get("confirmed") != "1":
        context = {
            "title": _("重新生成反馈意见"),
            "effect": _("将按现在已确认的问题重新生成正文，手工修改的内容会被替换。"),
            "verb": _("重新生成"),
            "cancel_url": feedback.get_absolute_url(),
            "warn": True,
            "hidden": [("version", feedback.version)],
        }
        return render(request, "_parts/confirm_page.html", context)
    services.edit_feedback(feedback=feedback, actor=request.user, version=feedback.version)
    messages.success(request, _("已重新生成，请核对。"))
    return redirect(feedback)


@requires("view", FEEDBACK)
@require_GET
def feedback_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion with its issue list as a Word paper."""
    feedback = get_object(request.user, load(), inspection=pk)
    return as_file(*services.feedback_file(feedback=feedback, actor=request.user), DOCX)
