"""专项整治: a department cures a common issue in its villages, by tasks with deadlines and results (A8)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Organ
from common.calendar import today
from common.enums import Light
from common.wording import quoted
from common.workflow import WorkflowModel
from inspections.models import Finding
from oversight.enums import TONES, CampaignStatus, TaskStatus
from oversight.transitions import CAMPAIGN_MOVES, TASK_MOVES
from villages.models import Village, VillageScoped

from .issues import CommonIssue

SOON = 7


def light_of(deadline: date, is_open: bool) -> Light:
    """Red when late, amber in the last week, grey when done."""
    if not is_open:
        return Light.GREY
    left = (deadline - today()).days
    return Light.RED if left < 0 else Light.AMBER if left <= SOON else Light.GREEN


def origin_field() -> "models.ForeignKey[Any, Any]":
    """Where the row was before its village merged into another one; none where it began."""
    return models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("原在村")
    )


class Campaign(WorkflowModel, CountyScoped):
    """One approved common issue in the hands of its department; its villages and findings are fixed at the approval."""

    moves = CAMPAIGN_MOVES

    issue = models.OneToOneField(CommonIssue, models.PROTECT, related_name="campaign", verbose_name=_("共性问题"))
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="campaigns", verbose_name=_("牵头部门"))
    deadline = models.DateField(_("整治时限"))
    plan = models.TextField(_("整治措施"), max_length=2000, blank=True)
    result = models.TextField(_("整治结果"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=CampaignStatus.choices, default=CampaignStatus.ASSIGNED, editable=False
    )
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("专项整治")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CampaignStatus.values), name="campaign_status_known"),
            models.CheckConstraint(
                condition=Q(status=CampaignStatus.CLOSED, closed_on__isnull=False)
                | (~Q(status=CampaignStatus.CLOSED) & Q(closed_on=None)),
                name="campaign_closed_iff_closed_on",
            ),
            models.CheckConstraint(
                condition=Q(status=CampaignStatus.ASSIGNED) | ~Q(plan=""), name="campaign_taken_on_with_plan"
            ),
        ]
        indexes = [models.Index(fields=["organ", "status"], name="campaign_organ")]

    def __str__(self) -> str:
        return f"{quoted(self.issue.text)}专项整治"

    @property
    def is_open(self) -> bool:
        return self.status != CampaignStatus.CLOSED

    @property
    def light(self) -> Light:
        return light_of(self.deadline, self.is_open)

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("oversight:campaign", args=[self.pk])


class CampaignFinding(models.Model):
    """A finding that the campaign's department may read: these and no others."""

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="findings", verbose_name=_("专项整治"))
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="campaigns", verbose_name=_("问题"))

    class Meta:
        verbose_name = _("专项整治的问题")
        constraints = [models.UniqueConstraint(fields=["campaign", "finding"], name="campaign_finding_once")]

    def __str__(self) -> str:
        return f"{self.campaign} {self.finding}"


class CampaignTask(WorkflowModel, VillageScoped):
    """What the campaign does in one village: the measure, until when, and what came of it."""

    moves = TASK_MOVES

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tasks", verbose_name=_("专项整治"))
    origin = origin_field()
    measure = models.CharField(_("任务"), max_length=300, blank=True)
    deadline = models.DateField(_("时限"))
    result = models.CharField(_("结果"), max_length=500, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("登记人")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN, editable=False
    )

    class Meta:
        verbose_name = _("专项整治任务")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="campaign_task_status_known"),
            models.UniqueConstraint("campaign", Coalesce("origin", "village"), name="campaign_task_once"),
            models.CheckConstraint(
                condition=Q(status=TaskStatus.DONE, done_on__isnull=False, done_by__isnull=False) & ~Q(result="")
                | Q(status=TaskStatus.OPEN, done_on=None, done_by=None),
                name="campaign_task_done_with_result",
            ),
        ]
        indexes = [models.Index(fields=["township", "status"], name="campaign_task_township")]

    def __str__(self) -> str:
        return f"{self.village} {self.campaign}"

    @property
    def is_open(self) -> bool:
        return self.status == TaskStatus.OPEN

    @property
    def light(self) -> Light:
        return light_of(self.deadline, self.is_open)

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return self.campaign.get_absolute_url()
