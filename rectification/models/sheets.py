"""Progress that came as one workbook: who sent it, what each row says, what became of it (E6, H5)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .items import RectificationItem
from .work import ProgressReport


class ProgressSheet(models.Model):
    """One uploaded workbook, bound to its fingerprint; nothing is reported before its sender confirms the preview."""

    scope_alias: ClassVar[dict[str, str]] = {"recipient_id": "uploaded_by_id"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件指纹"), max_length=64)
    blank = models.PositiveIntegerField(_("没有填写的行"), default=0)
    confirmed_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("放弃时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("进展工作簿")
        indexes = [models.Index(fields=["uploaded_by", "-uploaded_at"], name="progress_sheet_sender")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(discarded_at=None), name="progress_sheet_one_end"
            ),
            models.UniqueConstraint(
                fields=["uploaded_by", "sha256"],
                condition=Q(confirmed_at__isnull=False),
                name="progress_sheet_reported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("rectification:progress_sheet", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        return self.confirmed_at is None and self.discarded_at is None


class ProgressRow(models.Model):
    """A filled row: what it reports on which item, or why it was refused."""

    sheet = models.ForeignKey(
        ProgressSheet, models.CASCADE, db_index=False, related_name="rows", verbose_name=_("进展工作簿")
    )
    row = models.PositiveIntegerField(_("行号"))
    cells = models.JSONField(_("各格内容"), default=dict)
    item = models.ForeignKey(RectificationItem, models.PROTECT, null=True, related_name="+", verbose_name=_("整改事项"))
    finished = models.JSONField(_("完成的措施"), default=list)
    reason = models.CharField(_("未通过的原因"), max_length=300, blank=True)
    report = models.OneToOneField(ProgressReport, models.PROTECT, null=True, related_name="+", verbose_name=_("进展"))

    class Meta:
        verbose_name = _("进展工作簿的行")
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "row"], name="progress_row_once"),
            models.CheckConstraint(
                condition=Q(reason="", item__isnull=False) | (~Q(reason="") & Q(report=None)),
                name="progress_row_refused_or_of_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
