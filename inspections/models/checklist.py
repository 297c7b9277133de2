"""The versioned checklist of issues (C1, C3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inspections.enums import Theme


class Checklist(models.Model):
    """A version of the issue checklist (问题清单); the newest one in force serves new inspections (C1)."""

    name = models.CharField(_("名称"), max_length=60)
    number = models.PositiveSmallIntegerField(_("版本号"), unique=True)
    in_force_from = models.DateField(_("启用日期"))

    class Meta:
        verbose_name = _("问题清单")
        ordering = ["-in_force_from", "-number"]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """One of the 72 items, with its aspect (3) and point (16); versions keep their own rows."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items", verbose_name=_("清单"))
    code = models.CharField(_("编号"), max_length=10)
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
