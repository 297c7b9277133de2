"""Term, yearly plans, the villages on them, and rounds (A1, A4, D2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from common.workflow import WorkflowModel
from inspections.enums import TONES, Mode, PlanStatus
from inspections.transitions import PLAN_MOVES
from villages.enums import VillageClass
from villages.models import Village


class Term(models.Model):
    """一届: five years in which every village is inspected once (A1)."""

    scope_alias = {"county__parent_id": "city_id"}

    city = models.ForeignKey(Division, models.PROTECT, related_name="terms", verbose_name=_("市"))
    name = models.CharField(_("届期"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    plan_due_month = models.PositiveSmallIntegerField(_("年度计划在几月底之前报备"), default=3)
    round_due_days = models.PositiveSmallIntegerField(_("轮次在开始前几天报备"), default=3)

    class Meta:
        verbose_name = _("巡察届期")
        constraints = [
            models.CheckConstraint(
                condition=Q(plan_due_month__gte=1, plan_due_month__lte=12, round_due_days__lte=60),
                name="term_filing_due",
            ),
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
    origin = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("原村（随建制调整转来）"),
    )
    klass = models.CharField(_("分类"), max_length=10, choices=VillageClass.choices)
    mode = models.CharField(_("巡察方式"), max_length=10, choices=Mode.choices)
    mode_reason = models.CharField(_("方式与分类不一致的理由"), max_length=200, blank=True)
    theme = models.CharField(_("专项主题"), max_length=60, blank=True)
    wave = models.PositiveSmallIntegerField(_("第几轮"), default=1)

    class Meta:
        verbose_name = _("计划村")
        constraints = [
            models.UniqueConstraint(fields=["plan", "village"], condition=Q(origin=None), name="plan_entry_once"),
            models.UniqueConstraint(fields=["plan", "origin"], name="plan_entry_of_origin_once"),
        ]
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
