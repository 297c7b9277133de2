"""任务报备: a county files a yearly plan and each round with the city, which accepts or returns it (G1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped
from common.workflow import WorkflowModel
from inspections.enums import TONES, FilingStatus
from inspections.transitions import FILING_MOVES

from .plans import AnnualPlan, Round


class Filing(WorkflowModel, CountyScoped):
    """One filing of a plan or of a round, with the figures of its day; what was returned is filed anew."""

    moves = FILING_MOVES

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, null=True, blank=True, related_name="filings", verbose_name=_("年度计划")
    )
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="filings", verbose_name=_("轮次")
    )
    figures = models.JSONField(_("报备时的数字"), default=dict)
    filed_on = models.DateField(_("报备日期"))
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("报备人"))
    answer = models.CharField(_("市级意见"), max_length=500, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=FilingStatus.choices, default=FilingStatus.SUBMITTED, editable=False
    )

    class Meta:
        verbose_name = _("任务报备")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FilingStatus.values), name="filing_status_known"),
            models.CheckConstraint(
                condition=Q(plan=None, round__isnull=False) | Q(plan__isnull=False, round=None),
                name="filing_of_plan_or_round",
            ),
            models.CheckConstraint(
                condition=~Q(status=FilingStatus.RETURNED) | ~Q(answer=""), name="filing_returned_with_reason"
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=~Q(status=FilingStatus.RETURNED), name="filing_of_plan_once"
            ),
            models.UniqueConstraint(
                fields=["round"], condition=~Q(status=FilingStatus.RETURNED), name="filing_of_round_once"
            ),
        ]
        indexes = [models.Index(fields=["county", "status", "-id"], name="filing_of_county")]

    def __str__(self) -> str:
        return str(self.plan or f"{self.county.name} {self.round}")

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:filing", args=[self.pk])
