"""以案促改通报: written and issued above, read and signed for below (E10)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import policy
from common.downloads import as_file
from common.errors import Conflict
from common.files import DOCX
from common.gate import get_object, requires
from common.paging import page_of
from rectification import services
from rectification.enums import LessonStatus
from rectification.forms.cases import IssueForm, LessonForm
from rectification.models import Lesson
from rectification.selectors import cases as read

from .base import attempt, show

LESSON, RECEIPT = "rectification.Lesson", "rectification.LessonReceipt"
GET_POST = ["GET", "HEAD", "POST"]


@requires("view", LESSON)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(read.lessons_of(request.user), request.GET)
    return show(request, "lessons", {"page": page, "may_add": policy.may(request.user, "add", LESSON)})


@requires("add", LESSON)
@require_http_methods(GET_POST)
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@requires("add", LESSON)
@require_http_methods(GET_POST)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = get_object(request.user, read.lessons(), "add", pk=pk)
    if lesson.status != LessonStatus.DRAFT:
        raise Conflict(_("“%s”已经签发，不能再改。") % lesson)
    return _edit(request, lesson)


def _edit(request: HttpRequest, lesson: Lesson | None) -> HttpResponse:
    given = {"title": lesson.title, "text": lesson.text, "version": lesson.version} if lesson else {}
    form = LessonForm(request.POST or None, initial=given)
    saved: list[Lesson] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"actor": request.user, "county": request.user.division, "lesson": lesson}
        if attempt(form, lambda: saved.append(services.save_lesson(**told))):
            messages.success(request, _("已保存，等县委巡察办负责人签发。"))
            return redirect(saved[0])
    return show(request, "lesson_edit", {"form": form, "lesson": lesson})


@requires("view", LESSON)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = get_object(request.user, read.lessons(), pk=pk)
    draft = lesson.status == LessonStatus.DRAFT
    context = {
        "lesson": lesson,
        "receipts": read.receipts_of_lesson(lesson),
        "may_edit": draft and policy.allows(request.user, "add", lesson),
        "issue": policy.allows(request.user, "issue", lesson) if draft else None,
        "knows_issue": draft and policy.may(request.user, "issue", LESSON),
    }
    return show(request, "lesson", context)


@requires("issue", LESSON)
@require_http_methods(GET_POST)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = get_object(request.user, read.lessons(), "issue", pk=pk)
    if lesson.status != LessonStatus.DRAFT:
        raise Conflict(_("“%s”已经签发。") % lesson)
    townships = read.townships_of(lesson.county)
    form = IssueForm(request.POST or None, townships=townships, initial={"version": lesson.version})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"lesson": lesson, "actor": request.user}
        if attempt(form, lambda: services.issue_lesson(**told)):
            messages.success(request, _("已签发，各单位收到消息后签阅。"))
            return redirect(lesson)
    return show(request, "lesson_issue", {"form": form, "lesson": lesson})


@requires("view", LESSON)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = get_object(request.user, read.lessons(), pk=pk)
    return as_file(f"{lesson.title}.docx", services.lesson_file(lesson=lesson, actor=request.user), DOCX)


@requires("view", RECEIPT)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    return show(request, "lessons_received", {"page": page_of(read.receipts_of(request.user), request.GET)})


@requires("view", RECEIPT)
@require_http_methods(GET_POST)
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """The circular for whom it was sent to; POST signs that it was read."""
    receipt = get_object(request.user, read.receipts(), "read" if request.method == "POST" else "view", pk=pk)
    if request.method == "POST":
        services.sign_read(receipt=receipt, actor=request.user)
        messages.success(request, _("已签阅。"))
        return redirect("rectification:lessons_received")
    return show(request, "lesson_read", {"receipt": receipt, "lesson": receipt.lesson})
