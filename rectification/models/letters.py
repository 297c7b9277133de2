"""催办函: one letter a township and urging, and the items that it speaks of (E7)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division

from .items import RectificationItem


class UrgeLetter(CountyScoped):
    """A letter of the county office to a township committee; the paper is made from this. Never changed afterwards."""

    append_only = True

    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇（街道）"))
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    day = models.DateField(_("日期"))
    text = models.CharField(_("催办内容"), max_length=300)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("催办人"))

    class Meta:
        verbose_name = _("催办函")
        indexes = [models.Index(fields=["township", "-id"], name="urge_letter_township")]
        constraints = [models.UniqueConstraint(fields=["county", "year", "serial"], name="urge_letter_numbered_once")]

    def __str__(self) -> str:
        return f"{self.county.name[:1]}巡办催〔{self.year}〕{self.serial}号"


class UrgeLine(models.Model):
    """An item in a letter, with the deadline of that day: once an item and day."""

    append_only = True

    letter = models.ForeignKey(UrgeLetter, models.PROTECT, related_name="lines", verbose_name=_("催办函"))
    item = models.ForeignKey(
        RectificationItem, models.PROTECT, db_index=False, related_name="urge_lines", verbose_name=_("整改事项")
    )
    day = models.DateField(_("日期"))
    deadline = models.DateField(_("当时的时限"), null=True)

    class Meta:
        verbose_name = _("催办事项")
        constraints = [models.UniqueConstraint(fields=["item", "day"], name="urged_once_a_day")]

    def __str__(self) -> str:
        return f"{self.letter} {self.item}"
