"""回头看: closed items drawn at random to be looked at once more; 销号对账: what a township counts itself (E6)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from rectification.enums import LookbackResult

from .items import RectificationItem


class Lookback(CountyScoped):
    """One draw: from which numbers, by which seed, how many. The same three give the same sample. Never changed."""

    append_only = True

    key = models.UUIDField(_("提交标识"), unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    township = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("乡镇（街道）")
    )
    closed_from = models.DateField(_("销号日期从"))
    closed_to = models.DateField(_("销号日期到"))
    seed = models.PositiveBigIntegerField(_("随机种子"))
    pool = models.JSONField(_("参加抽取的事项编号"))
    size = models.PositiveSmallIntegerField(_("抽取件数"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("抽取人"))
    created_at = models.DateTimeField(_("抽取时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("回头看")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="lookback_numbered_once"),
            models.CheckConstraint(condition=Q(closed_from__lte=models.F("closed_to")), name="lookback_days_in_order"),
        ]

    def __str__(self) -> str:
        return _now("%(year)s 年第 %(serial)s 次回头看") % {"year": self.year, "serial": self.serial}

    def get_absolute_url(self) -> str:
        return reverse("rectification:lookback", args=[self.pk])


class LookbackLine(models.Model):
    """An item that was drawn, and what was seen; written once."""

    scope_alias: ClassVar[dict[str, str]] = {"county_id": "lookback__county_id"}

    lookback = models.ForeignKey(Lookback, models.PROTECT, related_name="lines", verbose_name=_("回头看"))
    item = models.ForeignKey(
        RectificationItem, models.PROTECT, related_name="lookback_lines", verbose_name=_("整改事项")
    )
    order = models.PositiveSmallIntegerField(_("序号"))
    result = models.CharField(_("结果"), max_length=4, choices=LookbackResult.choices, blank=True)
    checked_on = models.DateField(_("查看日期"), null=True, blank=True)
    place = models.CharField(_("查看地点"), max_length=60, blank=True)
    seen = models.CharField(_("查看情况"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("查看人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), null=True)

    class Meta:
        verbose_name = _("回头看事项")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["lookback", "item"], name="lookback_item_once"),
            models.CheckConstraint(
                condition=Q(result="", checked_by=None, checked_on=None)
                | Q(result__in=LookbackResult.values, checked_by__isnull=False, checked_on__isnull=False),
                name="lookback_result_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lookback} {self.order}"


class CountTold(CountyScoped):
    """对账: how many items a township counts as closed, beside what the county had closed then. Never changed."""

    append_only = True

    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇（街道）"))
    told_total = models.PositiveIntegerField(_("乡镇台账件数"))
    told_closed = models.PositiveIntegerField(_("乡镇认为已销号"))
    total = models.PositiveIntegerField(_("交办件数"))
    closed = models.PositiveIntegerField(_("县级已销号"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("对账人"))
    created_at = models.DateTimeField(_("对账时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("销号对账")
        indexes = [models.Index(fields=["township", "-id"], name="count_told_township")]

    def __str__(self) -> str:
        return f"{self.township.name} {self.created_at:%F}"

    @property
    def agrees(self) -> bool:
        return (self.told_total, self.told_closed) == (self.total, self.closed)
