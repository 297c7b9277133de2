from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from villages.enums import VillageClass


class PlanStatus(TextChoices):
    DRAFT = "DRAFT", _("草拟")
    SUBMITTED = "SUBMITTED", _("待县委审批")
    APPROVED = "APPROVED", _("已批准")
    FILED = "FILED", _("已报备")


class Mode(TextChoices):
    REGULAR = "REGULAR", _("常规巡察（直接对村）")
    CROSS = "CROSS", _("交叉巡察")
    RAISED = "RAISED", _("提级巡察")
    SPECIAL = "SPECIAL", _("专项巡察")
    MOBILE = "MOBILE", _("机动式巡察")
    PINPOINT = "PINPOINT", _("点穴式巡察")


# Days in the village that each mode takes, until the county sets its own.
DAYS_OF_MODE = {
    Mode.REGULAR: 10,
    Mode.CROSS: 10,
    Mode.RAISED: 12,
    Mode.SPECIAL: 7,
    Mode.MOBILE: 3,
    Mode.PINPOINT: 2,
}

MODES_OF_CLASS = {
    VillageClass.KEY_FOCUS: (Mode.REGULAR,),
    VillageClass.RISK: (Mode.CROSS, Mode.RAISED, Mode.SPECIAL),
    VillageClass.ORDINARY: (Mode.MOBILE, Mode.PINPOINT),
}


class Stage(TextChoices):
    BEFORE = "BEFORE", _("巡前")
    DURING = "DURING", _("巡中")
    AFTER = "AFTER", _("巡后")
    CLOSED = "CLOSED", _("已完成")
    CANCELLED = "CANCELLED", _("已取消")


WORK_STAGES = (Stage.BEFORE, Stage.DURING, Stage.AFTER)
OPEN_STAGES = frozenset(WORK_STAGES)


class DutyPost(TextChoices):
    """Who answers for a duty (A5)."""

    OFFICE = "OFFICE", _("县委巡察办")
    LEADER = "LEADER", _("组长、副组长")
    TEAM = "TEAM", _("巡察组")


class DutyAnchor(TextChoices):
    """The day from which a duty's days are counted; a planned day until there is a real one."""

    MADE = "MADE", _("列入本轮之日")
    ENTER = "ENTER", _("进驻之日")
    LEAVE = "LEAVE", _("离村之日")


class DutyStatus(TextChoices):
    OPEN = "OPEN", _("待办")
    DONE = "DONE", _("已办")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("不适用")


class RecordStatus(TextChoices):
    RECORDED = "RECORDED", _("已登记")
    VOID = "VOID", _("已作废")


class VoidReason(TextChoices):
    """Chosen, not written: whatever is written about a source could name it."""

    DUPLICATE = "DUPLICATE", _("重复登记")
    MISTAKE = "MISTAKE", _("登记有误")
    ELSEWHERE = "ELSEWHERE", _("不属于本次巡察")


class Channel(TextChoices):
    """Ways of telling the villagers that the inspection is there (D3)."""

    MARKET_STALL = "MARKET_STALL", _("赶场天摆摊设点")
    BROADCAST = "BROADCAST", _("电视广播")
    POSTER = "POSTER", _("农贸市场、要道张贴")
    MIGRANT_GROUP = "MIGRANT_GROUP", _("流动党员微信群")
    OTHER = "OTHER", _("其他")


class PersonKind(TextChoices):
    """Who is talked to; the first six must be (六必谈, D5)."""

    OLD_CADRE = "OLD_CADRE", _("老干部")
    OLD_MEMBER = "OLD_MEMBER", _("老党员")
    OLD_TEACHER = "OLD_TEACHER", _("老教师")
    VETERAN = "VETERAN", _("老退伍军人")
    ENTREPRENEUR = "ENTREPRENEUR", _("致富能人")
    GENTRY = "GENTRY", _("乡贤")
    VILLAGE_CADRE = "VILLAGE_CADRE", _("村干部")
    VILLAGER = "VILLAGER", _("群众")
    OTHER = "OTHER", _("其他")


