"""The versioned checklist of issues (C1, C3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from inspections.enums import Theme


class Checklist(models.Model):
    """A version of the issue checklist (问题清单): the city's, or a county's own that stands on one of the city's (C1).

    It is a draft until it is enabled, from a day on; then it never changes. `revision` counts what was changed in the
    draft, so that nobody changes or enables what another has just changed.
    """

    county = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("县（市、区）")
    )
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("据以起草的版本")
    )
    name = models.CharField(_("名称"), max_length=60)
    number = models.PositiveSmallIntegerField(_("版本号"))
    in_force_from = models.DateField(_("启用日期"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("修改次数"), default=1, editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("起草人")
    )
    enabled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("启用人")
    )

    class Meta:
        verbose_name = _("问题清单")
        ordering = [F("in_force_from").desc(nulls_first=True), "-number"]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="checklist_number_once", nulls_distinct=False),
            models.UniqueConstraint(
                fields=["county"],
                condition=Q(in_force_from=None),
                name="checklist_one_draft",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(county=None) | Q(base__isnull=False), name="checklist_county_has_base"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('inspections:checklist')}?version={self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.in_force_from is None


class ChecklistItem(models.Model):
    """One of the 72 items, with aspect (3) and point (16). Versions keep their own rows; the code names the matter."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items", verbose_name=_("清单"))
    code = models.CharField(_("编号"), max_length=10)
    own = models.BooleanField(_("本县增加"), default=False)
    aspect_code = models.CharField(_("方面代码"), max_length=4)
    aspect = models.CharField(_("方面"), max_length=60)
    group = models.CharField(_("类别"), max_length=30)
    point_code = models.CharField(_("点位代码"), max_length=6)
    point = models.CharField(_("点位"), max_length=40)
    text = models.CharField(_("具体问题"), max_length=120)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    lead_department = models.CharField(_("主管部门"), max_length=40, blank=True)
    evidence = models.CharField(_("常见印证"), max_length=120, blank=True)
    theme = models.CharField(_("重点问题"), max_length=12, choices=Theme.choices)
    party_building = models.BooleanField(_("党建问题"), default=False)
    posts = models.CharField(_("常见岗位"), max_length=80, blank=True)
    pinyin = models.CharField(_("检索用拼音"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("清单条目")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="checklist_item_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"
