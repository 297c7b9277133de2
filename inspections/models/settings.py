"""What a county can do in a year, and how long its inspections take: read by plans, rounds and teams."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped
from inspections.enums import DAYS_OF_MODE, Mode


class InspectionSetting(CountyScoped):
    """A county's forces; without teams and villages for each of them its capacity is unknown and limits nothing."""

    waves = models.PositiveSmallIntegerField(_("每年轮数"), default=2)
    teams = models.PositiveSmallIntegerField(_("每轮可派巡察组"), null=True, blank=True)
    villages_per_team = models.PositiveSmallIntegerField(_("每组每轮巡察村数"), null=True, blank=True)
    member_days = models.PositiveSmallIntegerField(_("每人全年驻村上限（天）"), default=120)
    days = models.JSONField(_("各方式驻村天数"), default=dict, blank=True)

    class Meta:
        verbose_name = _("巡察力量设置")
        constraints = [
            models.UniqueConstraint(fields=["county"], name="inspection_setting_once"),
            models.CheckConstraint(condition=Q(waves__gte=1, waves__lte=12), name="inspection_setting_waves"),
        ]

    def __str__(self) -> str:
        return f"{self.county.name}巡察力量设置"

    @property
    def per_wave(self) -> int | None:
        """Villages that all teams together reach in one round."""
        return None if self.teams is None or self.villages_per_team is None else self.teams * self.villages_per_team

    @property
    def per_year(self) -> int | None:
        return self.per_wave * self.waves if self.per_wave is not None else None

    def days_of(self, mode: str) -> int:
        return int(self.days.get(mode) or DAYS_OF_MODE[Mode(mode)])
