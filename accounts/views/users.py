"""Accounts: the system administrator looks after all, the head of an office after those of the own place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import UserFilter, UserForm
from accounts.models import Division, User
from common import policy
from common.asked import number
from common.gate import get_object, requires
from common.paging import page_of

FIELDS = ("full_name", "post", "email", "phone", "native_township")


@requires("view", "accounts.User")
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    form = UserFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = selectors.users(
        user=request.user, text=asked.get("q", ""), kind=asked.get("kind", ""), active=asked.get("active", "")
    )
    page = page_of(found, request.GET, by="username")
    for one in page.rows:
        one.refusal = policy.allows(request.user, "manage", one).reason
    return render(request, "accounts/users.html", {"form": form, "page": page, "narrowed": any(asked.values())})


@requires("manage", "accounts.User")
@require_safe
def user_place(request: HttpRequest) -> HttpResponse:
    """First step of a new account (or, with `for`, of a move): the place, found by name, pinyin or code."""
    text = request.GET.get("q", "")[:60]
    moved = number(request.GET.get("for"))
    account = _account(request, moved) if moved else None
    divisions = selectors.divisions_like(user=request.user, text=text)
    context = {"q": text, "divisions": divisions, "account": account}
    return render(request, "accounts/user_place.html", context)


@requires("manage", "accounts.User")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user_add(request: HttpRequest, code: str) -> HttpResponse:
    division = _place(request, code)
    form = UserForm(request.POST or None, division=division, actor=request.user)
    if form.is_valid() and (made := _add(request, form, division)):
        user, password = made
        return render(request, "accounts/user_password.html", {"account": user, "password": password, "new": True})
    context = {"form": form, "division": division}
    return render(request, "accounts/user_form.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, form: UserForm, division: Division) -> tuple[User, str] | None:
    data = form.cleaned_data
    fields = {name: data[name] for name in (*FIELDS, "username")}
    try:
        return services.add_user(
            division=division, kind=data["kind"], organ_name=data["name"], actor=request.user, **fields
        )
    except ValidationError as error:
        form.add_error(None, error.messages)  # type: ignore[arg-type]
        return None


@requires("manage", "accounts.User")
@require_http_methods(["GET", "HEAD", "POST"])
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Data and post of a person; a move to another unit of the same place too, elsewhere by `?place=<code>`."""
    account = _account(request, pk)
    division = _place(request, request.GET.get("place") or account.division.code)
    initial = {name: getattr(account, name) for name in FIELDS} | {"organ": str(account.organ_id)}
    form = UserForm(request.POST or None, division=division, actor=request.user, user=account, initial=initial)
    if form.is_valid() and _edit(request, form, account, division):
        messages.success(request, _("已保存“%s”的账号，从其下一次操作起生效。") % account.full_name)
        return redirect("accounts:user_edit", pk=pk)
    countersign = policy.allows(request.user, "countersign", account)
    context = {"form": form, "division": division, "account": account, "countersign": countersign}
    return render(request, "accounts/user_form.html", context, status=422 if form.errors else 200)


def _account(request: HttpRequest, pk: int, action: str = "manage") -> User:
    people = User.objects.select_related("organ__division__parent", "asked_by")
    return get_object(request.user, people, action, pk=pk)


def _place(request: HttpRequest, code: str) -> Division:
    return get_object(request.user, Division.objects.select_related("parent"), "manage", code=code)


def _edit(request: HttpRequest, form: UserForm, account: User, division: Division) -> bool:
    data = form.cleaned_data
    changes: dict[str, Any] = {name: data[name] for name in FIELDS}
    try:
        services.edit_user(
            user=account,
            actor=request.user,
            division=division,
            kind=data["kind"],
            organ_name=data["name"],
            **changes,
        )
    except ValidationError as error:
        form.add_error(None, error.messages)  # type: ignore[arg-type]
        return False
    return True


@requires("manage", "accounts.User")
@require_POST
def user_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or reopen an account, as the form says; asks first."""
    account = _account(request, pk)
    active = request.POST.get("active") == "1"
    verb = _("启用账号") if active else _("停用账号")
    effect = (
        _("“%s”将重新可以登录。") if active else _("“%s”将立即不能再使用系统，已登录的也会退出；其办理记录全部保留。")
    )
    if request.POST.get("confirmed") != "1":
        return _confirm(request, account, verb, effect % account.full_name, hidden=[("active", "01"[active])])
    account = services.set_active(user=account, active=active, actor=request.user)
    done = (
        _("已提出启用“%s”的账号，等待另一名系统管理员复核。") if account.awaits_countersign else _("已启用“%s”的账号。")
    )
    messages.success(request, (done if active else _("已停用“%s”的账号。")) % account)
    return redirect("accounts:user_edit", pk=pk)


@requires("countersign", "accounts.User")
@require_POST
def user_countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """The second administrator's word, on which an account that keeps the system begins to work."""
    account = _account(request, pk, "countersign")
    if request.POST.get("confirmed") != "1" and account.awaits_countersign:
        told = {"who": account.asked_by, "name": account.full_name, "organ": account.organ.name}
        effect = _("由%(who)s提出。请当面核实“%(name)s”本人和其岗位；复核后可以登录并在“%(organ)s”履职。") % told
        return _confirm(request, account, _("复核启用"), effect)
    services.countersign_user(user=account, actor=request.user)
    messages.success(request, _("已复核，“%s”的账号已启用。") % account)
    return redirect("accounts:user_edit", pk=pk)


@requires("manage", "accounts.User")
@never_cache
@require_POST
def user_reset(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    if request.POST.get("confirmed") != "1":
        effect = _("“%s”现在的密码将作废，已登录的会退出。新的初始密码只显示一次。") % account.full_name
        return _confirm(request, account, _("重置密码"), effect)
    password = services.reset_password(user=account, actor=request.user)
    account.refresh_from_db()
    return render(request, "accounts/user_password.html", {"account": account, "password": password})


def _confirm(request: HttpRequest, account: User, verb: str, effect: str, **more: Any) -> HttpResponse:
    back = {"title": verb, "effect": effect, "verb": verb, "warn": True, **more}
    return render(
        request, "_parts/confirm_page.html", back | {"cancel_url": reverse("accounts:user_edit", args=[account.pk])}
    )
