"""The desks of those who keep the system: accounts for the administrator, the trail for the auditor."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SignInAttempt, User
from common import policy
from common.audit_words import action_word, object_word
from common.calendar import today
from common.counting import CAP, capped_counts
from common.models import AuditEvent


def administrator(user: User) -> dict[str, Any]:
    """How many accounts are in which state, and who was let in last."""
    people = policy.visible(user, User.objects.all())
    since = timezone.now() - timedelta(minutes=settings.LOCKOUT_MINUTES)
    recent = SignInAttempt.objects.filter(at__gt=since).values("username", "ip").annotate(n=Count("pk"))
    active = people.filter(is_active=True)
    counts = capped_counts(
        {
            "active": active,
            "closed": people.filter(is_active=False),
            "unchanged": active.filter(must_change_password=True),
            "never": active.filter(last_login=None),
        }
    )
    listed = reverse("accounts:users")
    locked = len({one["username"] for one in recent.filter(n__gte=settings.LOCKOUT_FAILURES)})
    newest = people.select_related("organ__division").order_by("-created_at", "-pk")[:8]
    return {
        "kpis": [
            _kpi(_("在用账号"), counts["active"], _("个"), f"{listed}?active=1"),
            _kpi(_("已停用"), counts["closed"], _("个"), f"{listed}?active=0"),
            _kpi(_("未改初始密码"), counts["unchanged"], _("个"), f"{listed}?active=initial"),
            _kpi(_("从未登录"), counts["never"], _("个"), f"{listed}?active=never"),
            _kpi(_("暂停登录中"), locked, _("个"), "", note=_("%s 分钟后自动恢复") % settings.LOCKOUT_MINUTES),
        ],
        "wide": [{"template": "home/_accounts.html", "rows": list(newest), "url": listed}],
        "actions": [{"url": reverse("accounts:user_place"), "label": _("新建账号"), "icon": "plus"}],
    }


def auditor(user: User) -> dict[str, Any]:
    """What was done, refused and taken out today, and the last things that did not succeed."""
    seen = policy.visible(user, AuditEvent.objects.all())
    midnight = timezone.make_aware(datetime.combine(today(), time.min))
    of_today = seen.filter(at__gte=midnight)
    counts = capped_counts(
        {
            "all": of_today,
            "denied": of_today.filter(result=AuditEvent.Result.DENIED),
            "failed": of_today.filter(action="sign_in", result=AuditEvent.Result.FAILED),
            "export": of_today.filter(action="export"),
        }
    )
    url, day = reverse("accounts:audit"), f"since={today():%Y-%m-%d}"
    latest = seen.exclude(result=AuditEvent.Result.OK).order_by("-id")[:12]
    rows = [
        {"event": one, "action": action_word(one.action, one.object_type), "object": object_word(one.object_type)}
        for one in latest
    ]
    return {
        "kpis": [
            _kpi(_("今日记录"), counts["all"], _("条"), f"{url}?{day}"),
            _kpi(_("越权被拒"), counts["denied"], _("次"), f"{url}?{day}&result=DENIED", _red(counts["denied"])),
            _kpi(_("登录失败"), counts["failed"], _("次"), f"{url}?{day}&action=sign_in&result=FAILED"),
            _kpi(_("导出"), counts["export"], _("次"), f"{url}?{day}&action=export"),
        ],
        "wide": [{"template": "home/_events.html", "rows": rows, "url": url}],
    }


def _red(count: int) -> str:
    return "red" if count else ""


def _kpi(label: str, value: int, unit: str, url: str, tone: str = "", note: str = "") -> dict[str, Any]:
    shown = f"{CAP}+" if value > CAP else value
    return {"label": label, "value": shown, "unit": unit, "url": url, "tone": tone, "note": note}
