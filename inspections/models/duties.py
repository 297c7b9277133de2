"""责任清单: what is to be done before, during and after an inspection, by whom and by when (A5)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, DateField, ExpressionWrapper, F, Func, Q, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common.calendar import today
from common.workflow import WorkflowModel
from inspections.enums import DUTY_PAPERS, TONES, WORK_STAGES, DutyAnchor, DutyPost, DutyStatus, Mode, Stage
from inspections.transitions import DUTY_MOVES

from .inspections import Inspection, InspectionPart, first_day_of, last_day_of

SOON_DAYS = 3


class DutyList(models.Model):
    """One version of a county's list, or the city's default (no county). A list that inspections use stays as it is."""

    county = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("县（市、区）")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("制定人")
    )
    made_at = models.DateTimeField(_("制定时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("责任清单版本")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="duty_list_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.county.name if self.county else '市级默认'}责任清单第 {self.number} 版"


class DutyTemplate(models.Model):
    """One line of a list: what, who, in which modes, and how many days from which day."""

    scope_alias = {"county_id": "duty_list__county_id"}

    duty_list = models.ForeignKey(DutyList, models.CASCADE, related_name="rows", verbose_name=_("责任清单"))
    stage = models.CharField(_("阶段"), max_length=10, choices=[(one, one.label) for one in WORK_STAGES])
    order = models.PositiveSmallIntegerField(_("顺序"))
    title = models.CharField(_("事项"), max_length=60)
    who = models.CharField(_("责任人"), max_length=10, choices=DutyPost.choices)
    required = models.BooleanField(_("必办"), default=True)
    anchor = models.CharField(_("起算"), max_length=10, choices=DutyAnchor.choices)
    days = models.SmallIntegerField(_("天数"))
    paper = models.CharField(
        _("所说的文书"), max_length=15, choices=[(one, one.label) for one in DUTY_PAPERS], blank=True, default=""
    )
    modes = models.JSONField(_("适用方式"), default=list, blank=True)

    class Meta:
        verbose_name = _("责任清单事项")
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=WORK_STAGES), name="duty_template_stage_known"),
            models.CheckConstraint(condition=Q(paper__in=["", *DUTY_PAPERS]), name="duty_template_paper_known"),
            models.CheckConstraint(condition=Q(days__gte=-90, days__lte=365), name="duty_template_days"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def modes_text(self) -> str:
        return "、".join(str(Mode(one).label).split("（")[0] for one in self.modes)

    @property
    def due_text(self) -> str:
        """进驻之日前 5 天 / 离村之日 / 离村之日后 10 天."""
        anchor = self.get_anchor_display()
        if not self.days:
            return anchor
        return _("%(anchor)s%(way)s %(days)s 天") % {
            "anchor": anchor,
            "way": _("后") if self.days > 0 else _("前"),
            "days": abs(self.days),
        }


class DutyQuerySet(models.QuerySet["Duty"]):
    def fitting(self) -> "DutyQuerySet":
        """Those of the inspection's mode: it has a row for every line of the list, and its mode may change (D2)."""
        named: Any = Func(
            F("template__modes"), F("inspection__mode"), function="jsonb_exists", output_field=BooleanField()
        )
        return self.filter(Q(template__modes=[]) | Q(named))

    def with_due(self) -> "DutyQuerySet":
        """`due_on` follows the inspection's dates, planned or real, and is kept nowhere.

        `waits` holds for a required duty that is open and whose stage has come.
        """
        day = Case(
            When(template__anchor=DutyAnchor.MADE, then=TruncDate("inspection__created_at")),
            When(template__anchor=DutyAnchor.ENTER, then=first_day_of("inspection__")),
            default=last_day_of("inspection__"),
        )
        due: Any = ExpressionWrapper(day + F("template__days"), output_field=DateField())
        come = Q()
        for reached, stage in enumerate(WORK_STAGES, start=1):
            come |= Q(inspection__status=stage, template__stage__in=WORK_STAGES[:reached])
        waits = Case(When(come, status=DutyStatus.OPEN, template__required=True, then=True), default=False)
        return self.annotate(due_on=due, waits=waits)


class Duty(InspectionPart, WorkflowModel):
    """A line of the list for one inspection: open, done by whom and when, or not applicable with a reason."""

    moves = DUTY_MOVES

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="duties", verbose_name=_("巡察"))
    template = models.ForeignKey(DutyTemplate, models.PROTECT, related_name="duties", verbose_name=_("事项"))
    status = models.CharField(
        _("状态"), max_length=15, choices=DutyStatus.choices, default=DutyStatus.OPEN, editable=False
    )
    settled_on = models.DateField(_("办理日期"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    remark = models.CharField(_("说明"), max_length=200, blank=True)

    due_on: date
    waits: bool

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("责任事项")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "template"], name="duty_once"),
            models.CheckConstraint(condition=Q(status__in=DutyStatus.values), name="duty_status_known"),
            models.CheckConstraint(
                condition=Q(status=DutyStatus.OPEN, settled_on=None, settled_by=None)
                | (~Q(status=DutyStatus.OPEN) & Q(settled_on__isnull=False, settled_by__isnull=False)),
                name="duty_settled_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status=DutyStatus.NOT_APPLICABLE) | ~Q(remark=""), name="duty_waived_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection.number} {Stage(self.template.stage).label}：{self.template}"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def is_late(self) -> bool:
        return self.waits and self.due_on < today()

    @property
    def light(self) -> str:
        """Red when late, amber on the last three days."""
        if not self.waits:
            return ""
        left = (self.due_on - today()).days
        return "red" if left < 0 else "amber" if left <= SOON_DAYS else ""

    def get_absolute_url(self) -> str:
        return f"{reverse('inspections:duties', args=[self.inspection_id])}#duty-{self.pk}"
