"""Rectification items and all that happens to them until they are closed (A6, A7, E6–E8)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from common.calendar import today
from common.enums import Light, Unit
from common.models import Message, StoredFile
from common.workflow import WorkflowModel
from inspections.models import Feedback, Finding, Inspection, Round
from villages.models import VillageScoped

from .enums import (
    OPEN,
    Audience,
    CheckMethod,
    CheckResult,
    DeadlineKind,
    ExtensionStatus,
    ItemStatus,
    Link,
    ResponsibleKind,
)
from .transitions import EXTENSION_MOVES, ITEM_MOVES


class RectificationItem(WorkflowModel, VillageScoped):
    """整改事项: one handed-over finding on its way to 销号. Overdue is derived, never stored."""

    moves = ITEM_MOVES

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="item", verbose_name=_("问题"))
    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="items", verbose_name=_("反馈"))
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
        constraints = [
            models.UniqueConstraint(fields=["item", "kind"], name="responsible_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ResponsibleKind.values),
                name="responsible_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class ProgressReport(models.Model):
    """整改进展: what was done; a report by the township for a village says so (代填). Never changed afterwards."""

    append_only = True

    item = models.ForeignKey(
        RectificationItem,
        models.PROTECT,
        related_name="reports",
        verbose_name=_("整改事项"),
    )
    attempt = models.PositiveSmallIntegerField(_("第几次整改"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("报告人"),
    )
    is_proxy = models.BooleanField(_("代填"), default=False)
    key = models.UUIDField(_("提交标识"), null=True, unique=True, editable=False)
    text = models.TextField(_("进展"))
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("整改进展")
        indexes = [models.Index(fields=["item", "-id"], name="progress_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.created_at:%F}"


class Attachment(StoredFile):
    """佐证 of a progress report; served only through the policy of its item."""

    append_only = True

    item = models.ForeignKey(
        RectificationItem,
        models.PROTECT,
        related_name="attachments",
        verbose_name=_("整改事项"),
    )
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        related_name="attachments",
        verbose_name=_("进展"),
    )

    class Meta:
        verbose_name = _("佐证材料")


class SupervisionCheck(models.Model):
    """One link's signature on what it checked on the spot, for one attempt (E8). Never changed afterwards."""

    append_only = True

    item = models.ForeignKey(
        RectificationItem,
        models.PROTECT,
        related_name="checks",
        verbose_name=_("整改事项"),
    )
    attempt = models.PositiveSmallIntegerField(_("第几次整改"))
    link = models.CharField(_("监督环节"), max_length=30, choices=Link.choices)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("签署人"),
    )
    result = models.CharField(_("结论"), max_length=6, choices=CheckResult.choices)
    method = models.CharField(_("核查方式"), max_length=10, choices=CheckMethod.choices)
    checked_on = models.DateField(_("核查日期"))
    opinion = models.TextField(_("核查意见"))
    created_at = models.DateTimeField(_("签署时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("监督核查")
        constraints = [
            models.UniqueConstraint(fields=["item", "attempt", "link"], name="check_once_a_link"),
            models.UniqueConstraint(fields=["item", "attempt", "signer"], name="check_once_a_signer"),
            models.CheckConstraint(condition=Q(link__in=Link.values), name="check_link_known"),
            models.CheckConstraint(condition=Q(result__in=CheckResult.values), name="check_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_link_display()}"


class Extension(WorkflowModel, VillageScoped):
    """延期: asked by the township, decided by the county; the old date stays beside the new one."""

    moves = EXTENSION_MOVES

    item = models.ForeignKey(
        RectificationItem,
        models.PROTECT,
        related_name="extensions",
        verbose_name=_("整改事项"),
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ExtensionStatus.choices,
        default=ExtensionStatus.ASKED,
        editable=False,
    )
    old_deadline = models.DateField(_("原时限"))
    new_deadline = models.DateField(_("申请时限"))
    reason = models.CharField(_("理由"), max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("申请人"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("审批人"),
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    granted_deadline = models.DateField(_("同意的时限"), null=True, blank=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("延期申请")
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=ExtensionStatus.ASKED),
                name="extension_one_open",
            ),
            models.CheckConstraint(
                condition=Q(new_deadline__gt=F("old_deadline")),
                name="extension_is_later",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ExtensionStatus.values),
                name="extension_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=ExtensionStatus.GRANTED, granted_deadline__lte=F("new_deadline"))
                | (~Q(status=ExtensionStatus.GRANTED) & Q(granted_deadline=None)),
                name="extension_granted_until",
            ),
        ]
        indexes = [models.Index(fields=["county", "status"], name="extension_county")]

    def __str__(self) -> str:
        return f"{self.item} → {self.new_deadline}"


class CountySetting(CountyScoped):
    """What a county decides for itself: reminders on or off, and from how many days on the light is amber."""

    reminders_on = models.BooleanField(_("启用提醒"), default=False)
    amber_days = models.PositiveSmallIntegerField(_("黄灯天数"), default=7)

    class Meta:
        verbose_name = _("县级设置")
        constraints = [models.UniqueConstraint(fields=["county"], name="county_setting_once")]

    def __str__(self) -> str:
        return f"{self.county} 设置"


class DeadlineSetting(models.Model):
    """How long a kind of work may take; a round's row beats the county's, the county's beats the shipped one."""

    county = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("县（空为默认）"),
    )
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("轮次"),
    )
    kind = models.CharField(_("事项"), max_length=20, choices=DeadlineKind.choices)
    amount = models.PositiveSmallIntegerField(_("数量"))
    unit = models.CharField(_("单位"), max_length=12, choices=Unit.choices)
    effective_from = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("时限设置")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "round", "kind", "effective_from"],
                name="deadline_setting_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}{self.get_unit_display()}"


class ReminderRule(models.Model):
    """When whom to remind: `offset_days` after the deadline (negative is before), as data (E7)."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    label = models.CharField(_("名称"), max_length=40)
    offset_days = models.SmallIntegerField(_("相对时限的天数"), unique=True)
    audience = models.JSONField(_("对象"), default=list)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("提醒规则")
        ordering = ["offset_days"]

    def __str__(self) -> str:
        return self.label

    @property
    def audiences(self) -> list[Audience]:
        return [Audience(one) for one in self.audience]


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
