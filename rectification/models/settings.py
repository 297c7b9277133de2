"""Deadlines of a county, of a round."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from common.enums import Unit
from inspections.models import Round
from rectification.enums import DeadlineKind


class CountySetting(CountyScoped):
    """What a county decides for itself: reminders on or off, and from how many days on the light is amber."""

    reminders_on = models.BooleanField(_("启用提醒"), default=False)
    reminders_since = models.DateTimeField(_("启用提醒的时间"), null=True, editable=False)
    quiet_days = models.BooleanField(_("休息日不发提醒"), default=False)
    amber_days = models.PositiveSmallIntegerField(_("黄灯天数"), default=7)

    satisfaction_least = models.PositiveSmallIntegerField(_("满意度标准（%）"), default=80)
    satisfaction_fewest = models.PositiveSmallIntegerField(_("满意度最少人数"), default=5)

    class Meta:
        verbose_name = _("县级设置")
        constraints = [
            models.UniqueConstraint(fields=["county"], name="county_setting_once"),
            models.CheckConstraint(
                condition=Q(satisfaction_least__gte=1, satisfaction_least__lte=100, satisfaction_fewest__gte=5),
                name="county_setting_satisfaction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county} 设置"


class DeadlineSetting(models.Model):
    """How long a kind of work may take; a round's row beats the county's, the county's beats the shipped one."""

    county = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("县（空为默认）"),
    )
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("轮次"),
    )
    kind = models.CharField(_("事项"), max_length=20, choices=DeadlineKind.choices)
    amount = models.PositiveSmallIntegerField(_("数量"))
    unit = models.CharField(_("单位"), max_length=12, choices=Unit.choices)
    effective_from = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("时限设置")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "round", "kind", "effective_from"],
                name="deadline_setting_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}{self.get_unit_display()}"
