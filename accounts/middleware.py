"""What holds for every page of a signed-in person: sign-in, expiry of sessions, forced password change, no caching."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.middleware import came_from

from .services import password_expired

EXEMPT = ("/sign-out/", "/password/", "/sign-in/", "/healthz")
TOUCH_EVERY = 60  # seconds between writes of "last seen": a page of many requests writes the session once


class HtmxSignInMiddleware:
    """Sends the whole page to sign in, or to its password, where a redirect would put that page into a fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        htmx = request.htmx  # type: ignore[attr-defined]
        way = urlsplit(response.headers.get("Location", "")).path
        if htmx and way in (settings.LOGIN_URL, reverse("accounts:password")):
            response.status_code = HTTPStatus.UNAUTHORIZED
            response["HX-Redirect"] = f"{way}?{urlencode({'next': htmx.current_url_abs_path or '/'})}"
            del response["Location"]
        return response


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in page, and from there to a page that can be opened: an act that was not done is told as such."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    if request.path == reverse("accounts:sign_out"):
        return HttpResponseRedirect(settings.LOGIN_URL)
    messages.warning(request, _("登录已经失效，刚才的操作没有执行。请重新登录后再办理。"))
    back = came_from(request)
    return redirect_to_login(back if back and urlsplit(back).path != request.path else settings.LOGIN_REDIRECT_URL)


class SignInMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        return to_sign_in(request)


class SessionGuardMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if self._expired(request):
            logout(request)
            messages.info(request, _("您已离开较长时间，为安全起见请重新登录。"))
            return to_sign_in(request)
        if password_expired(user=request.user) and not request.path.startswith(EXEMPT):
            messages.info(request, _("请先设置新密码，再继续使用。"))
            return redirect("accounts:password")
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def _expired(self, request: HttpRequest) -> bool:
        now = timezone.now().timestamp()
        started = request.session.setdefault("started", now)
        seen = request.session.setdefault("seen", now)
        if (
            now - seen > settings.IDLE_MINUTES * 60
            or now - started > timedelta(hours=settings.SESSION_HOURS).total_seconds()
        ):
            return True
        if now - seen > TOUCH_EVERY:
            request.session["seen"] = now
        return False
