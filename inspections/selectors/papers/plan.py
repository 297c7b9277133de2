"""巡察方案: whom, what, how, by whom; two sections shorter for 机动式 and 点穴式 (D1)."""

from inspections.enums import SHORT_MODES, Mode, TeamPost
from inspections.models import Inspection
from inspections.selectors.opinion import day_text, stay_text, stopped

from . import base
from .base import Draft, paragraph_list


def draft(inspection: Inspection) -> Draft:
    place, team = base.place_of(inspection), inspection.team or "巡察组"
    short = inspection.mode in SHORT_MODES
    sections = [
        (
            "",
            f"根据《中国共产党巡视工作条例》和{base.wave_of(inspection)}部署，由{team}对{place}"
            f"开展{base.mode_of(inspection)}。为做好本次巡察工作，制定本方案。",
        ),
        ("巡察对象", _object(inspection)),
        ("巡察内容", _content(inspection)),
        ("时间安排和方法步骤", _short_steps(inspection) if short else _steps(inspection)),
        ("组织领导和人员分工", _people(inspection)),
    ]
    if not short:
        sections.append(("工作要求", paragraph_list(DEMANDS)))
    return Draft(f"{place}{inspection.short_mode}工作方案", base.office_of(inspection), sections)


def _object(inspection: Inspection) -> str:
    reason = f"采用{inspection.short_mode}的理由：{stopped(inspection.mode_reason)}" if inspection.mode_reason else ""
    klass = inspection.get_klass_display()
    return f"{base.profile_of(inspection)}该村列为{klass}，采取{base.mode_of(inspection)}。{reason}"


def _content(inspection: Inspection) -> str:
    """The three aspects with their points; a special inspection looks at its theme first."""
    lines = [
        f"{aspect.name}。重点查看{'、'.join(point.name for point in aspect.points)}。"
        for aspect in base.aspects_of(inspection)
    ]
    if inspection.mode == Mode.SPECIAL and inspection.theme:
        lines.insert(0, f"{inspection.theme}。作为本次专项巡察的重点，逐项对照清单查清查实。")
    return paragraph_list(lines)


def _steps(inspection: Inspection) -> str:
    return paragraph_list(
        [
            f"巡前准备（{day_text(inspection.first_day)}前）。收集村情和信访、审计、纪检监察情况，开展组前培训，"
            "发布巡察公告，用赶场天设点、广播、张贴、微信群等方式发动群众。",
            f"驻村巡察（{stay_text(inspection)}）。坚持“三不两直接”，做好“六必谈”“四必访”，查阅资料，实地查看，"
            "发现的问题一事一底稿，由两名巡察人员签名。",
            "汇报反馈。结束驻村后形成巡察报告和问题清单，按程序汇报，向乡镇党委和村党组织反馈。",
        ]
    )


def _short_steps(inspection: Inspection) -> str:
    return (
        f"{stay_text(inspection)}进村巡察，直奔现场、直插问题，重点谈话、重点走访，发现的问题一事一底稿；"
        "结束后报送简要报告和问题清单，随即反馈。"
    )


def _people(inspection: Inspection) -> str:
    people = base.people_of(inspection)
    lines = [f"{post.label}：{'、'.join(one.full_name for one in people[post])}。" for post in TeamPost if people[post]]
    return "\n".join([f"本次巡察由{base.leading_group_of(inspection)}领导，{base.team_of(inspection)}实施。", *lines])


DEMANDS = (
    "依规依纪依法。严格执行请示报告、回避和工作纪律，不干预被巡察村正常工作，不履行执纪审查职责。",
    "深入群众一线。到火塘边、院坝边、田坝边听真话、察实情，不增加基层负担。",
    "严守保密规定。妥善保护反映问题的群众，巡察资料专人保管，不得泄露巡察情况。",
)
