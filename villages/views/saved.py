"""Filters of the list that a person keeps under a name."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.gate import get_object, requires
from villages import services
from villages.forms.queries import VillageQuery
from villages.models import SavedFilter

from .villages import query_of

VILLAGE = "villages.Village"


@requires("view", VILLAGE)
@require_POST
def saved_add(request: HttpRequest) -> HttpResponse:
    """Keep what the list was asked for; the own one of the same name is replaced."""
    asked = query_of(request.user, QueryDict(request.POST.get("query", "")[:2000])).kept()
    try:
        saved = services.save_filter(name=request.POST.get("name", ""), asked=asked, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已保存为“%s”，以后在名册上方一点就能打开。") % saved)
    return _list(asked)


@requires("view", VILLAGE)
@require_safe
def saved_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as it was saved; what can no longer be asked is left out, and said."""
    saved = get_object(request.user, SavedFilter.objects.all(), pk=pk)
    asked = query_of(request.user, saved.asked).kept()
    gone = [_label(name) for name in saved.asked if name not in asked]
    if gone:
        said = {"name": saved, "gone": "、".join(gone)}
        messages.warning(
            request, _("“%(name)s”里的“%(gone)s”已不能再选，没有按它筛选。可以重新查询，用同一名称保存。") % said
        )
    return _list(asked)


@requires("view", VILLAGE)
@require_POST
def saved_delete(request: HttpRequest, pk: int) -> HttpResponse:
    saved = get_object(request.user, SavedFilter.objects.all(), "edit", pk=pk)
    services.delete_filter(saved=saved, actor=request.user)
    messages.success(request, _("已删除常用筛选“%s”。") % saved)
    return redirect("villages:list")


def _label(name: str) -> str:
    field = VillageQuery.base_fields.get(name)
    return str(field.label) if field else name


def _list(asked: dict[str, str]) -> HttpResponseRedirect:
    query = urlencode(asked)
    return HttpResponseRedirect(reverse("villages:list") + (f"?{query}" if query else ""))
