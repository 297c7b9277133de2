"""How a view says who may come in, and how an object is loaded."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse

from . import policy
from .errors import OutOfScope

View = Callable[..., HttpResponse]
M = TypeVar("M", bound=Model)
PUBLIC, SIGNED_IN = "public", "signed-in"


def requires(action: str, model: str) -> Callable[[View], View]:
    """Let in whoever's role knows `action` on `model`; the object itself is checked by `get_object`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            policy.may(request.user, action, model).demand()
            return view(request, *args, **kwargs)

        gated.permission = (model, action)  # type: ignore[attr-defined]
        return gated

    return decorate


def opens(user: Any, name: str) -> bool:
    """Does this person's role know the gated page of that name? For links that not every reader may follow."""
    model, action = resolve(reverse(name)).func.permission  # type: ignore[attr-defined]
    return bool(policy.may(user, action, model))


def signed_in(view: View) -> View:
    """Every signed-in person; the page shows what the policy lets them see."""
    view.permission = SIGNED_IN  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    view = login_not_required(view)
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def get_object(user: Any, queryset: "QuerySet[M]", action: str = "view", **lookup: Any) -> M:
    """The object; 404 when it is out of scope, PermissionDenied with the reason when only the act is refused."""
    obj = policy.visible(user, queryset).filter(**lookup).first()
    if obj is None:
        raise OutOfScope() if queryset.filter(**lookup).exists() else Http404()
    if action != "view":
        policy.allows(user, action, obj).demand()
    return obj
