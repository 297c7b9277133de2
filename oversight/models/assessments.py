"""目标考核 (G3): a city's yearly scheme over its counties, points given by hand, and the scores once published."""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from common.calendar import today
from common.once import SentOnce
from common.workflow import WorkflowModel
from oversight.enums import TONES, AssessmentStatus, Measure
from oversight.transitions import ASSESSMENT_MOVES

PERCENT = [MinValueValidator(1), MaxValueValidator(100)]


class Assessment(WorkflowModel):
    """One year's scheme of one city. In force its weights stay; once published nothing of it changes."""

    moves = ASSESSMENT_MOVES

    place = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("市"))
    year = models.PositiveSmallIntegerField(_("年度"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    title = models.CharField(_("名称"), max_length=80)
    note = models.TextField(_("考核说明"), max_length=2000, blank=True)
    most_points = models.PositiveSmallIntegerField(_("加减分上限"), default=5, validators=[MaxValueValidator(20)])
    is_ranked = models.BooleanField(_("向各县公布排名"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟定人"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("公布人")
    )
    published_on = models.DateField(_("公布日期"), null=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=AssessmentStatus.choices, default=AssessmentStatus.DRAFT, editable=False
    )

    class Meta:
        verbose_name = _("目标考核")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=AssessmentStatus.values), name="assessment_status_known"),
            models.UniqueConstraint(fields=["place", "year"], name="assessment_once_a_year"),
            models.CheckConstraint(
                condition=Q(status=AssessmentStatus.PUBLISHED, published_by__isnull=False, published_on__isnull=False)
                | (~Q(status=AssessmentStatus.PUBLISHED) & Q(published_by=None, published_on=None)),
                name="assessment_published_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def day(self) -> date:
        """The day whose figures count: the year's last, or that of publishing, or today."""
        return min(date(self.year, 12, 31), self.published_on or today())

    @property
    def due(self) -> tuple[date, date]:
        """First and last deadline of what was due; what is due on the very day may still be done in time."""
        last = min(date(self.year, 12, 31), (self.published_on or today()) - timedelta(days=1))
        return date(self.year, 1, 1), last

    def get_absolute_url(self) -> str:
        return reverse("oversight:assessment", args=[self.pk])


class Indicator(models.Model):
    """One measure with its weight, and from which percentage on it has all its points."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="indicators", verbose_name=_("目标考核"))
    measure = models.CharField(_("指标"), max_length=10, choices=Measure.choices)
    weight = models.PositiveSmallIntegerField(_("权重"), validators=PERCENT)
    full_at = models.PositiveSmallIntegerField(_("满分线（%）"), validators=PERCENT)

    class Meta:
        verbose_name = _("考核指标")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "measure"], name="indicator_once"),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="indicator_measure_known"),
            models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="indicator_weight_in_percent"),
            models.CheckConstraint(condition=Q(full_at__range=(1, 100)), name="indicator_full_in_percent"),
        ]

    def __str__(self) -> str:
        return self.get_measure_display()


class PointsGiven(CountyScoped, SentOnce):
    """加减分: what the data cannot say, with the reason. A mistake is put right by the opposite."""

    append_only = True

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="given", verbose_name=_("目标考核"))
    points = models.DecimalField(_("加减分"), max_digits=4, decimal_places=1)
    reason = models.CharField(_("理由"), max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    given_on = models.DateField(_("登记日期"))

    class Meta:
        verbose_name = _("加减分")
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="points_given_not_nothing"),
            models.CheckConstraint(condition=~Q(reason=""), name="points_given_with_reason"),
        ]
        indexes = [models.Index(fields=["assessment", "county"], name="points_given_of_county")]

    def __str__(self) -> str:
        return f"{self.points:+}"


class CountyScore(CountyScoped):
    """What a county reached, as it was published. `computed` and `total` are None where there was nothing to assess."""

    append_only = True

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores", verbose_name=_("目标考核"))
    computed = models.DecimalField(_("指标得分"), max_digits=5, decimal_places=2, null=True)
    given = models.DecimalField(_("加减分"), max_digits=4, decimal_places=1)
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveSmallIntegerField(_("名次"), null=True)

    class Meta:
        verbose_name = _("考核得分")
        constraints = [models.UniqueConstraint(fields=["assessment", "county"], name="county_score_once")]

    def __str__(self) -> str:
        return f"{self.county} {self.total}"


class ScoreLine(models.Model):
    """One indicator of a published score: `part` of `whole`, over `rows`; None where there was nothing to measure."""

    append_only = True

    score = models.ForeignKey(CountyScore, models.PROTECT, related_name="lines", verbose_name=_("考核得分"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("考核指标"))
    part = models.PositiveIntegerField(_("分子"))
    whole = models.PositiveIntegerField(_("分母"))
    rows = models.PositiveIntegerField(_("涉及"))
    points = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("指标得分")
        constraints = [
            models.UniqueConstraint(fields=["score", "indicator"], name="score_line_once"),
            models.CheckConstraint(condition=Q(part__lte=models.F("whole")), name="score_line_part_of_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.points}"
