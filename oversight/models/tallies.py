"""Counters behind the boards, kept by the database with every change of what they count (H2; ADR 0009)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division
from inspections.models import ChecklistItem
from rectification.enums import ItemStatus


class Tally(CountyScoped):
    """`n` more or fewer rows with the same columns; the sum over all rows of a tally is the figure.

    A change adds rows and touches none, so that no two people wait for each other. Every figure is asked of PLACE and
    of one of the FACETS: `services.tallies` sums up each by itself, in rows that have no other, so that there are as
    many rows as there are places and months, whatever happens in them.
    """

    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇（街道）"))
    year = models.PositiveSmallIntegerField(_("计划年度"))
    n = models.IntegerField(_("件数"))

    PLACE = ("county_id", "township_id", "year")
    FACETS: tuple[str, ...] = ()
    SUMS: tuple[str, ...] = ("n",)

    class Meta:
        abstract = True


class ItemTally(Tally):
    """Rectification items by state; the deadline of open ones, the month and time taken of closed ones.

    `days` belongs to `span`.
    """

    status = models.CharField(_("状态"), max_length=20, choices=ItemStatus.choices, null=True)  # noqa: DJ001
    deadline = models.DateField(_("整改时限"), null=True)
    assigned = models.DateField(_("交办月份"), null=True)
    closed = models.DateField(_("销号月份"), null=True)
    span = models.PositiveSmallIntegerField(_("用时区间"), null=True)
    days = models.BigIntegerField(_("用时天数合计"))

    FACETS = ("status", "deadline", "assigned", "closed", "span")
    SUMS = ("n", "days")

    class Meta:
        verbose_name = _("整改事项计数")
        indexes = [models.Index(fields=["county", "township"], name="item_tally_county")]

    def __str__(self) -> str:
        return f"{self.township_id} {self.year} {self.status} {self.n}"


class FindingTally(Tally):
    """Findings that have been fed back, by checklist item."""

    checklist_item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+", verbose_name=_("清单条目"))

    FACETS = ("checklist_item_id",)

    class Meta:
        verbose_name = _("已反馈问题计数")
        indexes = [models.Index(fields=["county", "township"], name="finding_tally_county")]

    def __str__(self) -> str:
        return f"{self.township_id} {self.year} {self.checklist_item_id} {self.n}"


class ContentTally(Tally):
    """What villagers said of items in their present attempt: `n` items, how many were asked, how many were content."""

    asked = models.IntegerField(_("参与人数"))
    content = models.IntegerField(_("满意和基本满意"))

    SUMS = ("n", "asked", "content")

    class Meta:
        verbose_name = _("满意度计数")
        indexes = [models.Index(fields=["county", "township"], name="content_tally_county")]

    def __str__(self) -> str:
        return f"{self.township_id} {self.year} {self.n}"
