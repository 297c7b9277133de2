"""Common issues: what recurs over villages and townships, and from when on a county calls it common (F1)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganKind
from accounts.models import CountyScoped, Organ
from common.workflow import WorkflowModel
from oversight.enums import TONES, IssueStatus
from oversight.transitions import ISSUE_MOVES

from .circulars import Circular


def remind_days() -> list[int]:
    """Shipped: three times before the date, on it, a day and a week after."""
    return [7, 3, 1, 0, -1, -7]


class CommonSetting(CountyScoped):
    """From how many villages, townships and what share of the inspected villages on an item counts as common; on
    which days before (below nought: after) its date a self-check is reminded of."""

    villages = models.PositiveSmallIntegerField(_("涉及村不少于（个）"), default=5)
    townships = models.PositiveSmallIntegerField(_("涉及乡镇不少于（个）"), default=2)
    share = models.PositiveSmallIntegerField(_("占已反馈村不少于（%）"), default=20)

    remind_days = ArrayField(models.SmallIntegerField(), default=remind_days, verbose_name=_("自查提醒日"))

    class Meta:
        verbose_name = _("共性问题阈值")
        constraints = [
            models.UniqueConstraint(fields=["county"], name="common_setting_once"),
            models.CheckConstraint(
                condition=Q(villages__gte=2, townships__gte=1, share__lte=100), name="common_setting_sense"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county} 共性问题阈值"


class CommonIssue(WorkflowModel, CountyScoped):
    """共性问题: one checklist item, with the spread it had when it was opened, and who is to cure it."""

    moves = ISSUE_MOVES

    code = models.CharField(_("清单编号"), max_length=10)
    text = models.CharField(_("具体问题"), max_length=120)
    point = models.CharField(_("点位"), max_length=40)
    villages = models.PositiveIntegerField(_("涉及村"))
    townships = models.PositiveIntegerField(_("涉及乡镇"))
    inspected = models.PositiveIntegerField(_("已反馈村"))
    findings = models.PositiveIntegerField(_("问题数"))
    analysis = models.TextField(_("成因分析和整治建议"), max_length=2000)
    department = models.ForeignKey(
        Organ,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": OrganKind.FUNCTIONAL_DEPARTMENT},
        verbose_name=_("牵头部门"),
    )
    deadline = models.DateField(_("整治时限"))
    report = models.ForeignKey(
        Circular, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("据以提出的专题报告")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=IssueStatus.choices, default=IssueStatus.PROPOSED, editable=False
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    opened_on = models.DateField(_("提出日期"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("审批人")
    )

    class Meta:
        verbose_name = _("共性问题")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=IssueStatus.values), name="common_issue_status_known"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("opened_by")), name="common_issue_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueStatus.APPROVED) | Q(decided_by__isnull=False), name="common_issue_by_whom"
            ),
        ]
        indexes = [models.Index(fields=["county", "status", "-id"], name="common_issue_county")]

    def __str__(self) -> str:
        return f"{self.county.name} {self.code} {self.text}"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def share(self) -> float:
        return self.villages / self.inspected * 100

    def get_absolute_url(self) -> str:
        return reverse("oversight:issue", args=[self.pk])
