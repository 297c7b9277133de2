"""What the templates of papers share: the parts of a draft, and how places, teams and days are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.enums import OrganKind
from accounts.models import Division, Organ
from common.numerals import numeral
from inspections.enums import Mode, TeamPost
from inspections.models import ChecklistItem, Inspection
from inspections.selectors.checklist import Aspect, as_tree, items_for
from inspections.selectors.focus import focused
from inspections.selectors.opinion import accepted

HEAD = (("序号", 14), ("编号", 26), ("问题", 34), ("事实", 46), ("清单点位", 22), ("性质", 14))


@dataclass(frozen=True)
class Draft:
    """A paper before anybody has touched it; `sections` are (heading, text), a section without heading leads in."""

    title: str
    issuer: str
    sections: Sequence[tuple[str, str]]
    to: str = ""
    annexes: Sequence[dict[str, Any]] = ()


def place_of(inspection: Inspection) -> str:
    return f"{inspection.township.name}{inspection.village}"


def mode_of(inspection: Inspection) -> str:
    """The mode as text says it, with the theme of a special inspection."""
    theme = f"（主题：{inspection.theme}）" if inspection.theme else ""
    return f"{inspection.short_mode}{theme}"


def wave_of(inspection: Inspection) -> str:
    return str(inspection.round).replace(" ", "")


def seat_of(inspection: Inspection) -> Division:
    """Whose committee inspects: the county's own, for a raised inspection the city's."""
    county = inspection.county
    return county.parent if inspection.mode == Mode.RAISED and county.parent else county


def committee_of(inspection: Inspection) -> str:
    return f"中共{seat_of(inspection).name}委"


OF_COMMITTEE = re.compile(r"^(中共)?[^（）]*?[市县区]委(?=.)")  # how a team's name may begin already


def team_of(inspection: Inspection) -> str:
    name = str(inspection.team or "巡察组")
    return f"{committee_of(inspection)}{OF_COMMITTEE.sub('', name)}"


def office_of(inspection: Inspection) -> str:
    """The county's inspection office by its name."""
    office = Organ.objects.filter(division=inspection.county_id, kind=OrganKind.INSPECTION_OFFICE).first()
    return office.name if office else f"{committee_of(inspection)}巡察办"


def leading_group_of(inspection: Inspection) -> str:
    return f"{committee_of(inspection)}巡察工作领导小组"


def people_of(inspection: Inspection) -> dict[str, list[Any]]:
    """The team's members by post, who are on it today or will be."""
    found: dict[str, list[Any]] = {str(post): [] for post in TeamPost}
    if inspection.team is not None:
        for member in inspection.team.members.not_ended().select_related("user").order_by("pk"):
            found[member.post].append(member.user)
    return found


def aspects_of(inspection: Inspection) -> list[Aspect]:
    """The inspection's checklist as a tree; of a special inspection the points that it is about."""
    return as_tree(focused(inspection, items_for(inspection)))


def items_of(inspection: Inspection) -> list[ChecklistItem]:
    """The checklist items under which something was found."""
    found = {one.checklist_item_id: one.checklist_item for one in accepted(inspection)}
    return list(found.values())


def profile_of(inspection: Inspection) -> str:
    """The village in figures, as far as they are known."""
    village = inspection.village
    known = (
        (village.households, "{}户"),
        (village.population, "{}人"),
        (village.party_members, "党员{}名"),
        (village.annual_income, "村集体经济年收入{}元"),
    )
    parts = [form.format(f"{value:.2f}".removesuffix(".00")) for value, form in known if value is not None]
    if village.secretary_is_director:
        parts.append("村党组织书记、村委会主任“一肩挑”")
    return f"{place_of(inspection)}" + (f"现有{'，'.join(parts)}。" if parts else "。") if parts else ""


def issue_list(inspection: Inspection) -> list[dict[str, Any]]:
    """问题清单 as an annex; nothing when nothing was found."""
    rows = [
        [
            str(order),
            one.number or "",
            one.title,
            one.facts,
            one.checklist_item.point,
            ("共性" if one.is_common else "个性") + ("，立巡立改已先行交办" if one.went_ahead else ""),
        ]
        for order, one in enumerate(accepted(inspection), start=1)
    ]
    return [{"title": "问题清单", "head": [list(one) for one in HEAD], "rows": rows}] if rows else []


def paragraph_list(lines: Sequence[str]) -> str:
    """Lines numbered （一）（二）…, one a paragraph."""
    return "\n".join(f"（{numeral(order)}）{line}" for order, line in enumerate(lines, start=1))
