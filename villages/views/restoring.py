"""Taking back: a village that was ended by mistake, a roster that was not a whole one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.gate import get_object, requires
from villages import services
from villages.enums import VillageStatus
from villages.forms.adjustments import AsideForm, RestoreForm
from villages.models import RosterImport, Village
from villages.roster import imports, undoing
from villages.selectors import undecided as read
from villages.selectors.villages import SHOWN


@requires("commit", "villages.RosterImport")
@require_POST
def set_aside(request: HttpRequest, pk: Any) -> HttpResponse:
    """A roster that was not a whole one: nothing that it lacks waits any longer."""
    roster = get_object(request.user, RosterImport.objects.all(), "commit", pk=pk)
    form = AsideForm(request.POST if request.POST.get("confirmed") == "1" else None)
    if form.is_valid():
        number = services.set_aside(roster=roster, reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(request, _("%d 个村不再列为待决定，仍在册。") % number)
        return redirect("villages:adjustments")
    told = {"file": roster.file_name, "n": read.lacking_in(request.user, roster)}
    context = {
        "title": _("这份名册不完整"),
        "effect": _("“%(file)s”没有列出的 %(n)d 个村不再列为待决定，它们仍然在册。") % told,
        "rows": [],
        "verb": _("不作待决定处理"),
        "cancel_url": reverse("villages:adjustments"),
        "hidden": [],
        "form": form,
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)


@requires("commit", "villages.RosterImport")
@require_POST
def roster_undo(request: HttpRequest, pk: Any) -> HttpResponse:
    """A roster that should not have been imported; what depends on it is told before anybody writes a reason."""
    roster = get_object(request.user, RosterImport.objects.all(), "commit", pk=pk)
    form = AsideForm(request.POST if request.POST.get("confirmed") == "1" else None)
    if form.is_valid():
        try:
            roster = undoing.undo(roster=roster, reason=form.cleaned_data["reason"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if not roster.job:
                messages.success(request, _("已撤回，名册回到导入以前，记录都还在。"))
            return redirect("villages:import_detail", pk=pk)
    elif not form.is_bound and (found := undoing.bars(roster=roster, actor=request.user)):
        messages.error(request, _("不能撤回：%s") % "".join(found[:3]))
        return redirect("villages:import_detail", pk=pk)
    told = {"file": roster.file_name, "n": imports.writes(roster.result)}
    context = {
        "title": _("撤回这次导入"),
        "effect": _("“%(file)s”写入的 %(n)d 行全部退回：新增的村移除，改过的内容复原，转走的工作转回。") % told,
        "rows": [],
        "verb": _("撤回导入"),
        "warn": True,
        "cancel_url": roster.get_absolute_url(),
        "hidden": [],
        "form": form,
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)


@requires("adjust", "villages.Village")
@require_http_methods(["GET", "HEAD", "POST"])
def village_restore(request: HttpRequest, code: str) -> HttpResponse:
    """Take back that a village has ended."""
    rows = Village.objects.select_related(*SHOWN, "successor__division", "successor__township")
    village = get_object(request.user, rows, "adjust", division__code=code)
    form = RestoreForm(request.POST or None, initial={"version": village.version})
    if village.status == VillageStatus.ACTIVE and request.method != "POST":
        return redirect("villages:detail", code=code)
    if request.method == "POST" and form.is_valid():
        try:
            services.restore(
                village=village, order=form.order(), actor=request.user, version=form.cleaned_data["version"]
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%s”已恢复建制，没有办完的工作已转回。") % village.full_name)
            return redirect("villages:detail", code=code)
    context = {"village": village, "form": form, "code": code}
    return render(request, "villages/restore.html", context, status=422 if form.errors else 200)
