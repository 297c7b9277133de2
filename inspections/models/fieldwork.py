"""What a team does in a village: telling people, talking, visiting, reading; and what confirms a finding (D3–D7)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.encryption import EncryptedTextField, nothing
from common.models import StoredFile
from common.workflow import WorkflowModel
from inspections.enums import (
    FOUR_VISITS,
    SIX_TALKS,
    Channel,
    DocumentKind,
    GapAnswer,
    PersonKind,
    RecordStatus,
    TalkPlace,
    VisitKind,
)
from inspections.transitions import RECORD_MOVES

from .duties import Duty
from .findings import Finding
from .inspections import Inspection, InspectionPart


class FieldRecord(InspectionPart, WorkflowModel):
    """One act in the village. `key` is made where it is written down, so that sending twice records once (H4)."""

    moves = RECORD_MOVES
    prefix: ClassVar[str]

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="%(class)ss", verbose_name=_("巡察"))
    key = models.UUIDField(_("登记标识"), unique=True, editable=False)
    number = models.CharField(_("序号"), max_length=10)
    status = models.CharField(
        _("状态"), max_length=10, choices=RecordStatus.choices, default=RecordStatus.RECORDED, editable=False
    )
    at = models.DateTimeField(_("时间"))
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("巡察人员")
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="%(class)s_number_once"),
            models.CheckConstraint(condition=Q(status__in=RecordStatus.values), name="%(class)s_status_known"),
        ]

    def __str__(self) -> str:
        """Goes to the trail: the number and nothing else."""
        return f"{self.inspection.number} {self.number}"

    @property
    def is_void(self) -> bool:
        return self.status == RecordStatus.VOID

    def get_absolute_url(self) -> str:
        return f"{reverse('inspections:fieldwork', args=[self.inspection_id])}#{self.number}"


class Interview(FieldRecord):
    """A source: who spoke, how to reach them and what was said are ciphertext; two inspectors were there (D7)."""

    secrets: ClassVar[tuple[str, ...]] = ("person", "contact", "notes")
    confidential = frozenset({*secrets, "kind", "place", "announced", "at", "second_inspector"})

    second_inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("第二名巡察人员")
    )
    person = EncryptedTextField(_("姓名"), blank=True, default=nothing)
    contact = EncryptedTextField(_("联系方式"), blank=True, default=nothing)
    notes = EncryptedTextField(_("要点"), blank=True, default=nothing)

    class Meta(FieldRecord.Meta):
        abstract = True
        constraints = [
            *FieldRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(second_inspector=F("inspector")), name="%(class)s_two_inspectors_differ"
            ),
        ]

    @property
    def inspectors(self) -> str:
        return f"{self.inspector}、{self.second_inspector}"


class Conversation(Interview):
    """谈话: a person of one of the six kinds or another, at one of the five places (D4, D5)."""

    prefix = "T"

    kind = models.CharField(_("对象"), max_length=15, choices=PersonKind.choices)
    place = models.CharField(_("地点"), max_length=12, choices=TalkPlace.choices)

    class Meta(Interview.Meta):
        verbose_name = _("谈话")
        constraints = [
            *Interview.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=PersonKind.values), name="conversation_kind_known"),
            models.CheckConstraint(condition=Q(place__in=TalkPlace.values), name="conversation_place_known"),
        ]


class Visit(Interview):
    """走访: a household, announced or 三不两直接 (D6)."""

    prefix = "F"

    kind = models.CharField(_("方式"), max_length=12, choices=VisitKind.choices)
    announced = models.BooleanField(_("事先告知"), default=False)

    @property
    def manner(self) -> str:
        return str(_("事先告知") if self.announced else _("三不两直接"))

    class Meta(Interview.Meta):
        verbose_name = _("走访")
        constraints = [
            *Interview.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=VisitKind.values), name="visit_kind_known"),
        ]


class Mobilisation(FieldRecord):
    """发动: by which channel, where, and about how many it reached (D3)."""

    prefix = "D"

    channel = models.CharField(_("渠道"), max_length=15, choices=Channel.choices)
    place = models.CharField(_("地点"), max_length=60)
    reach = models.PositiveIntegerField(_("覆盖人数（约）"), null=True, blank=True)
    remark = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(FieldRecord.Meta):
        verbose_name = _("发动")
        constraints = [
            *FieldRecord.Meta.constraints,
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="mobilisation_channel_known"),
        ]


class ConsultedDocument(FieldRecord):
    """查阅资料: accounts, minutes, contracts and the like."""

    prefix = "Z"

    kind = models.CharField(_("类别"), max_length=12, choices=DocumentKind.choices)
    title = models.CharField(_("名称"), max_length=80)
    period = models.CharField(_("所属时间"), max_length=40, blank=True)

    class Meta(FieldRecord.Meta):
        verbose_name = _("查阅资料")
        constraints = [
            *FieldRecord.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind_known"),
        ]


class FieldworkGap(InspectionPart):
    """Why one of 六必谈 or 四必访 is missing: there is nobody of the kind, or it was not done for a reason."""

    KINDS = [(one, one.label) for one in (*SIX_TALKS, *FOUR_VISITS)]

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="gaps", verbose_name=_("巡察"))
    kind = models.CharField(_("对象或方式"), max_length=15, choices=KINDS)
    answer = models.CharField(_("情况"), max_length=10, choices=GapAnswer.choices)
    reason = models.CharField(_("说明"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("说明人"))
    at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = _("缺项说明")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "kind"], name="gap_once"),
            models.CheckConstraint(condition=Q(kind__in=[*SIX_TALKS, *FOUR_VISITS]), name="gap_kind_known"),
            models.CheckConstraint(condition=Q(answer__in=GapAnswer.values), name="gap_answer_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="gap_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection.number} 缺项说明"


class Citation(models.Model):
    """印证: what in the field confirms a finding; shown by number, to team and office alone (D6)."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="citations", verbose_name=_("问题"))
    conversation = models.ForeignKey(Conversation, models.PROTECT, null=True, blank=True, verbose_name=_("谈话"))
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, verbose_name=_("走访"))
    document = models.ForeignKey(ConsultedDocument, models.PROTECT, null=True, blank=True, verbose_name=_("查阅资料"))

    class Meta:
        verbose_name = _("印证")
        default_related_name = "citations"
        constraints = [
            models.UniqueConstraint(fields=["finding", "conversation"], name="citation_conversation_once"),
            models.UniqueConstraint(fields=["finding", "visit"], name="citation_visit_once"),
            models.UniqueConstraint(fields=["finding", "document"], name="citation_document_once"),
            models.CheckConstraint(
                condition=Q(conversation__isnull=False, visit=None, document=None)
                | Q(conversation=None, visit__isnull=False, document=None)
                | Q(conversation=None, visit=None, document__isnull=False),
                name="citation_of_one_record",
            ),
        ]

    def __str__(self) -> str:
        return self.record.number

    @property
    def record(self) -> FieldRecord:
        return self.conversation or self.visit or self.document  # type: ignore[return-value]  # a constraint: one of them


CITED: dict[str, type[FieldRecord]] = {"conversation": Conversation, "visit": Visit, "document": ConsultedDocument}


class InspectionFile(InspectionPart, StoredFile):
    """A photo of a mobilisation, a copy of a document, or what shows that a duty was done. Never of a source."""

    append_only = True

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="files", verbose_name=_("巡察"))
    duty = models.ForeignKey(
        Duty, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("责任事项")
    )
    mobilisation = models.ForeignKey(
        Mobilisation, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("发动")
    )
    document = models.ForeignKey(
        ConsultedDocument, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("查阅资料")
    )

    class Meta:
        verbose_name = _("巡察附件")
        constraints = [
            models.CheckConstraint(
                condition=Q(duty__isnull=False, mobilisation=None, document=None)
                | Q(duty=None, mobilisation__isnull=False, document=None)
                | Q(duty=None, mobilisation=None, document__isnull=False),
                name="file_of_one_row",
            )
        ]
