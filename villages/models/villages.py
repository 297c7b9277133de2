"""The villages, the five dimensions of their survey, and the scope columns of what lies in one (B1)."""

from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Mark
from accounts.models import CountyScoped, Division
from villages.enums import CadreRelations, Category, Datum, VillageClass, VillageStatus

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

    @property
    def undecided(self) -> bool:
        """The last roster of its county has it no more, and nobody has said yet what became of it (B5)."""
        return self.status == VillageStatus.ACTIVE and self.missing_from_id is not None

    def get_absolute_url(self) -> str:
        return reverse("villages:detail", args=[self.division.code])


class VillageScoped(CountyScoped):
    """County, township and village of a row, copied once from the village (`scope_of`), so one equality filters it."""

    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇（街道）"))
    village = models.ForeignKey(Village, models.PROTECT, related_name="%(class)ss", verbose_name=_("村（社区）"))

    class Meta:
        abstract = True
