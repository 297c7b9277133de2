"""Reminders: rules as data, one row for each item, rule and due date (E7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped
from common.models import Message
from rectification.enums import Audience

from .items import RectificationItem


class ReminderRule(models.Model):
    """When whom to remind: `offset_days` after the deadline (negative is before), as data (E7)."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    label = models.CharField(_("名称"), max_length=40)
    offset_days = models.SmallIntegerField(_("相对时限的天数"), unique=True)
    audience = models.JSONField(_("对象"), default=list)
    is_active = models.BooleanField(_("启用"), default=True)
    least = models.SmallIntegerField(_("县最早可定"), null=True, blank=True)
    most = models.SmallIntegerField(_("县最晚可定"), null=True, blank=True)
    may_stop = models.BooleanField(_("县可以不用"), default=False)

    class Meta:
        verbose_name = _("提醒规则")
        ordering = ["offset_days"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least=None, most=None)
                | Q(least__lte=models.F("offset_days"), most__gte=models.F("offset_days")),
                name="reminder_rule_within_its_bounds",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def audiences(self) -> list[Audience]:
        return [Audience(one) for one in self.audience]


class CountyRule(CountyScoped):
    """A county's own version of a rule, within what the city allows: other days, more people, or not at all (E7)."""

    rule = models.ForeignKey(ReminderRule, models.PROTECT, related_name="+", verbose_name=_("规则"))
    offset_days = models.SmallIntegerField(_("相对时限的天数"))
    is_active = models.BooleanField(_("启用"), default=True)
    more = models.JSONField(_("另外提醒"), default=list)

    class Meta:
        verbose_name = _("本县提醒规则")
        constraints = [models.UniqueConstraint(fields=["county", "rule"], name="county_rule_once")]

    def __str__(self) -> str:
        return f"{self.county} {self.rule}"


class Reminder(models.Model):
    """One item, rule and due date: happens once, whatever is re-run, killed or doubled (E7)."""

    item = models.ForeignKey(  # reminder_once begins with it: no index of its own
        RectificationItem,
        models.PROTECT,
        db_index=False,
        related_name="reminders",
        verbose_name=_("整改事项"),
    )
    rule = models.ForeignKey(ReminderRule, models.PROTECT, db_index=False, related_name="+", verbose_name=_("规则"))
    due_date = models.DateField(_("时限"))
    fired_on = models.DateField(_("触发日期"))
    created_at = models.DateTimeField(_("产生时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("提醒")
        constraints = [models.UniqueConstraint(fields=["item", "rule", "due_date"], name="reminder_once")]
        indexes = [models.Index(fields=["fired_on"], name="reminder_fired_on")]

    def __str__(self) -> str:
        return f"{self.item} {self.rule}"


class ReminderLine(models.Model):
    """One reminder for one recipient; lines of a day are gathered in one digest message."""

    reminder = models.ForeignKey(Reminder, models.PROTECT, db_index=False, related_name="lines", verbose_name=_("提醒"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("收件人"),
    )
    digest = models.ForeignKey(
        Message,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="reminder_lines",
        verbose_name=_("汇总消息"),
    )
    escalated = models.BooleanField(_("因岗位空缺上送"), default=False)
    voided_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        verbose_name = _("提醒对象")
        constraints = [models.UniqueConstraint(fields=["reminder", "recipient"], name="reminder_line_once")]
        indexes = [
            models.Index(
                fields=["recipient"],
                condition=Q(digest=None, voided_at=None),
                name="reminder_line_waiting",
            ),
            models.Index(fields=["digest"], name="reminder_line_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.reminder} → {self.recipient}"


class ReminderRun(models.Model):
    """A completed run for a day, so that missed days are caught up and a late run raises an alarm."""

    on = models.DateField(_("日期"), unique=True)
    finished_at = models.DateTimeField(_("完成时间"))
    figures = models.JSONField(_("数字"), default=dict)

    class Meta:
        verbose_name = _("提醒运行")
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on}"
