"""Papers: drafted from the data, edited as text, issued and frozen, corrected by a new edition (D1, E1, H3)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, policy, workflow
from common.calendar import today
from common.documents import Annex, docx, paragraphs
from common.documents import Paper as Sheet
from common.errors import Conflict
from inspections.enums import FeedbackStatus, PaperStatus
from inspections.models import Feedback, Inspection, Paper
from inspections.selectors.papers import first_draft
from inspections.selectors.papers.base import Draft, issue_list, office_of
from inspections.transitions import inspection_takes_paper
from villages.services import scope_of

from .numbers import refuse_taken


@transaction.atomic
def draft_paper(*, inspection: Inspection, kind: str, actor: Any) -> Paper:
    """Make the first text of a paper from the data (H3).

    Raises PermissionDenied for whoever does not draft this kind, Conflict when the paper exists already,
    ValidationError when the inspection's mode or stage has no such paper yet.
    """
    inspection = _locked(inspection.pk)
    paper = Paper(inspection=inspection, kind=kind, drafted_by=actor, **scope_of(inspection.village))
    policy.allows(actor, "add", paper).demand()
    if inspection.papers.filter(kind=kind).exists():
        raise Conflict(_("“%s”已经起草，请直接修改或更正。") % paper)
    if refusal := inspection_takes_paper(inspection, kind):
        raise ValidationError(refusal)
    for name, value in _fields(first_draft(inspection, kind)).items():
        setattr(paper, name, value)
    paper.save()
    audit.record("draft", paper, actor=actor, target=PaperStatus.DRAFT)
    return paper


def edit_paper(*, paper: Paper, actor: Any, version: int | None = None, **changes: Any) -> Paper:
    """Change title, receiver, signature or the texts of the sections before issue.

    `texts` are the sections' texts in their order; headings stay. Raises Conflict when somebody else was faster.
    """
    texts: Sequence[str] | None = changes.pop("texts", None)
    if texts is not None:
        pairs = zip(paper.sections, texts, strict=True)
        changes["sections"] = [{"heading": one["heading"], "text": text.strip()} for one, text in pairs]
    if unknown := set(changes) - {"title", "to", "issuer", "sections"}:
        raise TypeError(f"unknown fields of a paper: {', '.join(sorted(unknown))}")
    return workflow.apply(paper, "edit", actor=actor, version=version, **changes)


def renew_paper(*, paper: Paper, actor: Any, version: int | None = None) -> Paper:
    """Make the text anew from the data as they are now; what people wrote is replaced."""
    fields = _fields(first_draft(_loaded(paper.inspection_id), paper.kind))
    return workflow.apply(paper, "edit", actor=actor, version=version, **fields)


@transaction.atomic
def issue_paper(
    *, paper: Paper, actor: Any, document_number: str = "", on: date | None = None, version: int | None = None
) -> Paper:
    """Issue and freeze a paper; by the head of the office or the team's leaders, never by whoever drafted it.

    Raises ValidationError when something is still to be filled in, or for a number that is taken.
    """
    _locked(paper.inspection_id)
    number, on = document_number.strip(), on or today()
    if on > today():
        raise ValidationError({"on": _("签发日期不能晚于今天。")})
    refuse_taken(paper, number)
    return workflow.apply(
        paper, "issue", actor=actor, version=version, document_number=number, issued_on=on, issued_by=actor
    )


@transaction.atomic
def correct_paper(*, paper: Paper, actor: Any) -> Paper:
    """Open a new edition of an issued paper, with its text; the issued one stays as it was issued.

    Raises Conflict unless `paper` is issued and has no later edition.
    """
    inspection = _locked(paper.inspection_id)
    paper = Paper.objects.get(pk=paper.pk)
    edition = Paper(inspection=inspection, kind=paper.kind, drafted_by=actor, **scope_of(inspection.village))
    policy.allows(actor, "add", edition).demand()
    if paper.status != PaperStatus.ISSUED or Paper.objects.filter(replaces=paper).exists():
        raise Conflict(_("只有现行的已签发文书可以更正，请打开最新一版。"))
    edition.replaces, edition.edition = paper, paper.edition + 1
    for name in ("title", "to", "issuer", "sections", "annexes"):
        setattr(edition, name, getattr(paper, name))
    edition.save()
    audit.record("correct", edition, actor=actor, target=PaperStatus.DRAFT)
    return edition


def paper_file(*, paper: Paper, actor: Any) -> tuple[str, bytes]:
    """(name, Word file) of a paper whose view the caller has checked; on record."""
    is_draft = paper.status == PaperStatus.DRAFT
    text = [part for heading, body in paper.headed_sections for part in (heading, *paragraphs(body)) if part]
    sheet = Sheet(
        title=paper.title,
        text=text,
        issuer=paper.issuer,
        day=paper.issued_on,
        number=paper.document_number,
        to=paper.to,
        annexes=[Annex(one["title"], one["head"], one["rows"]) for one in paper.annexes],
        is_draft=is_draft,
    )
    return _handed_out(paper, sheet, actor)


def feedback_file(*, feedback: Feedback, actor: Any) -> tuple[str, bytes]:
    """(name, Word file) of a feedback opinion with its issue list, whose view the caller has checked; on record."""
    title, to, *text = [*paragraphs(feedback.opinion), "", ""]
    if not to.endswith(("：", ":")):
        title, to, text = str(feedback), "", paragraphs(feedback.opinion)
    inspection = _loaded(feedback.inspection_id)
    sheet = Sheet(
        title=title,
        text=[one for one in text if one],
        issuer=office_of(inspection),
        day=feedback.issued_on,
        number=feedback.document_number,
        to=to,
        annexes=[Annex(one["title"], one["head"], one["rows"]) for one in issue_list(inspection)],
        is_draft=feedback.status == FeedbackStatus.DRAFT,
    )
    return _handed_out(feedback, sheet, actor)


def _handed_out(obj: Any, sheet: Sheet, actor: Any) -> tuple[str, bytes]:
    name = f"{sheet.title}{_('（草稿）') if sheet.is_draft else ''}.docx"
    content = docx(sheet)
    audit.record("download", obj, actor=actor, note=name)
    return name, content


def _fields(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "to": draft.to,
        "issuer": draft.issuer,
        "sections": [{"heading": heading, "text": text} for heading, text in draft.sections],
        "annexes": list(draft.annexes),
    }


def _loaded(pk: int) -> Inspection:
    return Inspection.objects.select_related(*NEEDED).get(pk=pk)


def _locked(pk: int) -> Inspection:
    return Inspection.objects.select_for_update(of=("self",)).select_related(*NEEDED).get(pk=pk)


NEEDED = ("village__division", "village__township", "township", "county__parent", "round", "team", "checklist")
