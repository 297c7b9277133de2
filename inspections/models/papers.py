"""Papers of an inspection: 方案, 公告, 提纲, 报告 (D1, E1, H3)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.numerals import numeral
from common.workflow import WorkflowModel
from inspections.enums import NUMBERED_PAPERS, TONES, PaperKind, PaperStatus
from inspections.transitions import PAPER_MOVES
from villages.models import VillageScoped

from .inspections import Inspection


def headed(sections: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """(heading with its number, text) of each of these {"heading", "text"} that has text."""
    order = count(1)
    for one in sections:
        if one["text"].strip():
            yield f"{numeral(next(order))}、{one['heading']}" if one["heading"] else "", one["text"]


class Paper(WorkflowModel, VillageScoped):
    """One paper made from the data, edited as text in sections, then issued and frozen; a correction is a new edition.

    `sections` are [{"heading", "text"}], `annexes` are [{"title", "head": [[label, width in mm]], "rows"}].
    """

    moves = PAPER_MOVES

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="papers", verbose_name=_("巡察"))
    kind = models.CharField(_("文种"), max_length=15, choices=PaperKind.choices)
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("更正"),
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=PaperStatus.choices,
        default=PaperStatus.DRAFT,
        editable=False,
    )
    title = models.CharField(_("标题"), max_length=100)
    to = models.CharField(_("主送"), max_length=100, blank=True)
    issuer = models.CharField(_("落款"), max_length=60)
    sections = models.JSONField(_("正文"), default=list)
    annexes = models.JSONField(_("附件"), default=list, blank=True)
    document_number = models.CharField(_("文号"), max_length=40, blank=True)
    issued_on = models.DateField(_("签发日期"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签发人"),
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("拟稿人"),
    )

    class Meta:
        verbose_name = _("文书")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "kind", "edition"], name="paper_edition_once"),
            models.UniqueConstraint(
                fields=["inspection", "kind"],
                condition=Q(status=PaperStatus.DRAFT),
                name="paper_one_draft",
            ),
            models.UniqueConstraint(
                fields=["county", "document_number"],
                condition=~Q(document_number=""),
                name="paper_number_once",
            ),
            models.CheckConstraint(condition=Q(status__in=PaperStatus.values), name="paper_status_known"),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_kind_known"),
            models.CheckConstraint(
                condition=Q(status=PaperStatus.DRAFT, issued_on=None, issued_by=None, document_number="")
                | Q(status=PaperStatus.ISSUED, issued_on__isnull=False, issued_by__isnull=False),
                name="paper_issued_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.get_kind_display()}"

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def is_numbered(self) -> bool:
        return self.kind in NUMBERED_PAPERS

    @property
    def headed_sections(self) -> Iterator[tuple[str, str]]:
        """(heading with its number, text) of each section that has text; the count closes up over empty ones."""
        return headed(self.sections)

    def get_absolute_url(self) -> str:
        return reverse("inspections:paper", args=[self.pk])
