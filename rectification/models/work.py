"""What is done and watched: progress with evidence, the supervision chain, extensions (E6, E8)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common.models import StoredFile
from common.workflow import WorkflowModel
from rectification.enums import CheckMethod, CheckResult, ExtensionStatus, Link, ProxyReason
from rectification.transitions import EXTENSION_MOVES
from villages.models import VillageScoped

from .items import RectificationItem


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
    proxy_for = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代哪个村填报")
    )
    proxy_reason = models.CharField(_("代填原因"), max_length=12, choices=ProxyReason.choices, blank=True)
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
    place = models.CharField(_("核查地点"), max_length=60, blank=True)
    opinion = models.TextField(_("核查意见"))
    is_recheck = models.BooleanField(_("重新核查"), default=False)
    created_at = models.DateTimeField(_("签署时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("监督核查")
        constraints = [
            models.UniqueConstraint(fields=["item", "attempt", "link", "is_recheck"], name="check_once_a_link"),
            models.UniqueConstraint(fields=["item", "attempt", "signer", "is_recheck"], name="check_once_a_signer"),
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
