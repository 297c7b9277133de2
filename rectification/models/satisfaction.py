"""满意度 (E9): what villagers said of an item, as counts by channel and never by person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rectification.enums import PollChannel

from .items import RectificationItem


class SatisfactionCount(models.Model):
    """One count by one channel, for one attempt: how many were asked and how many said what. Never changed."""

    append_only = True

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="polls", verbose_name=_("整改事项"))
    attempt = models.PositiveSmallIntegerField(_("第几次整改"))
    key = models.UUIDField(_("提交标识"), unique=True, editable=False)
    channel = models.CharField(_("方式"), max_length=8, choices=PollChannel.choices)
    asked = models.PositiveIntegerField(_("参与人数"))
    satisfied = models.PositiveIntegerField(_("满意"))
    fair = models.PositiveIntegerField(_("基本满意"))
    polled_on = models.DateField(_("测评日期"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("满意度")
        indexes = [models.Index(fields=["item", "attempt"], name="satisfaction_item")]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=PollChannel.values), name="satisfaction_channel_known"),
            models.CheckConstraint(
                condition=Q(asked__gte=1) & Q(asked__gte=F("satisfied") + F("fair")), name="satisfaction_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_channel_display()}"

    @property
    def unsatisfied(self) -> int:
        return self.asked - self.satisfied - self.fair
