"""The text of a feedback opinion, made from the confirmed findings and edited by people before issue (E1, E2)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from inspections.enums import FindingStatus, Mode, Severity
from inspections.models import Finding, Inspection

NUMERALS = "一二三四五六七八九十"


def opinion_text(inspection: Inspection) -> str:
    """总体情况, findings by aspect, 共性 and 个性 lists, what is asked for."""
    findings = accepted(inspection)
    place = f"{inspection.township.name}{inspection.village}"
    parts = [
        f"关于巡察{place}情况的反馈意见",
        f"{inspection.township.name}党委、{inspection.village}党组织：",
        _opening(inspection, place),
        "一、总体情况\n" + summary(findings),
        "二、发现的主要问题\n" + by_aspect(findings),
        "三、共性问题和个性问题\n" + _common_and_own(findings),
        "四、整改要求\n" + _demands(inspection, findings),
    ]
    return "\n\n".join(parts)


def accepted(inspection: Inspection) -> list[Finding]:
    """What has been confirmed, fed back or not yet, in the order of the checklist."""
    rows = Finding.objects.filter(inspection=inspection, status__in=[FindingStatus.CONFIRMED, FindingStatus.FED_BACK])
    return list(rows.select_related("checklist_item").order_by("checklist_item__code", "pk"))


def _opening(inspection: Inspection, place: str) -> str:
    mode = Mode(inspection.mode).label.replace("（直接对村）", "")
    if inspection.theme:
        mode += f"（主题：{inspection.theme}）"
    team = inspection.team.name if inspection.team else "巡察组"
    wave = str(inspection.round).replace(" ", "")
    return f"按照{wave}部署，{team}于{stay_text(inspection)}对{place}开展了{mode}。现将巡察情况反馈如下。"


def summary(findings: list[Finding]) -> str:
    lines = [f"巡察共发现问题{len(findings)}个"]
    by_severity = [(label, sum(one.severity == value for one in findings)) for value, label in Severity.choices]
    lines.append("其中" + "、".join(f"{label}问题{count}个" for label, count in reversed(by_severity) if count))
    amount = sum((one.amount or Decimal(0) for one in findings), Decimal(0))
    people = sum(one.people_affected or 0 for one in findings)
    if amount:
        lines.append(f"涉及资金{yuan(amount)}元")
    if people:
        lines.append(f"涉及群众{people}人次")
    immediate = sum(one.is_immediate for one in findings)
    if immediate:
        lines.append(f"需立巡立改{immediate}个")
    return "，".join(lines) + "。"


def by_aspect(findings: list[Finding]) -> str:
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.checklist_item.aspect, []).append(one)
    blocks = []
    for order, (aspect, members) in enumerate(groups.items()):
        lines = [f"（{NUMERALS[order]}）{aspect}"]
        lines += [f"{number}．{told(one)}" for number, one in enumerate(members, start=1)]
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def told(one: Finding) -> str:
    text = f"{stopped(one.title)}{stopped(one.facts)}"
    if one.period:
        text += f"发生时间：{stopped(one.period)}"
    if one.amount and f"{yuan(one.amount)}元" not in one.facts.replace(" ", "").replace(",", ""):
        text += f"涉及金额{yuan(one.amount)}元。"
    if one.went_ahead:
        return f"{text}（立巡立改，已先行交办，编号{one.number}）"
    return text + ("（立巡立改）" if one.is_immediate else "")


def _common_and_own(findings: list[Finding]) -> str:
    lines = []
    for label, members in (
        ("共性问题", [one for one in findings if one.is_common]),
        ("个性问题", [one for one in findings if not one.is_common]),
    ):
        names = "；".join(f"{number}．{one.title.rstrip('。')}" for number, one in enumerate(members, start=1))
        lines.append(f"{label}{len(members)}个" + (f"：{names}。" if members else "。"))
    return "\n".join(lines)


def _demands(inspection: Inspection, findings: list[Finding]) -> str:
    demands = [
        f"压实整改责任。{inspection.township.name}党委承担整改主体责任，{inspection.village}党组织承担具体整改责任，"
        "逐项明确整改措施、责任人和完成时限。",
        "按期完成整改。收到反馈意见后按规定时限报送整改方案，整改完成后提交佐证材料。",
        "接受监督核查。整改情况由乡镇纪检专干、乡镇纪委委员、村务监督委员会现场核查并签署意见。",
    ]
    if any(one.is_immediate for one in findings):
        demands.insert(1, "立巡立改。对标明立巡立改的问题即知即改，在规定的短时限内完成。")
    return numbered(demands)


def numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"（{NUMERALS[order]}）{one}" for order, one in enumerate(lines))


def stopped(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def yuan(amount: Decimal) -> str:
    """As documents write it, without separators (GB/T 15835)."""
    return f"{amount:.2f}".removesuffix(".00")


def stay_text(inspection: Inspection) -> str:
    """The days in the village, real ones as far as they are known, else planned ones; a single day as one date."""
    days = dict.fromkeys((inspection.first_day, inspection.last_day))
    return "至".join(day_text(one) for one in days)


def day_text(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "——"
