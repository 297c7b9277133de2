"""巡察报告 from the confirmed findings; 机动式 and 点穴式 have a short form (D1, E1)."""

from inspections.enums import SHORT_MODES
from inspections.models import Finding, Inspection
from inspections.selectors.opinion import accepted, by_aspect, stay_text, summary

from . import base
from .base import Draft, paragraph_list


def draft(inspection: Inspection) -> Draft:
    place, findings = base.place_of(inspection), accepted(inspection)
    opening = (
        f"按照{base.wave_of(inspection)}部署，{inspection.team or '巡察组'}于{stay_text(inspection)}对{place}"
        f"开展了{base.mode_of(inspection)}。现将巡察情况报告如下。"
    )
    found = by_aspect(findings) if findings else "本次巡察没有发现需要反馈的问题。"
    if inspection.mode in SHORT_MODES:
        sections = [
            ("", opening),
            ("发现的主要问题", f"{summary(findings)}\n{found}" if findings else found),
            ("处理建议", advice(inspection, findings)),
        ]
    else:
        sections = [
            ("", opening),
            ("基本情况", _basics(inspection)),
            ("总体评价", f"{summary(findings)}（请填写对村党组织的总体评价）" if findings else "（请填写总体评价）"),
            ("发现的主要问题", found),
            ("原因分析", "（请填写问题产生的主要原因）"),
            ("意见建议", advice(inspection, findings)),
        ]
    return Draft(
        f"关于对{place}开展{inspection.short_mode}情况的报告",
        base.team_of(inspection),
        sections,
        to=base.leading_group_of(inspection),
        annexes=base.issue_list(inspection),
    )


def _basics(inspection: Inspection) -> str:
    return (
        f"{base.profile_of(inspection)}该村为{inspection.get_klass_display()}。巡察组对照{inspection.checklist}，"
        "通过听取汇报、个别谈话、走访群众、查阅资料、实地查看等方式开展工作，完成了巡察任务。"
    )


def advice(inspection: Inspection, findings: list[Finding]) -> str:
    """Who is to put what right: the village, the township, the departments that answer for the points, the office."""
    if not findings:
        return "建议将本次巡察情况向乡镇党委和村党组织反馈，指导其巩固成效。"
    lines = [
        f"压实整改责任。{inspection.village}党组织承担具体整改责任，{inspection.township.name}党委承担主体责任，"
        "对问题清单逐条明确措施、责任人和时限。"
    ]
    if any(one.is_immediate for one in findings):
        lines.append("抓好立巡立改。对能够当场改、马上改的问题，督促即知即改，及时向群众公开结果。")
    departments = list(dict.fromkeys(one.checklist_item.lead_department for one in findings))
    if named := "、".join(filter(None, departments)):
        lines.append(f"加强行业监管。建议{named}对照职责加强指导，属于普遍性问题的开展专项整治。")
    if common := sum(one.is_common for one in findings):
        lines.append(f"用好共性问题。{common}个共性问题建议通报未巡察村对照自查、未巡先改。")
    return paragraph_list(lines)
