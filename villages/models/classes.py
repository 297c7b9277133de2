"""The classes of villages, the kinds under them, and the rules that suggest them (B2–B4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common.workflow import WorkflowModel
from villages.enums import ClassificationStatus, VillageClass
from villages.transitions import CLASSIFICATION_MOVES

from .villages import Village, VillageScoped

UNNAMED = "待定名"


class VillageKind(models.Model):
    """One of the 16 kinds under the three classes (B3); four wait for the city to name them."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    klass = models.CharField(_("类别"), max_length=10, choices=VillageClass.choices)
    name = models.CharField(_("名称"), max_length=40)
    order = models.PositiveSmallIntegerField(_("序号"))

    class Meta:
        verbose_name = _("村细类")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=~Q(name=UNNAMED), name="village_kind_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """One of the four that the city names; the twelve of the campaign keep their names."""
        return "_UNNAMED_" in self.code


class Classification(WorkflowModel, VillageScoped):
    """A dated class of a village with reason, proposer and approver; earlier ones are kept (B2)."""

    moves = CLASSIFICATION_MOVES

    origin = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("原村（随建制调整转来）"),
    )
    klass = models.CharField(_("类别"), max_length=10, choices=VillageClass.choices)
    kinds = models.ManyToManyField(VillageKind, blank=True, verbose_name=_("细类"))
    status = models.CharField(
        _("状态"),
        max_length=12,
        choices=ClassificationStatus.choices,
        default=ClassificationStatus.PROPOSED,
        editable=False,
    )
    reason = models.CharField(_("理由"), max_length=300)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("提出人"),
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("审定人"),
    )
    approved_on = models.DateField(_("审定日期"), null=True)

    class Meta:
        verbose_name = _("村分类")
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(status=ClassificationStatus.APPROVED),
                name="classification_one_current",
            ),
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(status=ClassificationStatus.PROPOSED),
                name="classification_one_proposed",
            ),
            models.CheckConstraint(
                condition=Q(klass__in=VillageClass.values),
                name="classification_class_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ClassificationStatus.values),
                name="classification_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["APPROVED", "SUPERSEDED"])
                | Q(approver__isnull=False, approved_on__isnull=False),
                name="classification_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=models.F("proposer")),
                name="classification_approver_not_proposer",
            ),
        ]
        indexes = [models.Index(fields=["county", "status"], name="classification_county")]

    def __str__(self) -> str:
        return f"{self.village} {self.get_klass_display()}"


class RuleSet(models.Model):
    """The rules that a county, or the city for the counties without their own, suggests classes by (B4).

    A draft is changed and tried out, then put in force; the set that it replaces is kept as it was.
    """

    county = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="+", verbose_name=_("县（空为全市默认）")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("拟定人")
    )
    created_at = models.DateTimeField(_("拟定时间"), auto_now_add=True)
    enabled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("启用人")
    )
    enabled_at = models.DateTimeField(_("启用时间"), null=True)
    retired_at = models.DateTimeField(_("停用或放弃时间"), null=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        verbose_name = _("分类规则")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["county"],
                condition=Q(enabled_at__isnull=False, retired_at=None),
                nulls_distinct=False,
                name="rule_set_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["county"],
                condition=Q(enabled_at=None, retired_at=None),
                nulls_distinct=False,
                name="rule_set_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return _("%s的分类规则") % (self.county or _("全市"))

    def get_absolute_url(self) -> str:
        return reverse("villages:rule_set", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.enabled_at is None and self.retired_at is None

    @property
    def in_force(self) -> bool:
        return self.enabled_at is not None and self.retired_at is None


class SuggestionRule(models.Model):
    """A rule a person can read: when `field` `operator` `value`, suggest the class and kind, with the reason (B4)."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="rules", verbose_name=_("分类规则"))
    order = models.PositiveSmallIntegerField(_("序号"))
    field = models.CharField(_("字段"), max_length=40)
    operator = models.CharField(_("比较"), max_length=4)
    value = models.CharField(_("值"), max_length=40)
    klass = models.CharField(_("建议类别"), max_length=10, choices=VillageClass.choices)
    kind = models.ForeignKey(
        VillageKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("建议细类"),
    )
    reason = models.CharField(_("理由"), max_length=120)

    class Meta:
        verbose_name = _("分类建议规则")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.reason
