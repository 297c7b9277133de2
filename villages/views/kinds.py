"""The sixteen kinds under the three classes; the city names the four that wait for a name (B3)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import policy
from common.gate import get_object, requires
from villages import services
from villages.enums import VillageClass
from villages.forms.villages import KindForm, refuse
from villages.models import UNNAMED, VillageKind

from .present import class_badge

KIND = "villages.VillageKind"


@requires("view", KIND)
@require_safe
def kind_list(request: HttpRequest) -> HttpResponse:
    kinds = list(VillageKind.objects.all())
    groups = [
        {"badge": class_badge(klass), "klass": klass, "kinds": [one for one in kinds if one.klass == klass]}
        for klass in VillageClass
    ]
    context = {
        "groups": groups,
        "unnamed": UNNAMED,
        "waiting": sum(one.name == UNNAMED for one in kinds),
        "may_name": policy.may(request.user, "name", KIND),
    }
    return render(request, "villages/kinds.html", context)


@requires("name", KIND)
@require_http_methods(["GET", "HEAD", "POST"])
def kind_name(request: HttpRequest, pk: int) -> HttpResponse:
    kind = get_object(request.user, VillageKind.objects.all(), "name", pk=pk)
    given = "" if kind.name == UNNAMED else kind.name
    form = KindForm(request.POST or None, initial={"name": given})
    if form.is_valid():
        try:
            services.name_kind(kind=kind, name=form.cleaned_data["name"], actor=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("细类名称已保存，各县提出分类和设置规则时可以选用。"))
            return redirect("villages:kinds")
    context = {"form": form, "kind": kind, "given": given}
    return render(request, "villages/kind_name.html", context, status=422 if form.errors else 200)
