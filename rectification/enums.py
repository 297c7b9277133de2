from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganKind, Post, Role


class ItemStatus(TextChoices):
    ASSIGNED = "ASSIGNED", _("待签收")
    IN_PROGRESS = "IN_PROGRESS", _("整改中")
    UNDER_SUPERVISION = "UNDER_SUPERVISION", _("监督核查中")
    UNDER_VERIFICATION = "UNDER_VERIFICATION", _("待县级验收")
    CLOSED = "CLOSED", _("已销号")


OPEN = frozenset(
    {
        ItemStatus.ASSIGNED,
        ItemStatus.IN_PROGRESS,
        ItemStatus.UNDER_SUPERVISION,
        ItemStatus.UNDER_VERIFICATION,
    }
)


class ResponsibleKind(TextChoices):
    """四抓 (A7): who at the township answers for an item."""

    OVERALL = "OVERALL", _("统一抓")
    LEADER = "LEADER", _("联系抓")
    SECTION = "SECTION", _("对口抓")
    SUPERVISION = "SUPERVISION", _("抓监督")


RESPONSIBLE_WHO = {
    ResponsibleKind.OVERALL: _("乡镇党委"),
    ResponsibleKind.LEADER: _("分管领导"),
    ResponsibleKind.SECTION: _("联系股室"),
    ResponsibleKind.SUPERVISION: _("乡镇纪委"),
}


class Link(TextChoices):
    """整改监督链条 (E8): the three who sign what they saw on the spot."""

    TOWNSHIP_DISCIPLINE_OFFICER = "TOWNSHIP_DISCIPLINE_OFFICER", _("乡镇纪检专干")
    TOWNSHIP_DISCIPLINE_MEMBER = "TOWNSHIP_DISCIPLINE_MEMBER", _("乡镇纪委委员")
    VILLAGE_SUPERVISORY_COMMITTEE = "VILLAGE_SUPERVISORY_COMMITTEE", _("村务监督委员会")


LINK_OF = {
    (
        OrganKind.TOWNSHIP_DISCIPLINE,
        Post.DISCIPLINE_OFFICER,
    ): Link.TOWNSHIP_DISCIPLINE_OFFICER,
    (
        OrganKind.TOWNSHIP_DISCIPLINE,
        Post.DISCIPLINE_MEMBER,
    ): Link.TOWNSHIP_DISCIPLINE_MEMBER,
    (OrganKind.VILLAGE_SUPERVISORY, Post.HEAD): Link.VILLAGE_SUPERVISORY_COMMITTEE,
}


class CheckResult(TextChoices):
    PASS = "PASS", _("符合要求")
    FAIL = "FAIL", _("不符合，退回整改")
    OBJECT = "OBJECT", _("不同意其他环节的结论，报县委巡察办裁定")


class CheckMethod(TextChoices):
    ON_SITE = "ON_SITE", _("实地查看")
    ACCOUNTS = "ACCOUNTS", _("查阅账目资料")
    INTERVIEW = "INTERVIEW", _("走访群众")


class DissentStatus(TextChoices):
    """不同意见 between links of the supervision chain, decided by the county (E8)."""

    RAISED = "RAISED", _("待裁定")
    UPHELD = "UPHELD", _("采纳，退回整改")
    RECHECK = "RECHECK", _("要求重新核查")


class PollChannel(TextChoices):
    """How villagers were asked (E9)."""

    VISIT = "VISIT", _("入户")
    MEETING = "MEETING", _("会议")
    PHONE = "PHONE", _("电话")
    SCAN = "SCAN", _("扫码")


class CaseOutcome(TextChoices):
    """What came of a discipline case (E10)."""

    DISCIPLINE = "DISCIPLINE", _("党纪政务处分")
    ORGANISED = "ORGANISED", _("组织处理")
    TALKED = "TALKED", _("谈话函询、批评教育")
    JUDICIAL = "JUDICIAL", _("移送司法机关")
    NONE = "NONE", _("予以了结")


class LessonStatus(TextChoices):
    DRAFT = "DRAFT", _("拟稿")
    ISSUED = "ISSUED", _("已签发")


class LookbackResult(TextChoices):
    """What 回头看 finds on an item that was closed."""

    GOOD = "GOOD", _("整改到位")
    BAD = "BAD", _("不实或反弹")


class Side(TextChoices):
    """Who receives what was found: the township, then the village; Party-building items have two (E2, E5)."""

    TOWNSHIP = "TOWNSHIP", _("乡镇（街道）党委")
    VILLAGE = "VILLAGE", _("村（社区）党组织")
    ORGANISATION = "ORGANISATION", _("县委组织部")


SIDE_OF = {
    OrganKind.PARTY_COMMITTEE: Side.TOWNSHIP,
    OrganKind.VILLAGE_PARTY: Side.VILLAGE,
    OrganKind.ORGANISATION_DEPARTMENT: Side.ORGANISATION,
}
RECEIVERS = (Side.TOWNSHIP, Side.VILLAGE)  # of a feedback
REPLIERS = (Side.TOWNSHIP, Side.ORGANISATION)  # of a Party-building item
ANSWERABLE = frozenset({ItemStatus.ASSIGNED, ItemStatus.IN_PROGRESS})


