"""One card of the workbench each: a template and what it shows. A panel with nothing to say says what comes next."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Tier
from accounts.models import Division, User
from common import policy
from common.enums import Light
from inspections.enums import OPEN_STAGES, Stage
from inspections.models import Finding, Inspection
from inspections.rules import not_recused
from inspections.selectors.inspections import with_counts
from inspections.views.parts import Takes, act_links
from mianyang_xuncha.menu import reachable
from rectification.enums import ItemStatus
from rectification.models import RectificationItem
from rectification.selectors import light_of, lights_table, tasks
from villages.models import RosterImport

from .facts import MOST_URGED, Facts, Late

EVERYTHING = Takes(talks=True, others=True)  # no feedback is issued while the team is in the village
SHOWN_TODO, SHOWN_LIGHTS, SHOWN_LATE, SHOWN_TASKS = 8, 8, 6, 6
ITEM = "rectification.RectificationItem"
TONE_OF_LIGHT = {Light.RED: "rd", Light.AMBER: "a", Light.GREEN: "g", Light.GREY: "g"}

Panel = dict[str, Any]


def todo_panel(rows: Sequence[dict[str, Any]], *, all_of_them: bool, title: str = "", nothing: str = "") -> Panel:
    shown = rows if all_of_them else rows[:SHOWN_TODO]
    return {
        "template": "home/_todo.html",
        "title": title or _("待办事项"),
        "rows": shown,
        "count": len(rows),
        "more": len(rows) > len(shown),
        "nothing": nothing or _("现在没有要您办理的事项。有新的会出现在这里，也会发到消息。"),
    }


def ledger_url(facts: Facts, **asked: Any) -> str:
    """The rows behind a figure, or an empty address for whoever has no ledger."""
    url, home = reachable(facts.user, "rectification:list"), facts.user.division
    if home.tier == Tier.COUNTY and not policy.same(facts.user, "view", "tally", RectificationItem):
        asked = {"county": home.pk} | asked
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{url}?{query}".rstrip("?") if url else ""


def late_panel(facts: Facts) -> Panel:
    late = facts.late
    rows = [
        {
            "days": one.days,
            "title": one.title,
            "url": reverse("rectification:item", args=[one.pk]),
            "note": "·".join(filter(None, [_place(facts, one), one.leader and _("联系抓 %s") % one.leader])),
        }
        for one in late[:SHOWN_LATE]
    ]
    return {
        "template": "home/_late.html",
        "rows": rows,
        "count": _capped(len(late)),
        "url": ledger_url(facts, tab="overdue"),
        "more": len(late) > len(rows),
    }


def _place(facts: Facts, one: Late) -> str:
    village = Division(name=one.village).short_name
    return village if facts.user.division.tier in (Tier.TOWNSHIP, Tier.VILLAGE) else f"{one.township} {village}"


def _capped(count: int) -> str:
    return f"{MOST_URGED}+" if count > MOST_URGED else str(count)


def urge_ids(facts: Facts, late: Sequence[Late] | None = None) -> list[int]:
    """What one press can urge: all overdue items, if they are not more than a batch takes."""
    if len(facts.late) > MOST_URGED or not policy.may(facts.user, "urge", RectificationItem):
        return []
    return [one.pk for one in (facts.late if late is None else late)]


def lights_panel(facts: Facts, *, all_of_them: bool) -> Panel:
    """红黄绿灯 of the tier below, worst first; each name opens its rows, each red one can be urged."""
    rows = lights_table(facts.user, facts.amber)
    if facts.user.division.tier == Tier.CITY:
        rows += _without_items(facts.user, {row["place_id"] for row in rows})
    shown = rows if all_of_them else rows[:SHOWN_LIGHTS]
    for row in shown:
        row["name"] = Division(name=row["name"]).short_name
        row["pct"] = row["closed"] / row["total"] * 100 if row["total"] else None
        row["tone"] = TONE_OF_LIGHT[row["light"]]
        row["url"] = ledger_url(facts, **{row["group"]: row["place_id"]})
        row["ids"] = urge_ids(facts, _of_place(facts, row)) if row["overdue"] else []
    covered = facts.covered_by_county() if facts.user.division.tier == Tier.CITY else {}
    for row in shown if covered else []:
        row["covered"], row["villages"] = covered.get(row["place_id"], (0, 0))
    head, title = HEADS[Tier(facts.user.division.tier)]
    return {
        "template": "home/_lights.html",
        "title": title,
        "head": head,
        "rows": shown,
        "count": len(rows),
        "more": len(rows) > len(shown),
        "covered": covered,
        "totals": {key: sum(row[key] for row in rows) for key in ("total", "closed", "open", "amber", "overdue")},
        "amber_days": _amber_days(facts),
    }


def _without_items(user: User, known: set[int]) -> list[dict[str, Any]]:
    """The counties that have nothing to rectify yet: the city sees all of its counties."""
    empty = {"total": 0, "closed": 0, "open": 0, "amber": 0, "overdue": 0, "oldest": None, "last_report": None}
    rest = user.division.children.exclude(pk__in=known).order_by("code")
    return [
        empty | {"place_id": one.pk, "name": one.name, "group": "county", "light": Light.GREY, "none": True}
        for one in rest
    ]


HEADS = {
    Tier.CITY: (gettext_lazy("县（市、区）"), gettext_lazy("各县整改红黄绿灯")),
    Tier.COUNTY: (gettext_lazy("乡镇（街道）"), gettext_lazy("乡镇整改红黄绿灯")),
    Tier.TOWNSHIP: (gettext_lazy("村（社区）"), gettext_lazy("各村整改红黄绿灯")),
    Tier.VILLAGE: (gettext_lazy("村（社区）"), gettext_lazy("本村整改红黄绿灯")),
}


def _amber_days(facts: Facts) -> int | None:
    """The days that make a light amber, where one number holds for all that is shown."""
    if facts.user.division.tier == Tier.CITY:
        return None if facts.amber else 7
    place = facts.user.division
    county = place if place.tier == Tier.COUNTY else place.parent if place.tier == Tier.TOWNSHIP else None
    return facts.amber.get(county.pk, 7) if county else None


def _of_place(facts: Facts, row: dict[str, Any]) -> list[Late]:
    return [one for one in facts.late if getattr(one, f"{row['group']}_id") == row["place_id"]]


def coverage_panel(facts: Facts) -> Panel | None:
    """本届全覆盖进度: by class against the year's target, and how the years went."""
    found = facts.coverage
    if found is None:
        return None
    lines = [
        {"label": one.label, "pct": one.pct or 0, "done": one.done, "total": one.total, "goal": found.whole.goal}
        for one in found.by_class
    ]
    years = found.by_year
    return {
        "template": "home/_coverage.html",
        "rows": lines,
        "left": found.whole.total - found.whole.done,
        "goal_year": years[-1].label if years else "",
        "goal": found.whole.goal,
        "labels": [one.label for one in years],
        "real": [one.done for one in years],
        "plan": [round(one.total * (one.goal or 0) / 100) for one in years] if all(one.goal for one in years) else [],
        "pace": found.forecast[0] if found.forecast else None,
        "url": reverse("inspections:coverage"),
    }


