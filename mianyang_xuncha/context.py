"""What the shell of every signed-in page shows: menu by the policy, unread count, who is signed in."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from common import policy
from common.calendar import today
from common.inbox import unread

from . import menu


def shell(request: HttpRequest) -> dict[str, Any]:
    """Made only when a page draws it: error pages and fragments do without."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": {}}
    return {"shell": SimpleLazyObject(lambda: _shell(request, user))}


def _shell(request: HttpRequest, user: Any) -> dict[str, Any]:
    sections = list(menu.links(user, request.path))
    inbox = menu.reachable(user, "inbox")
    return {
        "nav": sections,
        "tabbar": menu.tabbar(sections),
        "organ_name": user.organ.name,
        "user_name": user.full_name,
        "user_post": user.get_post_display(),
        "unread": unread(user) if inbox else 0,
        "today": today(),
        "watermark": f"{user.full_name} {user.username}·{today():%Y-%m-%d}",
        "home_url": reverse("home"),
        "inbox_url": inbox,
        "search_url": menu.reachable(user, "search") if policy.may(user, "view", "villages.Village") else None,
        "sign_out_url": reverse("accounts:sign_out"),
        "account_links": [{"label": _("修改密码"), "url": reverse("accounts:password")}],
    }
