"""巡中: what was done in one village, each act written down on one short page, on a phone too (D3–D6, H4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common import policy
from common.errors import Conflict
from common.files import MAX_FILES
from common.gate import View, get_object, requires
from inspections import services
from inspections.enums import LIVING
from inspections.forms.fieldwork import (
    CiteForm,
    ConversationForm,
    DocumentForm,
    GapForm,
    InterviewForm,
    MobilisationForm,
    RecordForm,
    VisitForm,
    VoidForm,
)
from inspections.forms.findings import partners
from inspections.models import ConsultedDocument, Conversation, FieldworkGap, Inspection, Mobilisation, Visit
from inspections.selectors import fieldwork as read
from inspections.selectors.findings import for_page as findings_for_page
from inspections.selectors.inspections import for_page as inspections_for_page
from inspections.transitions import inspection_takes_records

from .parts import Takes, field_acts, sees_sources, tabs, takes

LIMITS = {"max_files": MAX_FILES, "max_size": f"{settings.MAX_UPLOAD_MB} MB"}


@dataclass(frozen=True)
class Kind:
    """One kind of record: its model, form, service and what its page is called."""

    model: Any
    form: type[RecordForm]
    record: Callable[..., Any]
    title: Any


TALK = Kind(Conversation, ConversationForm, services.record_conversation, gettext_lazy("谈一次"))
VISIT = Kind(Visit, VisitForm, services.record_visit, gettext_lazy("访一户"))
MOBILISE = Kind(Mobilisation, MobilisationForm, services.record_mobilisation, gettext_lazy("发动一次"))
READ = Kind(ConsultedDocument, DocumentForm, services.record_document, gettext_lazy("查一份"))


@requires("view", "inspections.Mobilisation")
@require_GET
def fieldwork(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it; who was talked to and visited only for the team and the county's office."""
    user = request.user
    inspection = get_object(user, inspections_for_page(), pk=pk)
    now = takes(inspection)
    context: dict[str, Any] = {
        "inspection": inspection,
        "tabs": tabs(user, inspection, "fieldwork"),
        "mobilisations": read.records_of(inspection, Mobilisation),
        "documents": read.records_of(inspection, ConsultedDocument),
        "may": _rights(user, inspection, now),
    } | field_acts(user, inspection, now)
    if sees_sources(user, inspection):
        context |= {
            "progress": read.progress(inspection),
            "conversations": read.records_of(inspection, Conversation),
            "visits": read.records_of(inspection, Visit),
            "may_explain": now.talks and policy.may(user, "add", FieldworkGap),
        }
    return render(request, "inspections/fieldwork.html", context)


def _rights(user: Any, inspection: Inspection, now: Takes) -> dict[str, bool]:
    """What the person may do with a record: every record of the page is of this inspection."""
    one = Mobilisation(inspection=inspection)
    return {name: now.others and bool(policy.allows(user, name, one)) for name in ("edit", "void")}


def new_view(kind: Kind) -> View:
    """The page that writes one record down; sent twice it is one record."""
    label = kind.model._meta.label

    @requires("add", label)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        user = request.user
        inspection = get_object(user, inspections_for_page(), pk=pk)
        policy.allows(user, "add", kind.model(inspection=inspection)).demand()
        if refusal := inspection_takes_records(inspection, kind.model.__name__):
            messages.warning(request, refusal)
            return redirect(inspection)
        form = _form(request, kind, inspection)
        if request.method == "POST" and form.is_valid() and (made := _record(kind, inspection, user, form)):
            messages.success(request, _("已登记 %s。") % made.number)
            again = request.POST.get("then") == "again"
            return redirect(request.path if again else reverse("inspections:fieldwork", args=[pk]))
        context = {"inspection": inspection, "form": form, "title": kind.title} | LIMITS
        return render(request, "inspections/record.html", context, status=422 if form.errors else 200)

    return view


def _form(request: HttpRequest, kind: Kind, inspection: Inspection) -> RecordForm:
    values: dict[str, Any] = {"inspection": inspection, "author": request.user}
    values["initial"] = {"kind": request.GET.get("kind", "")}
    if issubclass(kind.form, InterviewForm):
        values["partner"] = read.last_partner(inspection, request.user, list(partners(inspection, request.user)))
    return kind.form(request.POST or None, request.FILES or None, **values)


