"""A township as a whole: all its villages into another one at once, or another name."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Division
from common.gate import requires
from villages import followers, services
from villages.forms.adjustments import TownshipForm
from villages.models import Village
from villages.selectors import undecided as read

from .adjustments import VILLAGE, township_of


@requires("adjust", VILLAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def township_change(request: HttpRequest, code: str) -> HttpResponse:
    """A township merged into another one, with all its villages at once, or renamed."""
    township = township_of(request, code)
    villages = list(read.on_sheet(request.user, township, every=True))
    others = read.townships_of(request.user).exclude(pk=township.pk).order_by("code")
    initial = {"version": services.township_version(villages)}
    form = TownshipForm(request.POST or None, townships=others, initial=initial)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("confirmed") != "1":
            return _confirm_township(request, township, form, villages)
        try:
            _change(request, township, form)
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect("villages:adjustments")
    loads = followers.loads([one.pk for one in villages])
    context = {
        "township": township,
        "form": form,
        "number": len(villages),
        "work": [(one.label, sum(one.counts.values()), one.unit) for one in loads if one.counts],
    }
    return render(request, "villages/township_change.html", context, status=422 if form.errors else 200)


def _confirm_township(
    request: HttpRequest, township: Division, form: TownshipForm, villages: Sequence[Village]
) -> HttpResponse:
    given = form.cleaned_data
    if given["kind"] == form.MERGE:
        told = {"old": township.name, "n": len(villages), "new": given["into"].name}
        effect = _("%(old)s的 %(n)d 个村全部转到%(new)s，没有办完的巡察和整改一并转去；代码和村名不变。") % told
        rows = [one.full_name for one in villages]
    else:
        effect = _("“%(old)s”更名为“%(new)s”，代码和所辖的村不变。") % {"old": township.name, "new": given["name"]}
        rows = []
    context = {
        "title": _("乡镇（街道）调整"),
        "effect": effect,
        "rows": rows,
        "verb": _("并入") if given["kind"] == form.MERGE else _("更名"),
        "cancel_url": request.path,
        "hidden": [(key, request.POST.get(key, "")) for key in form.fields],
    }
    return render(request, "_parts/confirm_page.html", context)


def _change(request: HttpRequest, township: Division, form: TownshipForm) -> None:
    given = form.cleaned_data
    common = {"township": township, "order": form.order(), "actor": request.user}
    if given["kind"] == form.MERGE:
        moved = services.merge_township(into=given["into"], version=given["version"], **common)
        told = {"old": township.name, "n": len(moved), "new": given["into"].name}
        messages.success(request, _("%(old)s的 %(n)d 个村已转到%(new)s。") % told)
    else:
        renamed = services.rename_township(name=given["name"], **common)
        messages.success(request, _("“%(old)s”已更名为“%(new)s”。") % {"old": township.name, "new": renamed.name})
