"""Who received a feedback and when (E2), and what the two who answer for a Party-building item replied (E5)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models import Feedback
from rectification.enums import RECEIVERS, REPLIERS, Side

from .items import RectificationItem


class Receipt(models.Model):
    """签收: a named person of the township, then of the village, has the feedback. Never changed afterwards."""

    append_only = True

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="receipts", verbose_name=_("反馈"))
    side = models.CharField(_("签收方"), max_length=12, choices=Side.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("签收人"))
    with_items = models.BooleanField(_("随事项签收"), default=False)
    created_at = models.DateTimeField(_("签收时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("反馈签收")
        constraints = [
            models.UniqueConstraint(fields=["feedback", "side"], name="receipt_once_a_side"),
            models.CheckConstraint(condition=Q(side__in=RECEIVERS), name="receipt_side_known"),
        ]

    def __str__(self) -> str:
        return f"{self.feedback} {self.get_side_display()}"

    @property
    def signed_on(self) -> date:
        return timezone.localdate(self.created_at)


class PartyReceipt(models.Model):
    """签收 of a Party-building item by the organisation department; the township signs by accepting. Never changed."""

    append_only = True

    item = models.OneToOneField(
        RectificationItem, models.PROTECT, related_name="party_receipt", verbose_name=_("整改事项")
    )
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("签收人"))
    created_at = models.DateTimeField(_("签收时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("党建类问题签收")

    def __str__(self) -> str:
        return f"{self.item} {self.signer}"


class Reply(models.Model):
    """答复 to a Party-building item, of the township committee or of the organisation department. Never changed."""

    append_only = True

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="replies", verbose_name=_("整改事项"))
    attempt = models.PositiveSmallIntegerField(_("第几次整改"))
    side = models.CharField(_("答复方"), max_length=12, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("答复人"))
    text = models.TextField(_("答复"))
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("党建类问题答复")
        constraints = [
            models.UniqueConstraint(fields=["item", "attempt", "side"], name="reply_once_a_side"),
            models.CheckConstraint(condition=Q(side__in=REPLIERS), name="reply_side_known"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_side_display()}"
