"""What goes with a signature of the supervision chain: photographs, and what one link objects to in another (E8)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import StoredFile
from common.workflow import WorkflowModel
from rectification.enums import DissentStatus
from rectification.transitions import DISSENT_MOVES

from .items import RectificationItem
from .work import SupervisionCheck


class CheckPhoto(StoredFile):
    """现场照片 of one signature; served only through the policy of its item."""

    append_only = True

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="check_photos", verbose_name=_("整改事项"))
    check_of = models.ForeignKey(SupervisionCheck, models.PROTECT, related_name="photos", verbose_name=_("监督核查"))

    class Meta:
        verbose_name = _("现场照片")


class Dissent(WorkflowModel):
    """不同意见: one link does not agree with what another has signed; the county decides, and the item waits."""

    moves = DISSENT_MOVES
    scope_alias: ClassVar[dict[str, str]] = {
        f"{tier}_id": f"item__{tier}_id" for tier in ("county", "township", "village")
    }

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="dissents", verbose_name=_("整改事项"))
    # The signature that objects; its opinion is the reason.
    raised_by = models.OneToOneField(
        SupervisionCheck, models.PROTECT, related_name="dissent", verbose_name=_("监督核查")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=DissentStatus.choices, default=DissentStatus.RAISED, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("裁定人")
    )
    decided_at = models.DateTimeField(_("裁定时间"), null=True)
    decision = models.CharField(_("裁定意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("不同意见")
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(status=DissentStatus.RAISED), name="dissent_one_open"),
            models.CheckConstraint(
                condition=Q(status=DissentStatus.RAISED, decided_by=None, decided_at=None)
                | Q(
                    status__in=[DissentStatus.UPHELD, DissentStatus.RECHECK],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="dissent_decided_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self._meta.verbose_name}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:dissent", args=[self.pk])
