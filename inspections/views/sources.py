"""Looking at who spoke: by POST, for the team and the county's office, on record, kept by no cache (D7)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.encryption import Undecipherable
from common.gate import View, get_object, requires
from inspections import services
from inspections.models import Conversation, Visit
from inspections.selectors.fieldwork import records


def reveal_view(model: Any) -> View:
    @requires("reveal", model._meta.label)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        record = get_object(request.user, records(model), "reveal", pk=pk)
        try:
            source = services.reveal_source(record=record, actor=request.user)
        except Undecipherable:
            messages.error(request, _("现有密钥解不开这条记录。请系统管理员核对 FIELD_ENCRYPTION_KEYS。"))
            return redirect(record)
        context = {"record": record, "inspection": record.inspection, "source": source}
        response = render(request, "inspections/source.html", context)
        response["Cache-Control"] = "no-store, private"
        return response

    return view


talk_reveal, visit_reveal = reveal_view(Conversation), reveal_view(Visit)
