"""Which cards each role finds on its desk. A person's organ decides; whoever has none but a team gets the team's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Post, Role
from accounts.models import User
from common import policy
from common.counting import CAP
from common.wording import tenth
from mianyang_xuncha.menu import reachable
from rectification.models import RectificationItem
from rectification.selectors.todo import handed_over, lessons_to_read

from . import panels, staff
from .facts import Facts
from .panels import Panel, ledger_url
from .todo import circulars, counted, self_checks, todo

Kpi = dict[str, Any]


@dataclass
class Desk:
    kpis: list[Kpi] = field(default_factory=list)
    wide: list[Panel] = field(default_factory=list)
    side: list[Panel] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    urge: list[int] = field(default_factory=list)


def desk_for(user: User, shown: str = "") -> Desk:
    """`shown` names the one card whose rows are all to be shown: "todo", "lights", "tasks"."""
    role = user.organ.role
    if role == Role.COUNTY_OFFICE and user.post == Post.ROSTER_ADMINISTRATOR:
        return _roster(Facts(user), shown)
    if role == Role.CITY_OFFICE and user.post == Post.ROSTER_ADMINISTRATOR:
        return _roster(Facts(user), shown)
    return DESKS.get(role, _team)(Facts(user, with_coverage=role in COVERING), shown)


COVERING = frozenset({Role.CITY_OFFICE, Role.COUNTY_OFFICE, Role.LEADING_GROUP})


def _county(facts: Facts, shown: str) -> Desk:
    rows = todo(facts)
    lights = panels.lights_panel(facts, all_of_them=shown == "lights")
    return Desk(
        kpis=[_covered(facts), *_inspecting(facts), *_rectifying(facts, lights["totals"])],
        wide=[panels.todo_panel(rows, all_of_them=shown == "todo"), lights],
        side=[*filter(None, [panels.coverage_panel(facts)]), panels.late_panel(facts)],
        actions=_actions(facts, ("villages:import", _("导入名册"), "table-import"), EXPORT),
        urge=panels.urge_ids(facts),
    )


def _city(facts: Facts, shown: str) -> Desk:
    lights = panels.lights_panel(facts, all_of_them=True)
    rows = todo(facts)
    waiting = [panels.todo_panel(rows, all_of_them=shown == "todo")] if rows else []
    return Desk(
        kpis=[_covered(facts), *_rectifying(facts, lights["totals"], *_fed_back(facts))],
        wide=[*waiting, lights],
        side=[*filter(None, [panels.coverage_panel(facts)]), panels.late_panel(facts)],
        actions=_actions(facts, ("inspections:coverage", _("届期与覆盖"), "chart-bar"), EXPORT),
    )


def _overseer(facts: Facts, shown: str) -> Desk:
    """County discipline commission, organisation department: what is being rectified in their part."""
    if not policy.may(facts.user, "view", RectificationItem):
        return _nothing(facts)
    lights = panels.lights_panel(facts, all_of_them=shown == "lights")
    rows = todo(facts)
    waiting = [panels.todo_panel(rows, all_of_them=shown == "todo")] if rows else []
    return Desk(
        kpis=_rectifying(facts, lights["totals"], *_fed_back(facts)),
        wide=[*waiting, lights],
        side=[panels.late_panel(facts)],
        actions=_actions(facts, EXPORT),
    )


def _township(facts: Facts, shown: str) -> Desk:
    """The township's task list, each task with its next act, and a light for each of its villages."""
    lights = panels.lights_panel(facts, all_of_them=shown == "lights")
    accept = [(LEDGER, _("批量签收"), "checks", "?tab=assigned")] if facts.counts["assigned"] else []
    rows = [*handed_over(facts.user, facts.amber), *lessons_to_read(facts.user), *counted(facts)]
    rows += self_checks(facts)
    waiting = [panels.todo_panel(rows, all_of_them=True)] if rows else []
    return Desk(
        kpis=_by_step(facts),
        wide=[*waiting, panels.tasks_panel(facts)],
        side=[lights | {"template": "home/_places.html"}],
        actions=_actions(facts, EXPORT, *accept),
    )


