"""责任清单 of one inspection: where its duties stand, and marking them done, not applicable or open again (A5)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from common import workflow
from common.downloads import hand_out
from common.files import MAX_FILES
from common.gate import get_object, requires
from inspections import services
from inspections.forms.duties import DutyForm
from inspections.models import Duty, InspectionFile
from inspections.selectors import duties as read
from inspections.selectors.inspections import for_page as inspections_for_page
from inspections.transitions import paper_awaited

from .batch import chosen_ids
from .moves import move_view
from .parts import tabs

DUTY, FILE = "inspections.Duty", "inspections.InspectionFile"


@requires("view", DUTY)
@require_GET
def duty_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    inspection = get_object(user, inspections_for_page(), pk=pk)
    stages = read.duties_of(inspection)
    rows = {stage.stage: [_row(one, user) for one in stage.duties] for stage in stages}
    context = {
        "inspection": inspection,
        "tabs": tabs(user, inspection, "duties"),
        "stages": [(stage, rows[stage.stage]) for stage in stages],
        "may_do": any(row["pick"] for found in rows.values() for row in found),
    }
    return render(request, "inspections/duties.html", context)


def _row(duty: Duty, user: Any) -> dict[str, Any]:
    buttons = {one.move.name: one for one in workflow.buttons(duty, user) if one.enabled}
    return {
        "duty": duty,
        "acts": list(buttons),
        "pick": "do" in buttons,
        "awaited": paper_awaited(duty) if duty.waits and "do" not in buttons else None,
    }


@requires("do", DUTY)
@require_http_methods(["GET", "POST"])
def duty_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one duty done, with a day, a remark and files."""
    duty = get_object(request.user, read.for_page(), "do", pk=pk)
    form = DutyForm(request.POST or None, request.FILES or None, initial={"version": duty.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.do_duty(duty=duty, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%s”已办。") % duty.template)
            return redirect(duty)
    context = {
        "duty": duty,
        "inspection": duty.inspection,
        "form": form,
        "max_files": MAX_FILES,
        "max_size": f"{settings.MAX_UPLOAD_MB} MB",
    }
    return render(request, "inspections/duty_do.html", context, status=422 if form.errors else 200)


@requires("do", DUTY)
@require_POST
def duties_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the ticked duties done today; all of them or none."""
    inspection = get_object(request.user, inspections_for_page(), pk=pk)
    duties = read.open_duties(inspection, chosen_ids(request))
    try:
        count = services.do_duties(duties=duties, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = _("已办 %s 项。") % count if count else _("没有选中待办的事项。请先勾选，再提交。")
        (messages.success if count else messages.warning)(request, told)
    return redirect("inspections:duties", pk)


def _move(name: str, service: Any, effect: Any) -> Any:
    return move_view(load=read.for_page, name=name, argument="duty", service=service, effect=effect)


duty_waive = _move("waive", services.waive_duty, gettext_lazy("将注明不适用：%s。"))
duty_undo = _move("undo", services.undo_duty, gettext_lazy("将改为待办：%s。"))


@requires("view", FILE)
@require_safe
def file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """A file of the inspection for whoever may see its inspection."""
    found = get_object(request.user, InspectionFile.objects.select_related("inspection"), pk=pk)
    return hand_out(found, owner=found, actor=request.user, show=request.GET.get("show") == "1")