def _record(kind: Kind, inspection: Inspection, user: Any, form: RecordForm) -> Any:
    try:
        return kind.record(inspection=inspection, actor=user, **form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return None


def edit_view(kind: Kind) -> View:
    """Correct a record. What is known of a source is not shown; left empty it stays."""
    label = kind.model._meta.label

    @requires("edit", label)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        record = get_object(request.user, read.records(kind.model), "edit", pk=pk)
        if refusal := _closed(record, "edit"):
            messages.warning(request, refusal)
            return redirect(record)
        form = kind.form(
            request.POST or None,
            inspection=record.inspection,
            author=record.inspector,
            correcting=True,
            initial=_shown(kind, record),
        )
        if request.method == "POST" and form.is_valid():
            try:
                services.correct_record(record=record, actor=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.success(request, _("%s 已更正。") % record.number)
                return redirect(record)
        context = {"inspection": record.inspection, "record": record, "form": form, "title": _("更正")}
        return render(request, "inspections/record.html", context, status=422 if form.errors else 200)

    return view


def _closed(record: Any, name: str) -> str | None:
    """Why the move cannot be made now, whoever asks."""
    move = record.moves[name]
    if record.status not in move.sources:
        raise Conflict(_("%s 已作废，不能再更正或作废。") % record.number)
    return next((why for check in move.requires if (why := check(record, {}))), None)


def _shown(kind: Kind, record: Any) -> dict[str, Any]:
    names = set(kind.form.base_fields) - set(getattr(record, "secrets", ())) - {"key", "attachments"}
    values = {name: getattr(record, name) for name in names}
    if "announced" in values:
        values["announced"] = "yes" if values["announced"] else ""
    return values


def void_view(kind: Kind) -> View:
    """Take a record out of the count, for one of a few reasons."""
    label = kind.model._meta.label

    @requires("void", label)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        record = get_object(request.user, read.records(kind.model), "void", pk=pk)
        if refusal := _closed(record, "void"):
            messages.warning(request, refusal)
            return redirect(record)
        form = VoidForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.void_record(record=record, actor=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("%s 已作废，不再计数。") % record.number)
            return redirect(record)
        context = {
            "title": _("作废 %s") % record.number,
            "effect": _("将作废 %s：不再计入六必谈、四必访，登记仍然保留。") % record,
            "verb": _("作废"),
            "cancel_url": record.get_absolute_url(),
            "warn": True,
            "form": form,
        }
        return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)

    return view


talk_new, talk_edit, talk_void = new_view(TALK), edit_view(TALK), void_view(TALK)
visit_new, visit_edit, visit_void = new_view(VISIT), edit_view(VISIT), void_view(VISIT)
mobilisation_new, mobilisation_edit, mobilisation_void = new_view(MOBILISE), edit_view(MOBILISE), void_view(MOBILISE)
document_new, document_edit, document_void = new_view(READ), edit_view(READ), void_view(READ)


@requires("add", "inspections.FieldworkGap")
@require_http_methods(["GET", "POST"])
def gaps(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why some of the six and four are missing, several at once."""
    inspection = get_object(request.user, inspections_for_page(), pk=pk)
    policy.allows(request.user, "add", FieldworkGap(inspection=inspection)).demand()
    found = read.progress(inspection)
    open_ones = [one for one in (*found.talks.needs, *found.visits.needs) if not one.count]
    initial = {"kinds": request.GET.getlist("kind")}
    form = GapForm(request.POST or None, kinds=open_ones, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            count = services.explain_gaps(inspection=inspection, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已说明 %s 项。") % count)
            return redirect("inspections:fieldwork", pk)
    back = reverse("inspections:fieldwork", args=[pk])
    context = {"inspection": inspection, "form": form, "none_left": not open_ones, "back": back}
    return render(request, "inspections/gaps.html", context, status=422 if form.errors else 200)


@requires("edit", "inspections.Finding")
@require_http_methods(["GET", "POST"])
def cite(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which talks, visits and papers confirm a finding; shown by number, kind and day."""
    finding = get_object(request.user, findings_for_page(), "edit", pk=pk)
    if finding.status not in LIVING:
        raise Conflict(_("问题现在是“%s”，不能再改印证。") % finding.status_label)
    rows = read.citable(finding.inspection)
    form = CiteForm(request.POST or None, rows=rows, initial={"numbers": [one.number for one in read.cited(finding)]})
    if request.method == "POST" and form.is_valid():
        try:
            count = services.cite(finding=finding, actor=request.user, numbers=form.cleaned_data["numbers"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("印证 %s 项。") % count)
            return redirect(finding)
    context = {"finding": finding, "inspection": finding.inspection, "form": form, "nothing": not rows}
    return render(request, "inspections/cite.html", context, status=422 if form.errors else 200)
