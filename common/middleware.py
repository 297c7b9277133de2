"""One request's context: number, address, and what happens when it is refused."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from . import audit
from .context import Caller, caller
from .errors import Conflict, OutOfScope


class RequestContextMiddleware:
    """Give the request a number, refuse views without a permission, record denials, explain conflicts and methods."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        token = caller.set(Caller(ip=address(request), request_id=request.id))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            caller.reset(token)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.content = render_to_string("errors/405.html", request=request)
            response["Content-Length"] = str(len(response.content))  # the empty one's is set already
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):  # no text column can hold it
            reason = _("网址里有不能识别的字符。")
            return render(request, "errors/400.html", {"reason": reason}, status=HTTPStatus.BAD_REQUEST)
        if not hasattr(view, "permission"):
            raise PermissionDenied(_("此页面没有登记权限，不能打开。请联系系统管理员。"))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, PermissionDenied | OutOfScope):
            audit.record(
                "denied",
                request.path[:60],
                actor=request.user,
                result="DENIED",
                note=f"{request.method} {error}"[:500],
            )
        if isinstance(error, Conflict):
            context = {"reason": str(error), "fields": error.fields, "reload_url": came_from(request) or "/"}
            return render(request, "errors/409.html", context, status=HTTPStatus.CONFLICT)
        return None


def came_from(request: HttpRequest) -> str:
    """The page of this site from which the request was made, if the browser says so: path and query."""
    way = urlsplit(request.headers.get("Referer", ""))
    if way.netloc != request.get_host() or (request.method == "GET" and way.path == request.path):
        return ""
    return way.path + (f"?{way.query}" if way.query else "")


def address(request: HttpRequest) -> str | None:
    """The client's address; behind PROXY_COUNT trusted proxies it is taken from X-Forwarded-For."""
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    count = getattr(settings, "PROXY_COUNT", 0)
    if count and len(hops) >= count:
        return hops[-count]
    return request.META.get("REMOTE_ADDR") or None
