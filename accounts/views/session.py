"""Coming in, going out, changing one's password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import PasswordForm, SignInForm
from common import audit
from common.context import caller
from common.gate import public, signed_in


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One answer for an unknown name, a wrong password and a locked account."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        user = services.sign_in(request=request, ip=caller.get().ip, **form.cleaned_data)
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(wanted(request))
        form.add_error(None, refused())
    context = {"form": form, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


def refused() -> str:
    return _(
        "用户名或密码不正确，或者账号因多次输错已暂停登录。请核对后重试；"
        "连续输错 %(count)d 次要等 %(minutes)d 分钟，忘记密码请联系系统管理员重置。"
    ) % {"count": settings.LOCKOUT_FAILURES, "minutes": settings.LOCKOUT_MINUTES}


def wanted(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is inside this site."""
    target = request.POST.get("next", request.GET.get("next", ""))
    inside = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if inside and target != settings.LOGIN_URL else settings.LOGIN_REDIRECT_URL


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    audit.record("sign_out", request.user, actor=request.user)
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@signed_in
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set a new password; every other session of the person ends with it."""
    form = PasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        services.change_password(user=request.user, password=form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("新密码已生效，其他设备上的登录已全部退出。"))
        return redirect("home")
    forced = services.password_expired(user=request.user)
    context = {"form": form, "forced": forced, "base": "base_plain.html" if forced else "base.html"}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)