def _supervisor(facts: Facts, shown: str) -> Desk:
    """Township discipline and the supervisory committee: what is to be signed, then what is under way."""
    nothing = _("现在没有要您签署的监督核查。村里提交验收后会出现在这里。")
    title = _("待我签署")
    return Desk(
        kpis=_by_step(facts),
        wide=[panels.todo_panel(todo(facts), all_of_them=shown == "todo", title=title, nothing=nothing)],
        side=[panels.late_panel(facts)],
        actions=_actions(facts, EXPORT),
    )


def _village(facts: Facts, shown: str) -> Desk:
    """The village's items, before them what waits (feedback, circulars, self-checks), and nothing else."""
    return Desk(kpis=_by_step(facts), wide=[*_to_sign(facts), panels.tasks_panel(facts)])


def _to_sign(facts: Facts) -> list[Panel]:
    rows = [*handed_over(facts.user, facts.amber), *lessons_to_read(facts.user), *circulars(facts)]
    asked = list(self_checks(facts))
    title = "" if asked else _("待签收、签阅")
    return [panels.todo_panel([*rows, *asked], all_of_them=True, title=title)] if rows or asked else []


def _team(facts: Facts, shown: str) -> Desk:
    if not policy.may(facts.user, "view", "inspections.Inspection"):
        return _nothing(facts)
    rows = [row for row in todo(facts) if row["act"] != _("打开")]
    waiting = [panels.todo_panel(rows, all_of_them=shown == "todo")] if rows else []
    return Desk(wide=[*waiting, panels.field_panel(facts)])


def _roster(facts: Facts, shown: str) -> Desk:
    counts = facts.counts
    classes = reachable(facts.user, "villages:classify")
    return Desk(
        kpis=[
            _kpi(_("在册村（社区）"), counts["villages"], _("个"), reachable(facts.user, "villages:list")),
            _kpi(_("未分类"), counts["unclassed"], _("个"), _with(classes, "t=none")),
            _kpi(
                _("分类待审定"),
                counts["proposed"],
                _("个"),
                _with(classes, "t=proposed"),
            ),
            _kpi(
                _("建制待决定"),
                counts["undecided"],
                _("个"),
                reachable(facts.user, "villages:adjustments"),
                tone="amber" if counts["undecided"] else "",
            ),
            _kpi(_("预检待确认"), counts["to_commit"], _("次"), reachable(facts.user, "villages:import")),
        ],
        wide=[panels.imports_panel(facts)],
        actions=_actions(
            facts,
            ("villages:import_template", _("下载模板"), "download"),
            ("villages:export", _("导出名册"), "table-export"),
            ("villages:import", _("导入名册"), "table-import"),
        ),
    )


def _nothing(facts: Facts) -> Desk:
    """For a unit that has no part in anything yet: say so, and why; else what it was asked for."""
    rows = list(counted(facts))
    return Desk(wide=[panels.todo_panel(rows, all_of_them=True) if rows else {"template": "home/_nothing.html"}])


DESKS: dict[Any, Callable[[Facts, str], Desk]] = {
    Role.COUNTY_OFFICE: _county,
    Role.LEADING_GROUP: _county,
    Role.CITY_OFFICE: _city,
    Role.COUNTY_DISCIPLINE: _overseer,
    Role.ORGANISATION_DEPARTMENT: _overseer,
    Role.COUNTY_DEPARTMENT: _overseer,
    Role.TOWNSHIP_COMMITTEE: _township,
    Role.TOWNSHIP_DISCIPLINE: _supervisor,
    Role.SUPERVISORY_COMMITTEE: _supervisor,
    Role.VILLAGE_ORGANISATION: _village,
    Role.SYSTEM_ADMIN: lambda facts, shown: Desk(**staff.administrator(facts.user)),
    Role.SECURITY_AUDITOR: lambda facts, shown: Desk(**staff.auditor(facts.user)),
}

LEDGER = "rectification:list"
DESKTOP = frozenset({"villages:import", "villages:import_template", "villages:export"})  # nobody does these on a phone
EXPORT = ("rectification:export", _("导出台账"), "download")