class TalkPlace(TextChoices):
    """五边 (D4)."""

    FIRESIDE = "FIRESIDE", _("火塘边")
    COURTYARD = "COURTYARD", _("院坝边")
    FIELD = "FIELD", _("田坝边")
    PLOUGH = "PLOUGH", _("犁耙边")
    TEA_TABLE = "TEA_TABLE", _("茶桌边")
    OTHER = "OTHER", _("其他地点")


class VisitKind(TextChoices):
    """四必访 (D6)."""

    OPEN_DOOR = "OPEN_DOOR", _("开门迎访")
    HOUSEHOLD = "HOUSEHOLD", _("入户走访")
    FOCUSED = "FOCUSED", _("重点探访")
    FOLLOW_UP = "FOLLOW_UP", _("跟踪追访")


SIX_TALKS = tuple(PersonKind)[:6]
FOUR_VISITS = tuple(VisitKind)


class DocumentKind(TextChoices):
    ACCOUNTS = "ACCOUNTS", _("账簿凭证")
    MINUTES = "MINUTES", _("会议记录")
    CONTRACT = "CONTRACT", _("合同协议")
    PUBLICATION = "PUBLICATION", _("公开公示")
    ROSTER = "ROSTER", _("名册台账")
    OTHER = "OTHER", _("其他")


class GapAnswer(TextChoices):
    """Why one of the six or four is missing."""

    NONE_SUCH = "NONE_SUCH", _("本村无此类对象")
    NOT_DONE = "NOT_DONE", _("未谈、未访")


class TeamPost(TextChoices):
    LEADER = "LEADER", _("组长")
    DEPUTY = "DEPUTY", _("副组长")
    MEMBER = "MEMBER", _("组员")


class RecusalKind(TextChoices):
    """Why a person keeps away from a township (回避)."""

    NATIVE = "NATIVE", _("籍贯地")
    SERVED = "SERVED", _("曾任职")
    RELATIVE = "RELATIVE", _("亲属在该地")


class RecusalStatus(TextChoices):
    IN_FORCE = "IN_FORCE", _("须回避")
    LIFTED = "LIFTED", _("已解除")


class FilingStatus(TextChoices):
    """报备 of a plan or a round with the city (G1)."""

    SUBMITTED = "SUBMITTED", _("待市级受理")
    ACCEPTED = "ACCEPTED", _("已备案")
    RETURNED = "RETURNED", _("已退回")


class FindingStatus(TextChoices):
    DRAFT = "DRAFT", _("底稿")
    SIGNED = "SIGNED", _("待初审")
    REVIEWED = "REVIEWED", _("待审定")
    CONFIRMED = "CONFIRMED", _("已确认")
    REJECTED = "REJECTED", _("不予认定")
    MERGED = "MERGED", _("已合并")
    FED_BACK = "FED_BACK", _("已反馈")
    REFERRED = "REFERRED", _("已转出")  # became a clue: an empty row that nobody is shown


UNDECIDED = (FindingStatus.DRAFT, FindingStatus.SIGNED, FindingStatus.REVIEWED)  # nobody has decided on these yet
LIVING = (*UNDECIDED, FindingStatus.CONFIRMED)  # may still become part of the feedback
NUMBERED = (FindingStatus.CONFIRMED, FindingStatus.FED_BACK)
SEEN_FINDINGS = tuple(one for one in FindingStatus if one != FindingStatus.REFERRED)


class Severity(TextChoices):
    MINOR = "MINOR", _("轻微")
    GENERAL = "GENERAL", _("一般")
    SERIOUS = "SERIOUS", _("严重")


class PostConcerned(TextChoices):
    """The posts that inspection looks at first (C2)."""

    SECRETARY = "SECRETARY", _("村党组织书记")
    DIRECTOR = "DIRECTOR", _("村委会主任")
    FOUR_POSTS = "FOUR_POSTS", _("村四职干部")
    SUPERVISORY_CHAIR = "SUPERVISORY_CHAIR", _("监委会主任")
    GROUP_LEADER = "GROUP_LEADER", _("村民小组长")
    BOOKKEEPER = "BOOKKEEPER", _("报账员")


