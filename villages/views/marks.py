"""试点示范: which counties and townships are pilots or demonstrations (A2)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Mark
from accounts.models import Division
from common.asked import numbers
from common.errors import OutOfScope
from common.gate import requires
from villages import services
from villages.forms.queries import MarkQuery
from villages.selectors.villages import markable, places_for

PLACE = "accounts.Division"
ACTIONS = {
    Mark.PILOT: gettext_lazy("设为试点"),
    Mark.DEMONSTRATION: gettext_lazy("设为示范"),
    Mark.NONE: gettext_lazy("取消标记"),
}


@requires("mark", PLACE)
@require_safe
def mark_list(request: HttpRequest) -> HttpResponse:
    query = MarkQuery(request.GET, divisions=places_for(request.user, request.GET.get("county", "")))
    asked = query.asked()
    places = markable(request.user, county=asked.get("county"), mark=asked.get("mark", ""))
    context = {
        "query": query,
        "places": places,
        "filtered": bool(asked),
        "batch_actions": [{"label": label, "value": mark or "NONE"} for mark, label in ACTIONS.items()],
    }
    return render(request, "villages/marks.html", context, status=422 if query.errors else 200)


@requires("mark", PLACE)
@require_POST
def mark_set(request: HttpRequest) -> HttpResponse:
    """Mark the places that were ticked, or take their mark away."""
    mark = request.POST.get("action", "").replace("NONE", "")
    places = _chosen(request)
    if mark not in Mark.values or not places:
        messages.warning(request, _("请先勾选县或乡镇，再选择标记。"))
        return redirect("villages:marks")
    label = ACTIONS[Mark(mark)]
    if request.POST.get("confirmed") != "1":
        return _confirm(request, label, places)
    try:
        changed = services.mark_places(places=places, mark=mark, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(label)s：%(n)d 个地方有变化。") % {"label": label, "n": len(changed)})
    return redirect("villages:marks")


def _chosen(request: HttpRequest) -> list[Division]:
    ids = numbers(request.POST.getlist("ids"))
    found = list(markable(request.user).filter(pk__in=ids))
    if len(found) != len(ids):
        raise OutOfScope(_("选中的地方有的不在您的范围内，请刷新页面后重新勾选。"))
    return found


def _confirm(request: HttpRequest, label: str, places: list[Division]) -> HttpResponse:
    context: dict[str, Any] = {
        "title": label,
        "effect": _("将对 %(n)d 个地方%(label)s，名册可以按标记筛选。") % {"n": len(places), "label": label},
        "rows": [one.name for one in places],
        "verb": label,
        "cancel_url": reverse("villages:marks"),
        "hidden": [(key, one) for key in ("ids", "action") for one in request.POST.getlist(key)],
        "warn": False,
        "form": None,
    }
    return render(request, "_parts/confirm_page.html", context)
