"""The rosters that villages come from: imports, what they will do, and what was done to each village (B5)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from villages.enums import IMPORT_TONES, Change, ImportJob, ImportState, PlannedChange

from .villages import Village


class RosterImport(models.Model):
    """One uploaded roster: what the preview found, who confirmed it, bound to the file and the data it saw (B5).

    What a large one still waits for is written in `job`, by whom and since when; a worker takes it from there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("范围（空为全市）"),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("上传人"),
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件指纹"), max_length=64)
    stored_as = models.CharField(_("存放名"), max_length=80, blank=True)
    data_version = models.CharField(_("预检时的数据版本"), max_length=64)
    result = models.JSONField(_("结果"), default=dict)
    committed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    discarded_at = models.DateTimeField(_("放弃时间"), null=True, blank=True)
    failed_at = models.DateTimeField(_("预检失败时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("撤回人"),
    )
    undo_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)
    job = models.CharField(_("后台办理"), max_length=10, choices=ImportJob.choices, blank=True)
    job_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("交办人"),
    )
    job_at = models.DateTimeField(_("交办时间"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    error = models.CharField(_("没有办成的原因"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("名册导入")
        indexes = [
            models.Index(fields=["county", "-uploaded_at"], name="roster_import_county"),
            models.Index(fields=["job_at"], condition=~Q(job=""), name="roster_import_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed_at=None) | Q(discarded_at=None, failed_at=None),
                name="roster_import_one_end",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(committed_at__isnull=False),
                name="roster_import_undone_was_committed",
            ),
            models.CheckConstraint(
                condition=Q(job="")
                | Q(job__in=[ImportJob.PREVIEW, ImportJob.COMMIT], committed_at=None, discarded_at=None, failed_at=None)
                | Q(job=ImportJob.UNDO, committed_at__isnull=False, undone_at=None),
                name="roster_import_job_fits",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("villages:import_detail", args=[self.pk])

    @property
    def state(self) -> ImportState:
        if self.job:
            working = {"PREVIEW": ImportState.PREVIEWING, "COMMIT": ImportState.COMMITTING, "UNDO": ImportState.UNDOING}
            return working[self.job]
        for ended, state in (
            (self.undone_at, ImportState.UNDONE),
            (self.committed_at, ImportState.COMMITTED),
            (self.discarded_at, ImportState.DISCARDED),
            (self.failed_at, ImportState.FAILED),
        ):
            if ended:
                return state
        return ImportState.REFUSED if self.result.get("refused") else ImportState.READY

    @property
    def tone(self) -> str:
        return IMPORT_TONES[self.state]

    @property
    def in_force(self) -> bool:
        """Written, and not being taken back."""
        return self.state == ImportState.COMMITTED

    @property
    def pending(self) -> bool:
        """Previewed, and nobody has decided yet."""
        return self.state in (ImportState.REFUSED, ImportState.READY)


class RosterRow(models.Model):
    """One row of a preview, kept until the import is confirmed or given up; what confirming will do, to the cell.

    Rows MISSING stay after it: villages that wait for a decision what became of them.
    """

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="planned_rows", verbose_name=_("名册导入"))
    change = models.CharField(_("变化"), max_length=10, choices=PlannedChange.choices)
    row = models.PositiveIntegerField(_("行号"), null=True)
    code = models.CharField(_("统计区划代码"), max_length=12, blank=True)
    name = models.CharField(_("村（社区）名称"), max_length=60, blank=True)
    county = models.ForeignKey(Division, models.CASCADE, null=True, related_name="+", verbose_name=_("县（市、区）"))
    township = models.CharField(_("乡镇（街道）"), max_length=60, blank=True)
    township_code = models.CharField(_("乡镇（街道）代码"), max_length=12, blank=True)
    successor = models.CharField(_("并入村代码"), max_length=12, blank=True)
    fields = models.JSONField(_("字段变化"), default=dict)
    column = models.CharField(_("列"), max_length=40, blank=True)
    value = models.CharField(_("原值"), max_length=200, blank=True)
    reason = models.CharField(_("原因和改法"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("名册预检行")
        indexes = [models.Index(fields=["roster", "change", "id"], name="roster_row_by_change")]

    def __str__(self) -> str:
        return f"{self.row or '—'} {self.name}"


class RosterChange(CountyScoped):
    """What an import, an edit by hand or a decision did to one village, field by field. Kept for ever.

    A decision on 村级建制调整 adds the document that ordered it, the day it took effect, and the reason. A row
    outlives what it speaks of: undoing an import removes the villages and townships that it made, so neither is
    held by a constraint, and the code stays readable.
    """

    append_only = True

    village = models.ForeignKey(
        Village,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="rosterchanges",
        verbose_name=_("村（社区）"),
    )
    township = models.ForeignKey(
        Division,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("乡镇（街道）"),
    )
    township_before = models.ForeignKey(
        Division,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("原乡镇（街道）"),
    )
    code = models.CharField(_("统计区划代码"), max_length=12, blank=True)
    roster = models.ForeignKey(
        RosterImport,
        models.PROTECT,
        null=True,
        related_name="changes",
        verbose_name=_("名册导入（空为手工修改）"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    change = models.CharField(_("变化"), max_length=10, choices=Change.choices)
    fields = models.JSONField(_("字段变化"), default=dict)
    document = models.CharField(_("批复文号"), max_length=80, blank=True, db_default="")
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True, db_default="")
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("名册变更")
        indexes = [models.Index(fields=["village", "-id"], name="roster_change_village")]
        constraints = [
            models.CheckConstraint(
                condition=Q(roster__isnull=False) | Q(actor__isnull=False),
                name="roster_change_by_import_or_by_hand",
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.get_change_display()}"
