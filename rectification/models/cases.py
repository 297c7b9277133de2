"""协作 with discipline (E10): what came of a case, linked to a finding or a clue; the lesson sent to units."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Organ
from common.workflow import WorkflowModel
from inspections.models import Finding
from rectification.enums import CaseOutcome, LessonStatus
from rectification.transitions import LESSON_MOVES

from .clues import Clue


def person(label: Any, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+", verbose_name=label)


class CaseResult(CountyScoped):
    """案件处理结果: a kind, a number of people, a paper's number and a day; no name and no facts. Never changed.

    Of a clue or of a finding that has been fed back, never of both. It has no place of its own: nothing that looks
    by township or village comes upon it.
    """

    append_only = True
    scope_alias: ClassVar[dict[str, str]] = {"receiver_id": "recorded_by_id"}

    key = models.UUIDField(_("提交标识"), unique=True, editable=False)
    clue = models.ForeignKey(
        Clue, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("问题线索")
    )
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题")
    )
    outcome = models.CharField(_("处理结果"), max_length=10, choices=CaseOutcome.choices)
    people = models.PositiveSmallIntegerField(_("处理人数"))
    document_number = models.CharField(_("文号"), max_length=40, blank=True)
    concluded_on = models.DateField(_("办结日期"))
    recorded_by = person(_("登记人"))
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("案件处理结果")
        indexes = [models.Index(fields=["county", "-id"], name="case_result_county")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=CaseOutcome.values), name="case_outcome_known"),
            models.CheckConstraint(
                condition=Q(clue=None, finding__isnull=False) | Q(clue__isnull=False, finding=None),
                name="case_of_clue_or_finding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.concluded_on:%F}"


class Lesson(WorkflowModel, CountyScoped):
    """以案促改通报: written by the office or the discipline commission, issued by the office's head to chosen units."""

    moves = LESSON_MOVES

    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("正文"), max_length=5000)
    status = models.CharField(
        _("状态"), max_length=10, choices=LessonStatus.choices, default=LessonStatus.DRAFT, editable=False
    )
    drafted_by = person(_("拟稿人"))
    issued_by = person(_("签发人"), null=True)
    issued_at = models.DateTimeField(_("签发时间"), null=True)

    class Meta:
        verbose_name = _("以案促改通报")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="lesson_numbered_once"),
            models.CheckConstraint(
                condition=Q(status=LessonStatus.DRAFT, serial=None, issued_by=None, issued_at=None)
                | Q(
                    status=LessonStatus.ISSUED,
                    serial__isnull=False,
                    issued_by__isnull=False,
                    issued_at__isnull=False,
                ),
                name="lesson_issued_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        return f"{self.county.name[:1]}巡办通〔{self.year}〕{self.serial}号" if self.serial else ""

    def get_absolute_url(self) -> str:
        return reverse("rectification:lesson", args=[self.pk])


class Signed(models.Model):
    """A unit to which something was sent, and who there has read it when: once, for the whole unit."""

    READ_BY_WHOM: ClassVar = Q(read_by=None, read_at=None) | Q(read_by__isnull=False, read_at__isnull=False)

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name=_("单位"))
    read_by = person(_("签阅人"), null=True)
    read_at = models.DateTimeField(_("签阅时间"), null=True)

    class Meta:
        abstract = True


class LessonReceipt(Signed):
    """A unit to which a lesson goes."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="receipts", verbose_name=_("通报"))

    class Meta:
        verbose_name = _("通报签阅")
        constraints = [
            models.UniqueConstraint(fields=["lesson", "organ"], name="lesson_goes_once"),
            models.CheckConstraint(condition=Signed.READ_BY_WHOM, name="lesson_read_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson} {self.organ}"
