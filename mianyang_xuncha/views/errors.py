"""Pages for what went wrong. They say why, and never show what the reader may not see."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    said = _("页面已过期，或不是从本系统打开的，为安全起见没有提交。请返回上一页刷新后重新提交。")
    return render(request, "errors/403.html", {"reason": said}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: the database may be what failed. If it is, the page says so (503)."""
    status = 503 if isinstance(sys.exception(), OperationalError | InterfaceError) else 500
    page = loader.get_template(f"errors/{status}.html").render({"number": getattr(request, "id", "")})
    return HttpResponse(page, status=status)
