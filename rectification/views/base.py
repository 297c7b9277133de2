"""What the pages of rectification share: loading an item for an act, running a service behind a form."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from common.errors import Conflict
from common.gate import get_object
from rectification import selectors
from rectification.models import RectificationItem


def load(request: HttpRequest, pk: int, action: str, statuses: Iterable[str] = ()) -> RectificationItem:
    """The item for an act: 404 out of scope, 403 with the reason, 409 when it is in another state."""
    item = get_object(request.user, selectors.items(), action, pk=pk)
    wanted = list(statuses)
    if wanted and item.status not in wanted:
        raise Conflict(
            _("“%(item)s”现在是“%(status)s”，不能这样办理。请回到事项页面查看最新状态。")
            % {"item": item, "status": item.status_label}
        )
    return item


def is_township(user: Any) -> bool:
    """A township's committee, whose reports are made for a village (代填)."""
    return bool(user.organ.kind == OrganKind.PARTY_COMMITTEE)


def attempt(form: Any, call: Callable[[], Any]) -> bool:
    """Run the service; what it refuses is shown at the field it speaks of."""
    try:
        call()
    except ValidationError as error:
        told = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for name, errors in told.items():
            form.add_error(name if name in form.fields else None, errors)
        return False
    return True


def missing(obj: Any, move: str) -> str:
    """What a move still needs, or nothing."""
    return next((str(why) for check in obj.moves[move].requires if (why := check(obj, {}))), "")


def done(request: HttpRequest, item: RectificationItem, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(item)


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with its form, which is a 422 when it comes back with errors."""
    if "item" in context:
        context = {"light": selectors.light_of(context["item"], selectors.amber_days())} | context
    form = context.get("form")
    wrong = bool(form is not None and form.is_bound and form.errors) or bool(context.get("has_errors"))
    return render(request, f"rectification/{template}.html", context, status=422 if wrong else 200)
