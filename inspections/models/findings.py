"""What was found and how it is fed back (C1, C2, E1, E2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.workflow import WorkflowModel
from inspections.enums import NUMBERED, TONES, FeedbackStatus, FindingStatus, PostConcerned, Severity
from inspections.transitions import FEEDBACK_MOVES, FINDING_MOVES
from villages.models import VillageScoped

from .checklist import ChecklistItem
from .inspections import Inspection

EARLY = "立"  # in the number of what was handed over from the field
CONTENT = frozenset({"title", "facts", "period", "amount", "people_affected", "post_concerned", "evidence"})


class Finding(WorkflowModel, VillageScoped):
    """One problem found (问题底稿 → 发现问题); written by one inspector and signed by a second, reviewed by the deputy,
    decided by the leader, frozen once it has been fed back (C1, C2, E1).

    It has a number only while it is part of what is fed back, so that no gap tells of one that is not.
    """

    moves = FINDING_MOVES

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings", verbose_name=_("巡察"))
    checklist_item = models.ForeignKey(
        ChecklistItem,
        models.PROTECT,
        related_name="findings",
        verbose_name=_("清单条目"),
    )
    number = models.CharField(_("编号"), max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001  # none is not ""
    key = models.UUIDField(_("提交标识"), null=True, unique=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=FindingStatus.choices,
        default=FindingStatus.DRAFT,
        editable=False,
    )
    title = models.CharField(_("问题"), max_length=60)
    facts = models.TextField(_("事实"))
    period = models.CharField(_("发生时间"), max_length=60, blank=True)
    amount = models.DecimalField(_("涉及金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    people_affected = models.PositiveIntegerField(_("涉及群众（人）"), null=True, blank=True)
    post_concerned = models.CharField(_("涉及岗位"), max_length=20, choices=PostConcerned.choices, blank=True)
    severity = models.CharField(_("程度"), max_length=10, choices=Severity.choices, default=Severity.GENERAL)
    is_common = models.BooleanField(_("共性问题"), default=False)
    is_immediate = models.BooleanField(_("立巡立改"), default=False)
    evidence = models.CharField(_("印证材料"), max_length=200, blank=True)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("巡察人员"),
    )
    second_inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("第二名巡察人员"),
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("初审人"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("审定人"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="sources",
        verbose_name=_("并入"),
    )

    class Meta:
        verbose_name = _("发现问题")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FindingStatus.values),
                name="finding_status_known",
            ),
            models.CheckConstraint(
                condition=Q(second_inspector=None) | ~Q(second_inspector=F("inspector")),
                name="finding_two_inspectors_differ",
            ),
            models.CheckConstraint(
                condition=Q(status__in=NUMBERED, number__isnull=False) | (~Q(status__in=NUMBERED) & Q(number=None)),
                name="finding_numbered_iff_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status=FindingStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=FindingStatus.MERGED) & Q(merged_into=None)),
                name="finding_merged_iff_into",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="finding_amount_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["inspection", "id"], name="finding_inspection"),
            models.Index(fields=["county", "status", "-id"], name="finding_county"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """The number, or that it has none yet."""
        return self.number or str(_("底稿"))

    @property
    def went_ahead(self) -> bool:
        """Handed over from the field, before the feedback (E3)."""
        return f"-{EARLY}" in (self.number or "")

    @property
    def place(self) -> str:
        """Township and village, as people say it."""
        return f"{self.township.name} {self.village}"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def severity_tone(self) -> str:
        return TONES.get(self.severity, "")

    @property
    def confidential(self) -> frozenset[str]:  # type: ignore[override]
        """What the trail says only that it changed: all of it, once it is a clue's."""
        return CONTENT if self.status == FindingStatus.REFERRED else frozenset()

    def get_absolute_url(self) -> str:
        return reverse("inspections:finding", args=[self.pk])


class Feedback(WorkflowModel, VillageScoped):
    """反馈意见 with its issue list; issuing it freezes the findings and makes the rectification items (E2)."""

    moves = FEEDBACK_MOVES

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="feedbacks", verbose_name=_("巡察"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=FeedbackStatus.choices,
        default=FeedbackStatus.DRAFT,
        editable=False,
    )
    document_number = models.CharField(_("文号"), max_length=40, blank=True)
    opinion = models.TextField(_("反馈意见"), blank=True)
    issued_on = models.DateField(_("签发日期"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("签发人"),
    )
    plan_due_on = models.DateField(_("整改方案时限"), null=True, blank=True)
    deadline = models.DateField(_("整改时限"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("拟稿人"),
    )

    class Meta:
        verbose_name = _("反馈")
        constraints = [
            models.UniqueConstraint(fields=["inspection"], name="feedback_once"),
            models.UniqueConstraint(
                fields=["county", "document_number"],
                condition=~Q(document_number=""),
                name="feedback_document_number_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=FeedbackStatus.values),
                name="feedback_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=FeedbackStatus.DRAFT)
                | Q(
                    issued_on__isnull=False,
                    issued_by__isnull=False,
                    deadline__gte=F("issued_on"),
                ),
                name="feedback_issued_by_whom_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} 反馈意见"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("inspections:feedback", args=[self.inspection_id])
