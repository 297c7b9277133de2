"""Papers of an inspection: drafted, edited section by section, issued, corrected, taken away as Word (D1, E1, H3)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import audit, policy
from common.calendar import today
from common.downloads import as_file
from common.errors import Conflict
from common.files import DOCX
from common.gate import get_object, requires
from common.workflow import buttons
from inspections import services
from inspections.enums import PaperKind, PaperStatus
from inspections.forms.papers import IssuePaperForm, PaperForm
from inspections.models import Inspection, Paper
from inspections.selectors import inspections as read_inspections
from inspections.selectors import papers as read
from inspections.transitions import inspection_takes_paper
from villages.services import scope_of

from .moves import same_version
from .timeline import events

PAPER = "inspections.Paper"


def paper_rows(user: Any, inspection: Inspection) -> list[dict[str, Any]]:
    """Each kind that this inspection has or can have now: its newest edition, or the button that drafts it."""
    found = list(read.papers_of(user, inspection))
    rows = []
    for kind in PaperKind:
        papers = [one for one in found if one.kind == kind]
        if papers:
            rows.append({"kind": kind, "label": kind.label, "paper": papers[0], "editions": len(papers)})
        elif _may_draft(user, inspection, kind):
            rows.append({"kind": kind, "label": kind.label, "paper": None})
    return rows


def _may_draft(user: Any, inspection: Inspection, kind: str) -> bool:
    new = Paper(inspection=inspection, kind=kind, **scope_of(inspection.village))
    return bool(policy.allows(user, "add", new)) and inspection_takes_paper(inspection, kind) is None


@requires("add", PAPER)
@require_POST
def paper_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the paper of the kind that is posted."""
    inspection = get_object(request.user, read_inspections.for_page(), pk=pk)
    kind = request.POST.get("kind", "")
    if kind not in PaperKind.values:
        messages.error(request, _("请选择要起草的文书。"))
        return redirect(inspection)
    try:
        paper = services.draft_paper(inspection=inspection, kind=kind, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(inspection)
    messages.success(request, _("已起草%s，请核对修改。") % paper.get_kind_display())
    return redirect(paper)


@requires("view", PAPER)
@require_http_methods(["GET", "POST"])
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper; a draft is edited in place by whoever may."""
    if request.method == "GET":
        paper = get_object(request.user, read.for_page(), pk=pk)
        return render(request, "inspections/paper.html", _context(request.user, paper, PaperForm(paper=paper)))
    paper = _draft(request, pk)
    form = PaperForm(request.POST, paper=paper)
    if form.is_valid():
        try:
            services.edit_paper(paper=paper, actor=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("文书已保存。"))
            return redirect(paper)
    return render(request, "inspections/paper.html", _context(request.user, paper, form), status=422)


def _draft(request: HttpRequest, pk: int, action: str = "edit") -> Paper:
    """The paper to be changed: 404 or 403 as ever, 409 once it has been issued."""
    paper: Paper = get_object(request.user, read.for_page(), action, pk=pk)
    if paper.status != PaperStatus.DRAFT:
        raise Conflict(_("“%s”已经签发，不能再修改；需要改动时请更正为新的一版。") % paper)
    return paper


def _context(user: Any, paper: Paper, form: PaperForm) -> dict[str, Any]:
    drafting = paper.status == PaperStatus.DRAFT
    editions = [one for one in read.papers_of(user, paper.inspection) if one.kind == paper.kind]
    may_edit = bool(policy.allows(user, "edit", paper))
    return {
        "paper": paper,
        "inspection": paper.inspection,
        "form": form,
        "editions": editions,
        "newest": editions[0] == paper,
        "may_edit": drafting and may_edit,
        "may_correct": not drafting and may_edit and editions[0] == paper,
        "issue": next((one for one in buttons(paper, user) if one.move.name == "issue"), None),
        "events": events(audit.history(paper)[:40]),
    }


@requires("edit", PAPER)
@require_POST
def paper_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the text anew from the data; what was written by hand is lost, so it asks."""
    paper = _draft(request, pk)
    same_version(request.POST.get("version", ""), paper)
    effect = _("将按现在的数据重新生成全文，手工修改的内容会被替换。")
    if request.POST.get("confirmed") != "1":
        return _ask(request, paper, _("重新生成"), effect, warn=True)
    services.renew_paper(paper=paper, actor=request.user, version=paper.version)
    messages.success(request, _("已重新生成，请核对。"))
    return redirect(paper)


@requires("edit", PAPER)
@require_POST
def paper_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a new edition of an issued paper."""
    paper = get_object(request.user, read.for_page(), "edit", pk=pk)
    effect = _("将以现在的内容为底稿另起一版。已签发的这一版保留不变。")
    if request.POST.get("confirmed") != "1":
        return _ask(request, paper, _("更正"), effect)
    edition = services.correct_paper(paper=paper, actor=request.user)
    messages.success(request, _("已另起第 %s 版，请修改后签发。") % edition.edition)
    return redirect(edition)


def _ask(request: HttpRequest, paper: Paper, verb: str, effect: str, warn: bool = False) -> HttpResponse:
    context = {"title": verb, "effect": effect, "verb": verb, "cancel_url": paper.get_absolute_url(), "warn": warn}
    context["hidden"] = [("version", paper.version)]
    return render(request, "_parts/confirm_page.html", context)


@requires("issue", PAPER)
@require_http_methods(["GET", "POST"])
def paper_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything once more, number and day, then issued and frozen."""
    paper = _draft(request, pk, "issue")
    initial = {"document_number": read.next_document_number(paper, today().year), "version": paper.version}
    form = IssuePaperForm(request.POST or None, initial=initial, numbered=paper.is_numbered)
    if request.method == "POST" and form.is_valid():
        try:
            services.issue_paper(paper=paper, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已签发“%s”。") % paper)
            return redirect(paper)
    hindrance = next((one.reason for one in buttons(paper, request.user) if one.move.name == "issue"), "")
    context = {"paper": paper, "form": form, "hindrance": hindrance}
    return render(request, "inspections/paper_issue.html", context, status=422 if form.errors else 200)


@requires("view", PAPER)
@require_GET
def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object(request.user, read.for_page(), pk=pk)
    return as_file(*services.paper_file(paper=paper, actor=request.user), DOCX)
