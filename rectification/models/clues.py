"""问题线索: an envelope from the team to a named person of the discipline commission (E4)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped
from common.calendar import today
from common.encryption import EncryptedTextField, nothing
from common.enums import Light
from common.workflow import WorkflowModel
from inspections.models import Finding, Inspection
from rectification.enums import CLUES_OF_RECEIVER, ClueRefusal, ClueResult, ClueStatus
from rectification.transitions import CLUE_MOVES


def person(label: Any, *, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, blank=null, related_name="+", verbose_name=label
    )


class Clue(WorkflowModel, CountyScoped):
    """Number, from, to, times and seal; what it says lies on paper, or sealed here as ciphertext.

    It has no township and no village of its own, so that nothing which looks by place can come upon it.
    """

    moves = CLUE_MOVES
    confidential = frozenset({"body", "origin"})

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="+", verbose_name=_("巡察"))
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("由问题转来")
    )
    number = models.CharField(_("线索编号"), max_length=40, unique=True)
    key = models.UUIDField(_("提交标识"), unique=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=12, choices=ClueStatus.choices, default=ClueStatus.PROPOSED, editable=False
    )
    seal_number = models.CharField(_("纸质密封件封签号"), max_length=40, blank=True)
    pages = models.PositiveSmallIntegerField(_("页数"), null=True, blank=True)
    body = EncryptedTextField(_("密封内容"), default=nothing)
    origin = EncryptedTextField(_("原问题内容"), default=nothing)
    seal = models.CharField(_("封签指纹"), max_length=64, editable=False)
    proposed_by = person(_("提出人"), null=False)
    handover_due_on = models.DateField(_("移交时限"))
    approved_by = person(_("审批人"))
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    refusal = models.CharField(_("不予移交的原因"), max_length=10, choices=ClueRefusal.choices, blank=True)
    receiver = person(_("接收人"))
    handed_over_by = person(_("移交人"))
    handed_over_at = models.DateTimeField(_("移交时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    answer_due_on = models.DateField(_("答复时限"), null=True, blank=True)
    result = models.CharField(_("办理结果"), max_length=10, choices=ClueResult.choices, blank=True)
    answer_number = models.CharField(_("答复文号"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_by = person(_("办结人"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("问题线索")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ClueStatus.values), name="clue_status_known"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="clue_approver_did_not_propose"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLUES_OF_RECEIVER, receiver__isnull=False, handed_over_at__isnull=False)
                | (~Q(status__in=CLUES_OF_RECEIVER) & Q(handed_over_at=None)),
                name="clue_handed_over_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(seal_number="", pages=None) | (~Q(seal_number="") & Q(pages__gte=1)),
                name="clue_paper_has_seal_and_pages",
            ),
            models.UniqueConstraint(
                fields=["finding"], condition=~Q(status=ClueStatus.REJECTED), name="clue_once_a_finding"
            ),
        ]
        indexes = [models.Index(fields=["county", "status", "-id"], name="clue_county")]

    def __str__(self) -> str:
        return self.number

    @property
    def due_on(self) -> date | None:
        """Until when the next step is due: handed over, then answered."""
        if self.status in (ClueStatus.PROPOSED, ClueStatus.APPROVED):
            return self.handover_due_on
        return self.answer_due_on if self.status in (ClueStatus.HANDED_OVER, ClueStatus.RECEIVED) else None

    @property
    def days_left(self) -> int | None:
        return (self.due_on - today()).days if self.due_on else None

    @property
    def light(self) -> str:
        left = self.days_left
        return "" if left is None else Light.RED if left < 0 else Light.AMBER if left <= 7 else Light.GREEN

    def get_absolute_url(self) -> str:
        return reverse("rectification:clue", args=[self.pk])
