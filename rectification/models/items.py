"""Rectification items, their measures and the four who answer for them (A6, A7, E6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.calendar import today
from common.enums import Light
from common.templatetags.ui import deadline_text
from common.workflow import WorkflowModel
from inspections.models import Feedback, Finding, Inspection
from rectification.enums import OPEN, ItemStatus, ResponsibleKind
from rectification.transitions import ITEM_MOVES
from villages.models import VillageScoped


class RectificationItem(WorkflowModel, VillageScoped):
    """整改事项: one handed-over finding on its way to 销号. Overdue is derived, never stored."""

    moves = ITEM_MOVES

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="item", verbose_name=_("问题"))
    feedback = models.ForeignKey(
        Feedback, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("反馈")
    )  # none: handed over from the field, before the feedback (E3)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="items", verbose_name=_("巡察"))
    number = models.CharField(_("编号"), max_length=40, unique=True)
    status = models.CharField(
        _("状态"),
        max_length=20,
        choices=ItemStatus.choices,
        default=ItemStatus.ASSIGNED,
        editable=False,
    )
    assigned_on = models.DateField(_("交办日期"))
    original_deadline = models.DateField(_("原定时限"))
    deadline = models.DateField(_("整改时限"), null=True, blank=True)
    review_on = models.DateField(_("长期坚持下次复核"), null=True, blank=True)
    is_long_term = models.BooleanField(_("长期坚持"), default=False)
    is_immediate = models.BooleanField(_("立巡立改"), default=False)
    is_common = models.BooleanField(_("共性问题"), default=False)
    attempt = models.PositiveSmallIntegerField(_("第几次整改"), default=1)
    accepted_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("签收人"),
    )
    submitted_at = models.DateTimeField(_("提交验收时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("提交人"),
    )
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("验收人"),
    )

    class Meta:
        verbose_name = _("整改事项")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ItemStatus.values), name="item_status_known"),
            models.CheckConstraint(
                condition=Q(
                    status=ItemStatus.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                )
                | (~Q(status=ItemStatus.CLOSED) & Q(closed_at=None, closed_by=None)),
                name="item_closed_iff_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("submitted_by")),
                name="item_closer_did_not_submit",
            ),
            models.CheckConstraint(
                condition=Q(feedback__isnull=False) | Q(is_immediate=True),
                name="item_without_feedback_is_immediate",
            ),
            models.CheckConstraint(
                condition=Q(original_deadline__gte=F("assigned_on")),
                name="item_deadline_after_assignment",
            ),
            models.CheckConstraint(
                condition=Q(is_long_term=True, deadline=None, review_on__isnull=False)
                | Q(is_long_term=False, deadline__isnull=False),
                name="item_has_deadline_or_review",
            ),
            models.CheckConstraint(
                condition=Q(status=ItemStatus.ASSIGNED) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="item_accepted_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["ASSIGNED", "IN_PROGRESS"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="item_submitted_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status", "deadline", "id"], name="item_county"),
            models.Index(fields=["township", "status", "deadline", "id"], name="item_township"),
            models.Index(fields=["village", "status", "deadline", "id"], name="item_village"),
            models.Index(fields=["inspection"], name="item_inspection"),
            models.Index(
                fields=["deadline", "id"],
                condition=~Q(status="CLOSED"),
                name="item_open_deadline",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def days_left(self) -> int | None:
        """Days to the deadline, negative when overdue; None when closed or long-term."""
        return (self.deadline - today()).days if self.is_open and self.deadline else None

    @property
    def days_late(self) -> int:
        """By how many days a closed item missed its deadline; 0 when it kept it, is open or long-term."""
        if not (self.closed_at and self.deadline):
            return 0
        return max((timezone.localdate(self.closed_at) - self.deadline).days, 0)

    @property
    def due(self) -> str:
        """What a light says of the deadline: 剩 5 天, 超期 3 天, 超期 3 天销号; nothing of what was closed in time."""
        if self.is_open:
            return deadline_text(self.days_left)
        return gettext("超期 %s 天销号") % self.days_late if self.days_late else ""

    def light(self, amber_days: int = 7) -> Light:
        """Green > amber_days, amber up to it, red overdue, grey closed (domain.md)."""
        left = self.days_left
        if not self.is_open:
            return Light.GREY
        if left is None:
            return Light.GREEN
        return Light.RED if left < 0 else Light.AMBER if left <= amber_days else Light.GREEN

    def get_absolute_url(self) -> str:
        return reverse("rectification:item", args=[self.pk])


class Measure(models.Model):
    """整改措施 with owner and date."""

    item = models.ForeignKey(
        RectificationItem,
        models.PROTECT,
        related_name="measures",
        verbose_name=_("整改事项"),
    )
    order = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("措施"), max_length=200)
    owner = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("完成时限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("整改措施")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["item", "order"], name="measure_order_once")]

    def __str__(self) -> str:
        return self.text


class Responsible(models.Model):
    """One of the four who answer for an item (四抓)."""

    item = models.ForeignKey(
        RectificationItem,
        models.PROTECT,
        related_name="responsibles",
        verbose_name=_("整改事项"),
    )
    kind = models.CharField(_("责任"), max_length=12, choices=ResponsibleKind.choices)
    name = models.CharField(_("姓名或单位"), max_length=60)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("办公电话"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("四抓责任人")
        indexes = [models.Index(fields=["name"], name="responsible_name", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.UniqueConstraint(fields=["item", "kind"], name="responsible_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ResponsibleKind.values),
                name="responsible_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