def _actions(facts: Facts, *wanted: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The buttons that this person's role opens; the last one is the page's main one."""
    found = []
    for name, label, icon, *query in wanted:
        if url := reachable(facts.user, name):
            found.append({"url": url + "".join(query), "label": label, "icon": icon, "desktop": name in DESKTOP})
    return found


def _with(url: "str | None", query: str) -> str:
    return f"{url}?{query}" if url else ""


def _kpi(label: str, value: Any, unit: str, url: "str | None", **more: Any) -> Kpi:
    shown = f"{CAP}+" if isinstance(value, int) and value > CAP else value
    return {"label": label, "value": shown, "unit": unit, "url": url or ""} | more


def _covered(facts: Facts) -> Kpi:
    found = facts.coverage
    url = reachable(facts.user, "inspections:coverage")
    if found is None:
        return _kpi(_("本届巡察覆盖"), "—", "", url, note=_("还没有设立届期"))
    whole = found.whole
    unit = _("%% · %(done)s / %(total)s 村") % {"done": whole.done, "total": whole.total}
    return _kpi(_("本届巡察覆盖"), tenth(whole.pct or 0), unit, url, pct=whole.pct or 0)


def _inspecting(facts: Facts) -> list[Kpi]:
    counts = facts.counts
    inspections, findings = reachable(facts.user, "inspections:list"), reachable(facts.user, "inspections:findings")
    before = _("%s 村待进驻") % counts.get("stage_before", 0)
    drafts = _("底稿 %s 条") % counts.get("finding_draft", 0)
    return [
        _kpi(_("正在巡察"), counts.get("stage_during", 0), _("村"), f"{inspections}?t=during", note=before),
        _kpi(_("待反馈问题"), counts.get("finding_confirmed", 0), _("条"), f"{findings}?t=confirmed", note=drafts),
    ]


def _fed_back(facts: Facts) -> list[Kpi]:
    url = reachable(facts.user, "inspections:findings")
    return [_kpi(_("已反馈问题"), facts.counts.get("finding_fed_back", 0), _("条"), f"{url}?t=fed_back" if url else "")]


def _rectifying(facts: Facts, totals: dict[str, int], *before: Kpi) -> list[Kpi]:
    """Open, overdue, closed: the sums of the lights table, so that figure and table agree."""
    late = facts.late
    pct = totals["closed"] / totals["total"] * 100 if totals["total"] else None
    closed = _("已销号 %(closed)s / %(total)s 条") % totals
    oldest = _("最长 %s 天") % late[0].days if late else _("没有超期事项")
    tone = "red" if totals["overdue"] else ""
    return [
        *before,
        _open(facts, totals),
        _kpi(_("超期未改"), totals["overdue"], _("条"), ledger_url(facts, tab="overdue"), tone=tone, note=oldest),
        _kpi(_("整改销号率"), "—" if pct is None else tenth(pct), "%", ledger_url(facts, tab="closed"), note=closed),
    ]


def _open(facts: Facts, totals: dict[str, int]) -> Kpi:
    label, unit = _("未销号"), _("条")
    if not totals["amber"]:
        return _kpi(label, totals["open"], unit, ledger_url(facts, tab="open"), note=_("没有临近时限的"))
    lead = {"note_lead": _("%s 条") % totals["amber"], "note_tone": "amber", "note": _("临近时限")}
    return _kpi(label, totals["open"], unit, ledger_url(facts, tab="open"), **lead)


def _by_step(facts: Facts) -> list[Kpi]:
    """Where the items of a township or village stand."""
    counts = facts.counts
    steps = (
        ("assigned", _("待签收"), ""),
        ("progress", _("整改中"), ""),
        ("supervision", _("待监督"), ""),
        ("verification", _("待验收"), ""),
        ("overdue", _("超期"), "red"),
        ("closed", _("已销号"), ""),
    )
    soon = {"note": _("临近时限 %s 件") % counts["soon"]} if counts["soon"] else {}
    return [
        _kpi(label, counts[tab], _("件"), ledger_url(facts, tab=tab), tone=tone if counts[tab] else "")
        | (soon if tab == "progress" else {})
        for tab, label, tone in steps
    ]
