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


OPEN_STAGES = frozenset({Stage.BEFORE, Stage.DURING, Stage.AFTER})


class TeamPost(TextChoices):
    LEADER = "LEADER", _("组长")
    DEPUTY = "DEPUTY", _("副组长")
    MEMBER = "MEMBER", _("组员")


class FindingStatus(TextChoices):
    DRAFT = "DRAFT", _("底稿")
    CONFIRMED = "CONFIRMED", _("已确认")
    REJECTED = "REJECTED", _("不予认定")
    FED_BACK = "FED_BACK", _("已反馈")


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
NUMBERED_PAPERS = frozenset({PaperKind.PLAN, *REPORT_PAPERS})
SHORT_MODES = frozenset({Mode.MOBILE, Mode.PINPOINT})  # these modes have short papers


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
    FindingStatus.CONFIRMED: "blue",
    FindingStatus.REJECTED: "",
    FindingStatus.FED_BACK: "green",
    FeedbackStatus.ISSUED: "green",
    TeamPost.LEADER: "blue",
    TeamPost.DEPUTY: "",
    TeamPost.MEMBER: "",
    VillageClass.KEY_FOCUS: "amber",
    VillageClass.RISK: "red",
    VillageClass.ORDINARY: "",
    Severity.MINOR: "",
    Severity.GENERAL: "amber",
    Severity.SERIOUS: "red",
}
