"""专题报告: what a special inspection (专项巡察) found on its theme, point by point (D2, F3)."""

from inspections.enums import Theme
from inspections.models import Finding, Inspection
from inspections.selectors.opinion import accepted, stay_text, summary, told

from . import base, report
from .base import Draft


def draft(inspection: Inspection) -> Draft:
    place, findings = base.place_of(inspection), accepted(inspection)
    theme = inspection.theme or "专项"
    sections = [
        (
            "",
            f"按照{base.wave_of(inspection)}部署，{inspection.team or '巡察组'}于{stay_text(inspection)}对{place}"
            f"开展了{theme}专项巡察。现将有关情况专题报告如下。",
        ),
        (
            "专项巡察情况",
            f"{base.profile_of(inspection)}{summary(findings)}" if findings else base.profile_of(inspection),
        ),
        ("发现的主要问题", _by_point(findings) if findings else "本次巡察没有发现需要反馈的问题。"),
        ("存在问题的原因", "（请填写问题产生的主要原因，包括主管部门监管上的原因）"),
        ("意见建议", report.advice(inspection, findings)),
    ]
    return Draft(
        f"{place}{theme}专题报告",
        base.team_of(inspection),
        sections,
        to=base.leading_group_of(inspection),
        annexes=base.issue_list(inspection),
    )


def _by_point(findings: list[Finding]) -> str:
    """Under each point of the checklist, in its order, with the key theme it belongs to (C3)."""
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(f"{one.checklist_item.point}（{Theme(one.checklist_item.theme).label}）", []).append(one)
    blocks = [
        "\n".join([point, *(f"{order}．{told(one)}" for order, one in enumerate(members, start=1))])
        for point, members in groups.items()
    ]
    return base.paragraph_list(blocks)
