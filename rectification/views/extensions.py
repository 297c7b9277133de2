"""延期: asked for by the township, decided by the county."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import Conflict
from common.gate import get_object, requires
from rectification import selectors, services
from rectification.enums import OPEN, ExtensionStatus
from rectification.forms import DecideForm, ExtensionForm
from rectification.models import Extension

from .base import attempt, done, load, show
from .ledger import ITEM

EXTENSION = "rectification.Extension"
GET_POST = ["GET", "HEAD", "POST"]


@requires("ask_extension", ITEM)
@require_http_methods(GET_POST)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "ask_extension", OPEN)
    if selectors.pending_extension(item):
        raise Conflict(_("“%s”已有一份延期申请待审批。") % item)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = attempt(form, lambda: services.ask_extension(item=item, actor=request.user, **form.cleaned_data))
        if asked:
            return done(request, item, _("延期申请已提交，由县委巡察办审批。批准之前时限不变。"))
    return show(request, "ask_extension", {"item": item, "form": form})


@requires("decide", EXTENSION)
@require_http_methods(GET_POST)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    extension = get_object(request.user, selectors.extensions(), "decide", pk=pk)
    if extension.status != ExtensionStatus.ASKED:
        raise Conflict(_("这份延期申请已经审批：%s。") % extension.status_label)
    form = DecideForm(request.POST or None, initial={"version": extension.version, "deadline": extension.new_deadline})
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _decide(request, extension, form)):
        granted = form.cleaned_data["decision"] == DecideForm.YES
        return done(request, extension.item, _("已同意延期。") if granted else _("已答复不同意延期。"))
    context = {"extension": extension, "item": extension.item, "form": form}
    return show(request, "extension", context)


def _decide(request: HttpRequest, extension: Extension, form: Any) -> None:
    data = form.cleaned_data
    told = {"extension": extension, "actor": request.user, "note": data["note"], "version": data["version"]}
    if data["decision"] == DecideForm.YES:
        services.grant_extension(**told, deadline=data["deadline"])
    else:
        services.refuse_extension(**told)
