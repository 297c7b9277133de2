from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IssueStatus(TextChoices):
    """共性问题: proposed by the office, decided by the committee, cured by a campaign (A8, F1)."""

    PROPOSED = "PROPOSED", _("待县委审批")
    RETURNED = "RETURNED", _("已退回")
    APPROVED = "APPROVED", _("已批准")


class CampaignStatus(TextChoices):
    """专项整治 of a department over the villages of a common issue (A8)."""

    ASSIGNED = "ASSIGNED", _("待部门受领")
    RUNNING = "RUNNING", _("整治中")
    REPORTED = "REPORTED", _("待县级验收")
    CLOSED = "CLOSED", _("已结束")


class TaskStatus(TextChoices):
    """What a campaign has to do in one village."""

    OPEN = "OPEN", _("待整治")
    DONE = "DONE", _("已整治")


class OccasionKind(TextChoices):
    GUIDANCE_VISIT = "GUIDANCE_VISIT", _("指导督导")
    TALK = "TALK", _("工作约谈")
    HEARING = "HEARING", _("听取研究")
    APPRAISAL = "APPRAISAL", _("激励考核")


OF_CITY = (OccasionKind.GUIDANCE_VISIT, OccasionKind.TALK)
OF_COUNTY = (OccasionKind.HEARING, OccasionKind.TALK, OccasionKind.APPRAISAL)


class OccasionStatus(TextChoices):
    PLANNED = "PLANNED", _("已安排")
    HELD = "HELD", _("已进行")
    DROPPED = "DROPPED", _("不进行")


class FollowUpStatus(TextChoices):
    OPEN = "OPEN", _("待落实")
    ANSWERED = "ANSWERED", _("已报落实")
    DONE = "DONE", _("已办结")


class CheckStatus(TextChoices):
    """村自查: answered by the village, confirmed by the township (F2)."""

    OPEN = "OPEN", _("待自查")
    ANSWERED = "ANSWERED", _("待乡镇确认")
    CONFIRMED = "CONFIRMED", _("已确认")


class Answer(TextChoices):
    HAS = "HAS", _("有")
    NONE = "NONE", _("无")
    FIXED = "FIXED", _("已改")


class CircularKind(TextChoices):
    """What is made from the figures of a period and sent to units (F3, G4)."""

    CIRCULAR = "CIRCULAR", _("情况通报")
    REPORT = "REPORT", _("专题报告")


class CircularStatus(TextChoices):
    DRAFT = "DRAFT", _("拟稿")
    ISSUED = "ISSUED", _("已签发")
    DROPPED = "DROPPED", _("已作废")


class AssessmentStatus(TextChoices):
    """目标考核 of the counties in a year (G3)."""

    DRAFT = "DRAFT", _("拟定中")
    IN_FORCE = "IN_FORCE", _("执行中")
    PUBLISHED = "PUBLISHED", _("已公布")


class Measure(TextChoices):
    """What an assessment can compute from the data of a county and a year."""

    COVERAGE = "COVERAGE", _("巡察覆盖率")
    ON_TIME = "ON_TIME", _("按时整改率")
    CLOSED = "CLOSED", _("整改销号率")
    CONTENT = "CONTENT", _("群众满意率")
    CLUES = "CLUES", _("线索按时办理率")
    TRUTHFUL = "TRUTHFUL", _("自查属实率")


class Grade(TextChoices):
    """How well the working papers of one member in one inspection were kept (G7)."""

    GOOD = "GOOD", _("好")
    FAIR = "FAIR", _("合格")
    POOR = "POOR", _("须改进")


TONES: dict[str, str] = {
    AssessmentStatus.DRAFT: "",
    AssessmentStatus.IN_FORCE: "blue",
    AssessmentStatus.PUBLISHED: "green",
    Grade.GOOD: "green",
    Grade.FAIR: "",
    Grade.POOR: "amber",
    IssueStatus.PROPOSED: "amber",
    IssueStatus.RETURNED: "red",
    IssueStatus.APPROVED: "green",
    CampaignStatus.ASSIGNED: "amber",
    CampaignStatus.RUNNING: "blue",
    CampaignStatus.REPORTED: "amber",
    CampaignStatus.CLOSED: "green",
    TaskStatus.OPEN: "",  # and of a self-check
    TaskStatus.DONE: "green",
    OccasionStatus.PLANNED: "blue",
    OccasionStatus.HELD: "green",
    FollowUpStatus.OPEN: "amber",
    FollowUpStatus.ANSWERED: "blue",
    FollowUpStatus.DONE: "green",
    CheckStatus.ANSWERED: "amber",
    CheckStatus.CONFIRMED: "green",
    Answer.HAS: "amber",
    Answer.NONE: "",
    Answer.FIXED: "green",
    CircularStatus.DRAFT: "amber",
    CircularStatus.ISSUED: "green",
}
