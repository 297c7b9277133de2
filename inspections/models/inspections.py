"""The inspection of one village (D1, D2)."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import DateField, F, Q
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.workflow import WorkflowModel
from inspections.enums import TONES, Mode, Stage
from inspections.transitions import INSPECTION_MOVES
from villages.enums import VillageClass
from villages.models import Village, VillageScoped

from .checklist import Checklist
from .plans import Round
from .teams import Team


def first_day_of(path: str = "") -> Any:
    """`Inspection.first_day` in SQL, for rows that reach the inspection through `path`."""
    return Coalesce(f"{path}entered_on", f"{path}planned_from")


def last_day_of(path: str = "") -> Any:
    """`Inspection.last_day` in SQL."""
    planned = F(f"{path}planned_to")
    moved = Cast(planned + (first_day_of(path) - F(f"{path}planned_from")), DateField())
    return Coalesce(f"{path}left_on", Greatest(planned, moved))


class Inspection(WorkflowModel, VillageScoped):
    """The inspection of one village in one round: mode from the class, a team, and three stages (D1, D2)."""

    moves = INSPECTION_MOVES
    scope_alias = {"inspection__team_id__in": "team_id__in"}

    round = models.ForeignKey(Round, models.PROTECT, related_name="inspections", verbose_name=_("轮次"))
    origin = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("原村（随建制调整转来）"),
    )
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
    focus = models.JSONField(_("清单范围（点位）"), default=list, blank=True)
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
                condition=Q(origin=None) & ~Q(status=Stage.CANCELLED),
                name="inspection_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["round", "origin"],
                condition=~Q(status=Stage.CANCELLED),
                name="inspection_of_origin_once_a_round",
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
        """Of the stay; a team that enters later stays as many days as were planned."""
        return self.left_on or self.planned_to + max(self.first_day - self.planned_from, timedelta())

    @property
    def class_tone(self) -> str:
        return TONES.get(self.klass, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:detail", args=[self.pk])


class InspectionPart(models.Model):
    """A row that belongs to one inspection: its county and its team decide who sees it."""

    scope_alias = {"county_id": "inspection__county_id"}
    inspection: Inspection

    class Meta:
        abstract = True

    @property
    def township_id(self) -> int:
        """For the rule of recusal."""
        return self.inspection.township_id