class Theme(TextChoices):
    """The five key problem themes (C3)."""

    DEPLOYMENT = "上级部署不落实", _("上级部署不落实")
    CORRUPTION = "基层微腐败", _("基层“微腐败”")
    LIVELIHOOD = "民生领域", _("民生领域")
    GOVERNANCE = "乡村治理", _("乡村治理")
    WEAK_LAX = "软弱涣散", _("软弱涣散")


class FeedbackStatus(TextChoices):
    DRAFT = "DRAFT", _("待签发")
    ISSUED = "ISSUED", _("已签发")


class PaperKind(TextChoices):
    """Papers made from the data of one inspection (H3)."""

    PLAN = "PLAN", _("巡察方案")
    NOTICE = "NOTICE", _("巡察公告")
    OUTLINE = "OUTLINE", _("谈话提纲")
    REPORT = "REPORT", _("巡察报告")
    SPECIAL_REPORT = "SPECIAL_REPORT", _("专题报告")


REPORT_PAPERS = (PaperKind.REPORT, PaperKind.SPECIAL_REPORT)
# Who issues: the office's head or the team's leaders; a report either, since a team's grant may have ended by then.
OFFICE_PAPERS = (PaperKind.PLAN, PaperKind.NOTICE, *REPORT_PAPERS)
TEAM_PAPERS = (PaperKind.OUTLINE, *REPORT_PAPERS)
DUTY_PAPERS = tuple(one for one in PaperKind if one != PaperKind.SPECIAL_REPORT)  # what a duty may speak of
NUMBERED_PAPERS = frozenset({PaperKind.PLAN, *REPORT_PAPERS})
SHORT_MODES = frozenset({Mode.MOBILE, Mode.PINPOINT})  # these modes have short papers


def paper_for(kind: str, mode: str) -> PaperKind:
    """The paper itself: what is a report in other modes is 专题报告 in a special inspection (D2)."""
    if kind not in REPORT_PAPERS:
        return PaperKind(kind)
    return PaperKind.SPECIAL_REPORT if mode == Mode.SPECIAL else PaperKind.REPORT


class PaperStatus(TextChoices):
    DRAFT = "DRAFT", _("草稿")
    ISSUED = "ISSUED", _("已签发")


# How a status is shown: one map for lists, pages and the workbench.
TONES: dict[str, str] = {
    PlanStatus.DRAFT: "",
    PlanStatus.SUBMITTED: "amber",
    PlanStatus.APPROVED: "blue",
    PlanStatus.FILED: "green",
    Stage.BEFORE: "",
    Stage.DURING: "blue",
    Stage.AFTER: "amber",
    Stage.CLOSED: "green",
    Stage.CANCELLED: "",
    FindingStatus.SIGNED: "amber",
    FindingStatus.REVIEWED: "amber",
    FindingStatus.CONFIRMED: "blue",
    FindingStatus.REJECTED: "",
    FindingStatus.MERGED: "",
    FindingStatus.FED_BACK: "green",
    FeedbackStatus.ISSUED: "green",
    RecusalStatus.IN_FORCE: "amber",
    RecusalStatus.LIFTED: "",
    FilingStatus.SUBMITTED: "amber",
    FilingStatus.ACCEPTED: "green",
    FilingStatus.RETURNED: "red",
    TeamPost.LEADER: "blue",
    TeamPost.DEPUTY: "",
    TeamPost.MEMBER: "",
    VillageClass.KEY_FOCUS: "amber",
    VillageClass.RISK: "red",
    VillageClass.ORDINARY: "",
    Severity.MINOR: "",
    Severity.GENERAL: "amber",
    Severity.SERIOUS: "red",
    DutyStatus.OPEN: "",
    DutyStatus.DONE: "green",
    DutyStatus.NOT_APPLICABLE: "",
}
