"""谈话提纲: what to ask whom, from the checklist of this inspection; it names no one who is talked to (D5, D7)."""

from inspections.enums import SHORT_MODES, Theme
from inspections.models import Inspection
from inspections.selectors.checklist import Aspect

from . import base
from .base import Draft, paragraph_list

SIDES = (
    "老干部、老党员。侧重村党组织班子运行、民主集中、组织生活、党员发展和村干部作风。",
    "老教师、乡贤。侧重村务党务财务公开、村规民约、乡风文明和群众最关心的事。",
    "老退伍军人。侧重优抚安置、惠民补贴、困难救助政策是否落实到人。",
    "致富能人。侧重集体经济、土地流转、项目实施，有没有优亲厚友、吃拿卡要。",
)


def draft(inspection: Inspection) -> Draft:
    sections = [
        (
            "",
            f"为做好{base.place_of(inspection)}{base.mode_of(inspection)}的个别谈话，对照{inspection.checklist}拟定本提纲，"
            "供巡察组内部使用。谈话时结合对象情况灵活掌握，先听后问，不作引导，不照本宣科。",
        ),
        (
            "谈话对象和侧重",
            "做到老干部、老党员、老教师、老退伍军人、致富能人、乡贤“六必谈”。\n" + paragraph_list(SIDES),
        ),
        ("谈话内容", _questions(inspection)),
        (
            "注意事项",
            "两人以上参加，到群众方便的地方去谈。说明来意和保密要求，涉及问题线索的另行记录、单独报告。"
            "谈话记录只在巡察组内使用，不得带离、转发或向被巡察村透露谈话人。",
        ),
    ]
    return Draft(f"{base.place_of(inspection)}巡察谈话提纲", base.team_of(inspection), sections)


def _questions(inspection: Inspection) -> str:
    """Aspect by aspect, a question for each point from its items; short modes ask by point only."""
    short = inspection.mode in SHORT_MODES
    blocks = [f"{aspect.name}。\n{_points(aspect, short)}" for aspect in base.aspects_of(inspection)]
    if inspection.theme in Theme.values:
        blocks.insert(0, f"{inspection.theme}。作为专项重点逐项了解。")
    return paragraph_list(blocks)


def _points(aspect: Aspect, short: bool) -> str:
    lines = []
    for order, point in enumerate(aspect.points, start=1):
        items = "；".join(item.text for item in point.items)
        asked = "做得怎么样，群众有哪些不满意的地方" if short else f"有没有这样的情况：{items}"
        lines.append(f"{order}．{point.name}方面，{asked}？")
    return "\n".join(lines)
