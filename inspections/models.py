"""Term, plans, rounds, teams, inspections, the checklist, findings and feedback (A1, C1–C3, D1, D2, E1, E2)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division, Organ
from common.calendar import today
from common.workflow import WorkflowModel
from villages.enums import VillageClass
from villages.models import Village, VillageScoped

from .enums import (
    TONES,
    FeedbackStatus,
    FindingStatus,
    Mode,
    PlanStatus,
    PostConcerned,
    Severity,
    Stage,
    TeamPost,
    Theme,
)
from .transitions import FEEDBACK_MOVES, FINDING_MOVES, INSPECTION_MOVES, PLAN_MOVES


class Term(models.Model):
    """一届: five years in which every village is inspected once (A1)."""

    scope_alias = {"county__parent_id": "city_id"}

    city = models.ForeignKey(Division, models.PROTECT, related_name="terms", verbose_name=_("市"))
    name = models.CharField(_("届期"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))

    class Meta:
        verbose_name = _("巡察届期")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_start"),
            models.UniqueConstraint(fields=["city", "starts_on"], name="term_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TermTarget(models.Model):
    """Share of villages to be covered by the end of a year, in percent."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="targets", verbose_name=_("届期"))
    year = models.PositiveSmallIntegerField(_("年度"))
    percent = models.PositiveSmallIntegerField(_("年末覆盖率目标（%）"))

    class Meta:
        verbose_name = _("年度覆盖目标")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["term", "year"], name="term_target_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="term_target_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.percent}%"


