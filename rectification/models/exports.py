"""Large exports that a worker writes: what was asked for, how it ended, where the file lies (H3)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organ
from rectification.enums import LedgerKind


class LedgerExport(models.Model):
    """One export that was too large to wait for; it waits while it has neither an end nor a worker."""

    scope_alias: ClassVar[dict[str, str]] = {"recipient_id": "asked_by_id"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("表"), max_length=10, choices=LedgerKind.choices)
    asked = models.JSONField(_("分类和条件"), default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导出人"))
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name=_("导出时的单位"))
    asked_at = models.DateTimeField(_("交办时间"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    rows = models.PositiveIntegerField(_("行数"), null=True)
    stored_as = models.CharField(_("存放名"), max_length=80, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    error = models.CharField(_("没有办成的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("台账导出")
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="ledger_export_asker"),
            models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="ledger_export_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LedgerKind.values), name="ledger_export_kind_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | Q(stored_as="", error=""), name="ledger_export_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("rectification:ledger_export", args=[self.pk])