def tasks_panel(facts: Facts) -> Panel:
    """整改任务单 in groups; the same rows as on its own page, the first of each group."""
    groups = tasks(facts.user, amber=facts.amber)
    found = [
        {"heading": heading, "count": len(groups[key]), "tasks": [_task(facts, one) for one in groups[key][:most]]}
        for key, heading, most in (
            ("overdue", _("已超期"), SHOWN_TASKS),
            ("soon", _("临近时限"), SHOWN_TASKS),
            ("normal", _("时限正常"), SHOWN_TASKS),
            ("closed", _("最近销号"), 3),
        )
        if groups[key]
    ]
    return {"template": "home/_tasks.html", "groups": found, "url": reverse("rectification:tasks")}


TONES = {
    ItemStatus.ASSIGNED: "amber",
    ItemStatus.IN_PROGRESS: "blue",
    ItemStatus.UNDER_SUPERVISION: "blue",
    ItemStatus.UNDER_VERIFICATION: "blue",
    ItemStatus.CLOSED: "green",
}


ACTS = {
    ItemStatus.ASSIGNED: ("accept", gettext_lazy("签收"), "rectification:accept"),
    ItemStatus.IN_PROGRESS: ("report", gettext_lazy("报进展"), "rectification:report"),
}


def _task(facts: Facts, item: RectificationItem) -> dict[str, Any]:
    returned = item.attempt > 1 and item.status == ItemStatus.IN_PROGRESS
    action, act, page = ACTS.get(ItemStatus(item.status), ("", "", ""))
    acts = bool(action) and policy.may(facts.user, action, RectificationItem)
    return {
        "label": item.finding.title,
        "url": item.get_absolute_url(),
        "note": f"{item.village.division.short_name}·{item.number}",
        "act": act if acts else "",
        "act_url": reverse(page, args=[item.pk]) if acts else "",
        "light": light_of(item, facts.amber) if item.is_open else "",
        "light_text": item.due,
        "word": _("退回补充") if returned else item.status_label,
        "tone": "red" if returned else TONES[ItemStatus(item.status)],
    }


def field_panel(facts: Facts) -> Panel:
    """今日村: the villages that the person's teams are in, each with the large buttons of the field."""
    rows = policy.visible(facts.user, Inspection.objects.filter(status__in=OPEN_STAGES))
    cards = []
    for one in with_counts(rows).select_related("village__township").order_by("-status", "planned_from", "id")[:20]:
        adds = one.status == Stage.DURING and _may_add(facts.user, one)
        cards.append(
            {
                "inspection": one,
                "url": reverse("inspections:detail", args=[one.pk]),
                "add_url": reverse("inspections:finding_new", args=[one.pk]) if adds else "",
                "acts": act_links(one, EVERYTHING) if adds else [],
            }
        )
    return {"template": "home/_field.html", "cards": cards}


def _may_add(user: Any, inspection: Inspection) -> bool:
    return bool(policy.may(user, "add", Finding)) and not not_recused(user, inspection)


def imports_panel(facts: Facts) -> Panel:
    """The last rosters with what became of them."""
    seen = policy.visible(facts.user, RosterImport.objects.select_related("county", "uploaded_by"), "view")
    rows = list(seen.order_by("-uploaded_at")[:SHOWN_TODO])
    return {
        "template": "home/_imports.html",
        "rows": [{"roster": one, "url": reverse("villages:import_detail", args=[one.pk])} for one in rows],
        "upload_url": reachable(facts.user, "villages:import"),
    }