class AnnualPlan(WorkflowModel, CountyScoped):
    """A county's plan for one year: which villages, in which mode, in which round."""

    moves = PLAN_MOVES

    term = models.ForeignKey(Term, models.PROTECT, related_name="plans", verbose_name=_("届期"))
    year = models.PositiveSmallIntegerField(_("年度"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=PlanStatus.choices,
        default=PlanStatus.DRAFT,
        editable=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("拟定人"),
    )

    class Meta:
        verbose_name = _("年度计划")
        constraints = [
            models.UniqueConstraint(fields=["county", "year"], name="plan_once_a_year"),
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="plan_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.county.name} {self.year} 年度巡察计划"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:plan", args=[self.pk])


class PlanEntry(models.Model):
    """One village on a plan, with the class it had then."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="entries", verbose_name=_("年度计划"))
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="plan_entries",
        verbose_name=_("村（社区）"),
    )
    klass = models.CharField(_("分类"), max_length=10, choices=VillageClass.choices)
    mode = models.CharField(_("巡察方式"), max_length=10, choices=Mode.choices)
    mode_reason = models.CharField(_("方式与分类不一致的理由"), max_length=200, blank=True)
    theme = models.CharField(_("专项主题"), max_length=60, blank=True)
    wave = models.PositiveSmallIntegerField(_("第几轮"), default=1)

    class Meta:
        verbose_name = _("计划村")
        constraints = [models.UniqueConstraint(fields=["plan", "village"], name="plan_entry_once")]
        indexes = [models.Index(fields=["plan", "wave"], name="plan_entry_wave")]

    def __str__(self) -> str:
        return f"{self.plan} {self.village}"

    @property
    def class_tone(self) -> str:
        return TONES.get(self.klass, "")


class Round(CountyScoped):
    """One wave of inspections in a year, made from an approved plan."""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="rounds", verbose_name=_("年度计划"))
    number = models.PositiveSmallIntegerField(_("轮次"))
    name = models.CharField(_("名称"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))

    class Meta:
        verbose_name = _("轮次")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="round_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inspections:round", args=[self.pk])


class Team(models.Model):
    """巡察组 of a round; a cross-county or raised-level team belongs to another county's or the city's organ."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="teams", verbose_name=_("轮次"))
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="teams", verbose_name=_("派出单位"))
    name = models.CharField(_("组名"), max_length=40)

    class Meta:
        verbose_name = _("巡察组")
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def in_force(self) -> "TeamMemberQuerySet":
        """Grants that hold today; a grant ends with its last day."""
        day = today()
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def not_ended(self) -> "TeamMemberQuerySet":
        return self.filter(ends_on__gte=today())


class TeamMember(models.Model):
    """A person on a team, from the first to the last day of the grant."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name=_("巡察组"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("成员"),
    )
    post = models.CharField(_("组内岗位"), max_length=10, choices=TeamPost.choices, default=TeamPost.MEMBER)
    starts_on = models.DateField(_("授权开始"))
    ends_on = models.DateField(_("授权结束"))

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡察组成员")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="team_member_once"),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(post=TeamPost.LEADER),
                name="team_one_leader",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="team_member_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_post_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.starts_on <= today() <= self.ends_on

    @property
    def post_tone(self) -> str:
        return TONES.get(self.post, "")


class Checklist(models.Model):
    """A version of the issue checklist (问题清单); the newest one in force serves new inspections (C1)."""

    name = models.CharField(_("名称"), max_length=60)
    number = models.PositiveSmallIntegerField(_("版本号"), unique=True)
    in_force_from = models.DateField(_("启用日期"))

    class Meta:
        verbose_name = _("问题清单")
        ordering = ["-in_force_from", "-number"]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """One of the 72 items, with its aspect (3) and point (16); versions keep their own rows."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items", verbose_name=_("清单"))
    code = models.CharField(_("编号"), max_length=10)
    aspect_code = models.CharField(_("方面代码"), max_length=4)
    aspect = models.CharField(_("方面"), max_length=60)
    group = models.CharField(_("类别"), max_length=30)
    point_code = models.CharField(_("点位代码"), max_length=6)
    point = models.CharField(_("点位"), max_length=40)
    text = models.CharField(_("具体问题"), max_length=120)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    lead_department = models.CharField(_("主管部门"), max_length=40, blank=True)
    evidence = models.CharField(_("常见印证"), max_length=120, blank=True)
    theme = models.CharField(_("重点问题"), max_length=12, choices=Theme.choices)
    party_building = models.BooleanField(_("党建问题"), default=False)
    posts = models.CharField(_("常见岗位"), max_length=80, blank=True)
    pinyin = models.CharField(_("检索用拼音"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("清单条目")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="checklist_item_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Inspection(WorkflowModel, VillageScoped):
    """The inspection of one village in one round: mode from the class, a team, and three stages (D1, D2)."""

    moves = INSPECTION_MOVES
    scope_alias = {"inspection__team_id__in": "team_id__in"}

    round = models.ForeignKey(Round, models.PROTECT, related_name="inspections", verbose_name=_("轮次"))
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name=_("巡察组"),
    )
    checklist = models.ForeignKey(
        Checklist,
        models.PROTECT,
        related_name="inspections",
        verbose_name=_("清单版本"),
    )
    number = models.CharField(_("编号"), max_length=30, unique=True)
    klass = models.CharField(_("分类"), max_length=10, choices=VillageClass.choices)
    mode = models.CharField(_("巡察方式"), max_length=10, choices=Mode.choices)
    mode_reason = models.CharField(_("方式与分类不一致的理由"), max_length=200, blank=True)
    theme = models.CharField(_("专项主题"), max_length=60, blank=True)
    status = models.CharField(
        _("阶段"),
        max_length=10,
        choices=Stage.choices,
        default=Stage.BEFORE,
        editable=False,
    )
    planned_from = models.DateField(_("计划进驻"))
    planned_to = models.DateField(_("计划离村"))
    entered_on = models.DateField(_("进驻日期"), null=True, blank=True)
    left_on = models.DateField(_("离村日期"), null=True, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("巡察")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village"],
                condition=~Q(status=Stage.CANCELLED),
                name="inspection_once_a_round",
            ),
            models.CheckConstraint(condition=Q(status__in=Stage.values), name="inspection_stage_known"),
            models.CheckConstraint(
                condition=Q(planned_to__gte=F("planned_from")),
                name="inspection_planned_order",
            ),
            models.CheckConstraint(
                condition=Q(status=Stage.CLOSED, closed_on__isnull=False)
                | (~Q(status=Stage.CLOSED) & Q(closed_on=None)),
                name="inspection_closed_iff_closed_on",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status", "-id"], name="inspection_county"),
            models.Index(fields=["village", "-id"], name="inspection_village"),
            models.Index(fields=["team"], name="inspection_team"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.village}"

    @property
    def place(self) -> str:
        """Township and village, as people say it."""
        return f"{self.township.name} {self.village}"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def short_mode(self) -> str:
        """The mode's name without its explanation in brackets."""
        return str(self.get_mode_display()).split("（")[0]

    @property
    def first_day(self) -> date:
        return self.entered_on or self.planned_from

    @property
    def last_day(self) -> date:
        return self.left_on or self.planned_to

    @property
    def class_tone(self) -> str:
        return TONES.get(self.klass, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:detail", args=[self.pk])


class Finding(WorkflowModel, VillageScoped):
    """One problem found (问题底稿 → 发现问题); frozen once it has been fed back (C1, C2, E1)."""

    moves = FINDING_MOVES

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings", verbose_name=_("巡察"))
    checklist_item = models.ForeignKey(
        ChecklistItem,
        models.PROTECT,
        related_name="findings",
        verbose_name=_("清单条目"),
    )
    number = models.CharField(_("编号"), max_length=40, unique=True)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=FindingStatus.choices,
        default=FindingStatus.DRAFT,
        editable=False,
    )
    title = models.CharField(_("问题"), max_length=60)
    facts = models.TextField(_("事实"))
    period = models.CharField(_("发生时间"), max_length=60, blank=True)
    amount = models.DecimalField(_("涉及金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    people_affected = models.PositiveIntegerField(_("涉及群众（人）"), null=True, blank=True)
    post_concerned = models.CharField(_("涉及岗位"), max_length=20, choices=PostConcerned.choices, blank=True)
    severity = models.CharField(_("程度"), max_length=10, choices=Severity.choices, default=Severity.GENERAL)
    is_common = models.BooleanField(_("共性问题"), default=False)
    is_immediate = models.BooleanField(_("立巡立改"), default=False)
    evidence = models.CharField(_("印证材料"), max_length=200, blank=True)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("巡察人员"),
    )
    second_inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("第二名巡察人员"),
    )

    class Meta:
        verbose_name = _("发现问题")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FindingStatus.values),
                name="finding_status_known",
            ),
            models.CheckConstraint(
                condition=Q(second_inspector=None) | ~Q(second_inspector=F("inspector")),
                name="finding_two_inspectors_differ",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="finding_amount_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["inspection", "id"], name="finding_inspection"),
            models.Index(fields=["county", "status", "-id"], name="finding_county"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def place(self) -> str:
        """Township and village, as people say it."""
        return f"{self.township.name} {self.village}"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def severity_tone(self) -> str:
        return TONES.get(self.severity, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:finding", args=[self.pk])


class Feedback(WorkflowModel, VillageScoped):
    """反馈意见 with its issue list; issuing it freezes the findings and makes the rectification items (E2)."""

    moves = FEEDBACK_MOVES

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="feedbacks", verbose_name=_("巡察"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=FeedbackStatus.choices,
        default=FeedbackStatus.DRAFT,
        editable=False,
    )
    document_number = models.CharField(_("文号"), max_length=40, blank=True)
    opinion = models.TextField(_("反馈意见"), blank=True)
    issued_on = models.DateField(_("签发日期"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("签发人"),
    )
    plan_due_on = models.DateField(_("整改方案时限"), null=True, blank=True)
    deadline = models.DateField(_("整改时限"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("拟稿人"),
    )

    class Meta:
        verbose_name = _("反馈")
        constraints = [
            models.UniqueConstraint(fields=["inspection"], name="feedback_once"),
            models.CheckConstraint(
                condition=Q(status__in=FeedbackStatus.values),
                name="feedback_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=FeedbackStatus.DRAFT)
                | Q(
                    issued_on__isnull=False,
                    issued_by__isnull=False,
                    deadline__gte=F("issued_on"),
                ),
                name="feedback_issued_by_whom_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} 反馈意见"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:feedback", args=[self.inspection_id])
