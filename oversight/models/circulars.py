"""情况通报 and 专题报告: drafted from the figures of a period, edited, issued to units that sign for it (F3, G4)."""

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Division, Organ
from common.once import SentOnce
from common.workflow import WorkflowModel
from inspections.models.papers import headed
from oversight.enums import TONES, CircularKind, CircularStatus
from oversight.transitions import CIRCULAR_MOVES
from rectification.models import Signed

EXAMPLES = "典型问题"  # the section that is made from `examples`


class Circular(WorkflowModel, SentOnce):
    """A circular of a city or county to units below, or a county's special report to one department.

    The two are one record because they have the same life (docs/adr/0010). `figures` are those of the day `as_of`,
    as `selectors.circulars` made them; they and the text stay as they were issued. `sections` are {"heading",
    "text"}; `examples` are {"finding": pk, "text": cleared by a person}.
    """

    moves = CIRCULAR_MOVES
    confidential = frozenset({"figures", "examples"})

    kind = models.CharField(_("文种"), max_length=10, choices=CircularKind.choices)
    place = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("发文的市、县"))
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    department = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主管部门")
    )
    subject = models.CharField(_("专题"), max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=100)
    to = models.CharField(_("主送"), max_length=100, blank=True)
    issuer = models.CharField(_("落款"), max_length=60)
    sections = models.JSONField(_("正文"), default=list)
    figures = models.JSONField(_("数据"), default=dict)
    examples = models.JSONField(_("典型问题"), default=list, blank=True)
    as_of = models.DateField(_("数据截至"))
    status = models.CharField(
        _("状态"), max_length=10, choices=CircularStatus.choices, default=CircularStatus.DRAFT, editable=False
    )
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟稿人"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签发人")
    )
    issued_at = models.DateTimeField(_("签发时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通报")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CircularKind.values), name="circular_kind_known"),
            models.CheckConstraint(condition=Q(status__in=CircularStatus.values), name="circular_status_known"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="circular_period_forward"),
            models.CheckConstraint(
                condition=Q(kind=CircularKind.CIRCULAR, department=None, subject="")
                | (Q(kind=CircularKind.REPORT, department__isnull=False) & ~Q(subject="")),
                name="circular_report_about_what_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(status=CircularStatus.ISSUED, serial__isnull=False, issued_by__isnull=False)
                & Q(issued_at__isnull=False)
                | (~Q(status=CircularStatus.ISSUED) & Q(serial=None, issued_by=None, issued_at=None)),
                name="circular_issued_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("drafted_by")), name="circular_two_persons"
            ),
            models.UniqueConstraint(fields=["place", "kind", "year", "serial"], name="circular_numbered_once"),
        ]
        indexes = [models.Index(fields=["place", "kind", "-id"], name="circular_of_place")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_report(self) -> bool:
        return self.kind == CircularKind.REPORT

    @property
    def is_draft(self) -> bool:
        return self.status == CircularStatus.DRAFT

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def number(self) -> str:
        mark = "专报" if self.is_report else "通报"
        return f"{self.place.name[:1]}巡{mark}〔{self.year}〕{self.serial}号" if self.serial else ""

    @property
    def headed_sections(self) -> Iterator[tuple[str, str]]:
        """(heading with its number, text), the examples in their place; empty ones are left out."""
        told = "\n".join(f"{order}．{one['text']}" for order, one in enumerate(self.examples, start=1))
        return headed([one | {"text": told} if one["heading"] == EXAMPLES else one for one in self.sections])

    def get_absolute_url(self) -> str:
        return reverse("oversight:circular", args=[self.pk])


class CircularReceipt(Signed):
    """A unit to which a circular or a report goes, and who there has read it when: once."""

    circular = models.ForeignKey(Circular, models.PROTECT, related_name="receipts", verbose_name=_("通报"))

    class Meta:
        verbose_name = _("通报签阅")
        constraints = [
            models.UniqueConstraint(fields=["circular", "organ"], name="circular_goes_once"),
            models.CheckConstraint(condition=Signed.READ_BY_WHOM, name="circular_read_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.circular} {self.organ}"
