"""What every inspection stands on: the villages, their classes, and the rosters they came from (B1–B5)."""

import uuid
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Mark
from accounts.models import CountyScoped, Division
from common.workflow import WorkflowModel

from .enums import (
    CadreRelations,
    Category,
    Change,
    ClassificationStatus,
    Datum,
    PlannedChange,
    VillageClass,
    VillageStatus,
)
from .transitions import CLASSIFICATION_MOVES

CHINA_EAST, CHINA_NORTH = (Decimal("73.4"), Decimal("135.1")), (Decimal("3.8"), Decimal("53.6"))

# The five dimensions of the survey (B1) and the field that answers each.
DIMENSIONS = {
    "organisation_type": _("党组织类型"),
    "annual_income": _("经济体量"),
    "resources": _("资源禀赋"),
    "location": _("区位条件"),
    "cadre_relations": _("干群关系"),
}


def _how_many_dimensions() -> Any:
    """Counted by the database, so that imports and edits by hand cannot disagree about it."""
    filled = [
        Case(When(Q(**{f"{name}__isnull": True} if name == "annual_income" else {name: ""}), then=0), default=1)
        for name in DIMENSIONS
    ]
    return reduce(add, filled)


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


class Village(CountyScoped):
    """Profile of a village-tier division (its primary key is the division's), with its current class."""

    scope_alias = {"village_id": "division_id"}

    division = models.OneToOneField(
        Division,
        models.PROTECT,
        primary_key=True,
        related_name="village",
        verbose_name=_("行政区划"),
    )
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇（街道）"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=VillageStatus.choices,
        default=VillageStatus.ACTIVE,
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("并入"),
    )
    valid_from = models.DateField(_("设立或启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤并日期"), null=True, blank=True)
    category = models.CharField(_("类型"), max_length=10, choices=Category.choices, default=Category.VILLAGE)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    party_members = models.PositiveIntegerField(_("党员数"), null=True, blank=True)
    organisation_type = models.CharField(_("党组织类型"), max_length=20, blank=True)
    secretary = models.CharField(_("党组织书记"), max_length=40, blank=True)
    secretary_is_director = models.BooleanField(_("一肩挑"), null=True, blank=True)
    annual_income = models.DecimalField(
        _("村集体经济年收入（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
    )
    resources = models.CharField(_("资源禀赋"), max_length=100, blank=True)
    location = models.CharField(_("区位条件"), max_length=60, blank=True)
    cadre_relations = models.CharField(_("干群关系"), max_length=12, choices=CadreRelations.choices, blank=True)
    petitions_3y = models.PositiveIntegerField(_("近三年信访件次"), null=True, blank=True)
    is_lifted_poverty = models.BooleanField(_("脱贫村"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("乡村振兴示范村"), null=True, blank=True)
    is_weak_lax = models.BooleanField(_("软弱涣散村"), null=True, blank=True)
    last_inspected_on = models.DateField(_("上次巡察时间"), null=True, blank=True)
    mark = models.CharField(
        _("试点示范"),
        max_length=15,
        choices=Mark.choices,
        blank=True,
        default=Mark.NONE,
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    surveyed_on = models.DateField(_("摸排日期"), null=True, blank=True)
    surveyor = models.CharField(_("摸排人"), max_length=40, blank=True, default="", db_default="")
    dimensions = models.GeneratedField(
        verbose_name=_("已摸排的项"),
        expression=_how_many_dimensions(),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    datum = models.CharField(_("坐标系"), max_length=10, choices=Datum.choices, blank=True, default="", db_default="")
    klass = models.CharField(  # noqa: DJ001 (no class is a state of its own, not an empty one)
        _("现行分类"),
        max_length=10,
        choices=VillageClass.choices,
        null=True,
        blank=True,
        editable=False,
    )
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)
    missing_from = models.ForeignKey(
        "RosterImport",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="missing_villages",
        db_index=False,  # read through the partial index below
        verbose_name=_("没有本村的名册（待决定）"),
    )

    class Meta:
        verbose_name = _("村（社区）")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=VillageStatus.values),
                name="village_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=VillageStatus.MERGED) | Q(successor__isnull=False),
                name="village_merged_has_successor",
            ),
            models.CheckConstraint(
                condition=~Q(status=VillageStatus.ACTIVE) | Q(successor=None, valid_to=None),
                name="village_active_has_no_end",
            ),
            models.CheckConstraint(
                condition=Q(status=VillageStatus.ACTIVE) | Q(valid_to__isnull=False),
                name="village_ended_has_date",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=models.F("division")),
                name="village_not_own_successor",
            ),
            models.CheckConstraint(
                condition=Q(klass=None) | Q(klass__in=VillageClass.values),
                name="village_class_known",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None, datum="")
                | Q(longitude__range=CHINA_EAST, latitude__range=CHINA_NORTH, datum__in=Datum.values),
                name="village_position_whole_and_in_china",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status"], name="village_county"),
            models.Index(fields=["township", "status"], name="village_township"),
            models.Index(
                fields=["county", "township"],
                condition=Q(status=VillageStatus.ACTIVE, missing_from__isnull=False),
                name="village_undecided",
            ),
        ]

    def __str__(self) -> str:
        return self.division.short_name

    @property
    def full_name(self) -> str:
        return f"{self.township.name} {self.division.short_name}"

    def get_absolute_url(self) -> str:
        return reverse("villages:detail", args=[self.division.code])


class VillageScoped(CountyScoped):
    """County, township and village of a row, copied once from the village (`scope_of`), so one equality filters it."""

    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇（街道）"))
    village = models.ForeignKey(Village, models.PROTECT, related_name="%(class)ss", verbose_name=_("村（社区）"))

    class Meta:
        abstract = True


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


class RosterImport(models.Model):
    """One uploaded roster: what the preview found, who confirmed it, bound to the file and the data it saw (B5)."""

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
    discarded_at = models.DateTimeField(_("放弃时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("名册导入")
        indexes = [models.Index(fields=["county", "-uploaded_at"], name="roster_import_county")]

    def __str__(self) -> str:
        return self.file_name


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


class RosterChange(VillageScoped):
    """What an import, an edit by hand or a decision did to one village, field by field. Kept for ever.

    A decision on 村级建制调整 adds the document that ordered it, the day it took effect, and the reason.
    """

    append_only = True

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


class SavedFilter(models.Model):
    """What a person often asks the list of villages for, under a name of the own; nobody else sees it (A2, C2)."""

    scope_alias = {"recipient_id": "user_id"}

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("用户"))
    name = models.CharField(_("名称"), max_length=20)
    asked = models.JSONField(_("条件"))

    class Meta:
        verbose_name = _("常用筛选")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name
