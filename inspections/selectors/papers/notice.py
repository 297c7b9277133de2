"""巡察公告: put up in the village and read out; the ways to reach the team are for people to fill in."""

from inspections.models import Inspection
from inspections.selectors.opinion import stay_text

from . import base
from .base import Draft


def draft(inspection: Inspection) -> Draft:
    place, team = base.place_of(inspection), base.team_of(inspection)
    focus = "；".join(one.name for one in base.aspects_of(inspection))
    sections = [
        (
            "",
            f"按照统一部署，{team}对{place}开展{base.mode_of(inspection)}。现将有关事项公告如下。",
        ),
        ("巡察时间", f"{stay_text(inspection)}。"),
        ("巡察重点", f"{focus}。重点了解村干部履职尽责、廉洁自律情况。"),
        (
            "受理范围",
            "受理反映村党组织、村民委员会、村务监督委员会及其成员问题的来信、来电、来访，对反映问题的群众严格保密。"
            "不属于受理范围的，按规定转有关部门处理。",
        ),
        (
            "联系方式",
            f"联系电话：{_phone(inspection)}（工作日 8:30—18:00）。\n"
            "意见箱和接访地点：（请填写意见箱位置和接访地点）。",
        ),
    ]
    return Draft(f"{place}巡察公告", team, sections)


def _phone(inspection: Inspection) -> str:
    """The leader's office telephone, which the accounts know."""
    leader = next(iter(base.people_of(inspection)["LEADER"]), None)
    return leader.phone if leader and leader.phone else "（请填写联系电话）"
