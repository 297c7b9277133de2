"""Which pages the menu offers to whom. The permission is the view's own, so menu and gate cannot disagree."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from common import policy
from common.gate import PUBLIC, SIGNED_IN

MENU: tuple[tuple[Any, tuple[tuple[Any, str, str], ...]], ...] = (
    ("", ((_("工作台"), "home", "layout-dashboard"),)),
    (
        _("巡察业务"),
        (
            (_("巡察计划"), "inspections:plans", "calendar-event"),
            (_("巡察工作"), "inspections:list", "clipboard-check"),
            (_("村（社区）名册"), "villages:list", "building-community"),
            (_("村分类"), "villages:classify", "tag"),
            (_("问题监督清单"), "inspections:checklist", "list-check"),
            (_("发现问题"), "inspections:findings", "file-search"),
            (_("届期与覆盖"), "inspections:coverage", "chart-bar"),
        ),
    ),
    (
        _("整改监督"),
        (
            (_("整改台账"), "rectification:list", "progress-check"),
            (_("销号对账"), "rectification:closing", "list-check"),
            (_("回头看"), "rectification:lookbacks", "history"),
            (_("反馈移交"), "rectification:handovers", "send"),
            (_("党建类问题"), "rectification:party", "flag"),
            (_("整改提醒"), "rectification:reminders", "bell"),
            (_("工作日历"), "rectification:calendar", "calendar-event"),
            (_("问题线索"), "rectification:clues", "lock"),
            (_("案件处理结果"), "rectification:cases", "lock"),
            (_("以案促改"), "rectification:lessons", "inbox"),
            (_("线索统计"), "rectification:clue_figures", "lock"),
        ),
    ),
    (
        _("督导与分析"),
        (
            (_("统计看板"), "oversight:board", "chart-bar"),
            (_("共性问题"), "oversight:issues", "stack-2"),
            (_("专项整治"), "oversight:campaigns", "flag"),
            (_("各村整治任务"), "oversight:tasks", "flag"),
            (_("县级责任清单"), "oversight:duties", "list-check"),
            (_("目标考核"), "oversight:assessments", "chart-bar"),
            (_("督导活动"), "oversight:occasions", "users-group"),
            (_("后续事项"), "oversight:follow_ups", "circle-check"),
            (_("激励考核"), "oversight:appraisal", "signature"),
            (_("我的巡察工作"), "oversight:my_appraisal", "user-circle"),
            (_("未巡先改"), "oversight:self_checks", "clipboard-list"),
            (_("情况通报"), "oversight:circulars", "send"),
            (_("专题报告"), "oversight:reports", "file-search"),
            (_("收到的通报"), "oversight:received", "inbox"),
        ),
    ),
    (
        _("系统"),
        (
            (_("消息"), "inbox", "inbox"),
            (_("名册导入"), "villages:import", "table-import"),
            (_("建制调整"), "villages:adjustments", "git-merge"),
            (_("用户与单位"), "accounts:users", "users"),
            (_("审计记录"), "accounts:audit", "history"),
            (_("本县设置"), "rectification:settings", "settings"),
        ),
    ),
)
TABBAR = (
    "home",
    "inspections:list",
    "rectification:list",
    "villages:list",
    "inbox",
    "accounts:users",
    "accounts:audit",
)
SHORT = {
    "inspections:list": _("巡察"),
    "rectification:list": _("整改"),
    "villages:list": _("名册"),
    "accounts:users": _("用户"),
    "accounts:audit": _("审计"),
}


@lru_cache(maxsize=64)
def address(name: str) -> tuple[str, Any] | None:
    """(url, permission) of a page, or None where the installation has no such page."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    return url, getattr(resolve(url).func, "permission", None)


def reachable(user: Any, name: str) -> str | None:
    """The page's address if this person may open it."""
    found = address(name)
    if found is None:
        return None
    url, permission = found
    if permission in (PUBLIC, SIGNED_IN):
        return url
    return url if permission and policy.may(user, permission[1], permission[0]) else None


def links(user: Any, path: str) -> Iterator[dict[str, Any]]:
    """The sections of the menu with what this person may open; empty sections are left out."""
    sections = [
        {"label": label, "links": [_link(user, *one) for one in rows if reachable(user, one[1])]}
        for label, rows in MENU
    ]
    _mark_current([link for section in sections for link in section["links"]], path)
    return (section for section in sections if section["links"])


def _link(user: Any, label: Any, name: str, icon: str) -> dict[str, Any]:
    return {"label": label, "name": name, "url": reachable(user, name), "icon": icon, "current": False}


def _mark_current(found: list[dict[str, Any]], path: str) -> None:
    """The longest address that the page's path begins with is where one is."""
    fitting = [link for link in found if path == link["url"] or (link["url"] != "/" and path.startswith(link["url"]))]
    if fitting:
        max(fitting, key=lambda link: len(link["url"]))["current"] = True


def tabbar(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first four of the menu's pages that a phone keeps at the thumb."""
    known = {link["name"]: link for section in sections for link in section["links"]}
    return [known[name] | {"label": SHORT.get(name, known[name]["label"])} for name in TABBAR if name in known][:4]