class ProxyReason(TextChoices):
    """Why the township reports for a village (代填)."""

    ENTRUSTED = "ENTRUSTED", _("受村党组织委托")
    NO_ACCOUNT = "NO_ACCOUNT", _("村里还没有账号")
    NO_SIGNAL = "NO_SIGNAL", _("村里网络不便")
    AWAY = "AWAY", _("村党组织负责人外出或空缺")
    BY_TOWNSHIP = "BY_TOWNSHIP", _("这项工作由乡镇直接办理")


class ExtensionStatus(TextChoices):
    ASKED = "ASKED", _("待审批")
    GRANTED = "GRANTED", _("已同意")
    REFUSED = "REFUSED", _("未同意")


class ClueStatus(TextChoices):
    """问题线索 on its way from the team to the discipline commission and back (E4)."""

    PROPOSED = "PROPOSED", _("待审批")
    APPROVED = "APPROVED", _("待移交")
    HANDED_OVER = "HANDED_OVER", _("待签收")
    RECEIVED = "RECEIVED", _("办理中")
    ANSWERED = "ANSWERED", _("已答复")
    CLOSED = "CLOSED", _("已办结")
    REJECTED = "REJECTED", _("不予移交")


C = ClueStatus
CLUES_OF_SENDER = (C.PROPOSED, C.APPROVED, C.REJECTED)  # the sender's access ends with the handover
CLUES_TO_APPROVE = (C.PROPOSED, C.APPROVED)
CLUES_OF_RECEIVER = (C.HANDED_OVER, C.RECEIVED, C.ANSWERED, C.CLOSED)
CLUES_IN_HAND = (C.RECEIVED, C.ANSWERED)
CLUES_UNDER_WAY = (C.PROPOSED, C.APPROVED, C.HANDED_OVER, C.RECEIVED, C.ANSWERED)


class ClueRefusal(TextChoices):
    """Chosen, not written: whatever is written could tell what the clue is about."""

    ORDINARY = "ORDINARY", _("不属于线索，按问题办理")
    INCOMPLETE = "INCOMPLETE", _("材料不全，补充后再报")
    ELSEWHERE = "ELSEWHERE", _("不属于县纪委监委管辖")


class ClueResult(TextChoices):
    FILED = "FILED", _("立案审查调查")
    DEALT = "DEALT", _("谈话提醒、批评教育或其他处理")
    UNFOUNDED = "UNFOUNDED", _("予以了结")
    KEPT = "KEPT", _("暂存待查")
    PASSED_ON = "PASSED_ON", _("转其他机关办理")


class DeadlineKind(TextChoices):
    IMMEDIATE = "IMMEDIATE", _("立巡立改")
    PLAN = "PLAN", _("整改方案")
    ORDINARY = "ORDINARY", _("一般事项")
    LONG_TERM_REVIEW = "LONG_TERM_REVIEW", _("长期坚持复核")
    CLUE_HANDOVER = "CLUE_HANDOVER", _("线索移交")
    CLUE_ANSWER = "CLUE_ANSWER", _("线索办理答复")


class LedgerKind(TextChoices):
    """What the ledger is exported as."""

    LEDGER = "LEDGER", _("整改台账")
    LISTS = "LISTS", _("三清单")
    CLOSING = "CLOSING", _("对账销号表")
    LIGHTS = "LIGHTS", _("红黄绿灯表")


class Audience(TextChoices):
    """Whom a reminder reaches; a vacant audience escalates to the next one up."""

    VILLAGE_ORGANISATION = "VILLAGE_ORGANISATION", _("村（社区）党组织")
    TOWNSHIP_COMMITTEE = "TOWNSHIP_COMMITTEE", _("乡镇（街道）党委")
    TOWNSHIP_SECRETARY = "TOWNSHIP_SECRETARY", _("乡镇（街道）党委书记")
    TOWNSHIP_DISCIPLINE = "TOWNSHIP_DISCIPLINE", _("乡镇（街道）纪委")
    COUNTY_OFFICE = "COUNTY_OFFICE", _("县委巡察办")
    CITY_OFFICE = "CITY_OFFICE", _("市委巡察办")


ROLE_OF_AUDIENCE = {
    Audience.VILLAGE_ORGANISATION: Role.VILLAGE_ORGANISATION,
    Audience.TOWNSHIP_COMMITTEE: Role.TOWNSHIP_COMMITTEE,
    Audience.TOWNSHIP_SECRETARY: Role.TOWNSHIP_COMMITTEE,
    Audience.TOWNSHIP_DISCIPLINE: Role.TOWNSHIP_DISCIPLINE,
    Audience.COUNTY_OFFICE: Role.COUNTY_OFFICE,
    Audience.CITY_OFFICE: Role.CITY_OFFICE,
}
