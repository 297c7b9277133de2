"""指导督导, 工作约谈, 听取研究, 激励考核: a record of each, and what is to follow from it (G2, G5, G6, A4)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped, Division, Organ
from common.calendar import today
from common.once import SentOnce
from common.workflow import WorkflowModel
from oversight.enums import OF_CITY, TONES, FollowUpStatus, OccasionKind, OccasionStatus
from oversight.transitions import FOLLOW_UP_MOVES, OCCASION_MOVES


class Occasion(WorkflowModel, CountyScoped, SentOnce):
    """A visit, a talk, a hearing or an appraisal, which `place` (city or county) holds about the county or a township.

    The four are one record because they have the same life: arranged, held with who was there and what was said, and
    followed up (docs/adr/0008).
    """

    moves = OCCASION_MOVES

    kind = models.CharField(_("类别"), max_length=14, choices=OccasionKind.choices)
    place = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("主持的市、县"))
    township = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("约谈的乡镇（街道）")
    )
    title = models.CharField(_("主题"), max_length=80)
    reason = models.CharField(_("起因"), max_length=300, blank=True)
    day = models.DateField(_("日期"))
    people = models.CharField(_("参加人员"), max_length=300, blank=True)
    record = models.TextField(_("情况记录"), max_length=4000, blank=True)
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("安排人")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=OccasionStatus.choices, default=OccasionStatus.PLANNED, editable=False
    )

    class Meta:
        verbose_name = _("督导活动")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OccasionStatus.values), name="occasion_status_known"),
            models.CheckConstraint(condition=Q(kind__in=OccasionKind.values), name="occasion_kind_known"),
            models.CheckConstraint(
                condition=Q(township=None) | Q(kind=OccasionKind.TALK), name="occasion_township_is_talked_to"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_CITY) | Q(place=F("county")), name="occasion_heard_by_its_county"
            ),
            models.CheckConstraint(
                condition=~Q(status=OccasionStatus.HELD) | (~Q(record="") & ~Q(people="")),
                name="occasion_held_on_record",
            ),
        ]
        indexes = [models.Index(fields=["county", "kind", "-day"], name="occasion_of_county")]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> Division:
        return self.township or self.county

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("oversight:occasion", args=[self.pk])


class FollowUp(WorkflowModel, CountyScoped, SentOnce):
    """What an organ has to do after an occasion: a problem pointed out, a decision, a promise."""

    moves = FOLLOW_UP_MOVES

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="follow_ups", verbose_name=_("督导活动"))
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("要求"), max_length=300)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name=_("落实单位"))
    due = models.DateField(_("期限"))
    answer = models.CharField(_("落实情况"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报送人")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=FollowUpStatus.choices, default=FollowUpStatus.OPEN, editable=False
    )

    class Meta:
        verbose_name = _("后续事项")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_known"),
            models.UniqueConstraint(fields=["occasion", "number"], name="follow_up_numbered_once"),
            models.CheckConstraint(
                condition=Q(status=FollowUpStatus.OPEN) | (~Q(answer="") & Q(answered_by__isnull=False)),
                name="follow_up_answered_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "due"], condition=~Q(status="DONE"), name="follow_up_of_organ"),
            models.Index(fields=["county", "due"], condition=~Q(status="DONE"), name="follow_up_of_county"),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 30 else f"{self.text[:29]}…"

    @property
    def is_late(self) -> bool:
        return self.status == FollowUpStatus.OPEN and self.due < today()

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("oversight:follow_up", args=[self.pk])


class TalkRule(models.Model):
    """When a talk is proposed to the city about a county, or to a county about a township (G5); a row a place."""

    place = models.OneToOneField(Division, models.PROTECT, related_name="+", verbose_name=_("市、县"))
    behind = models.PositiveSmallIntegerField(
        _("覆盖率低于目标（百分点）"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    overdue_days = models.PositiveSmallIntegerField(
        _("整改超期（天）"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    overdue_items = models.PositiveSmallIntegerField(
        _("超期事项（件）"), default=3, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )

    class Meta:
        verbose_name = _("约谈规则")

    def __str__(self) -> str:
        return f"{self.place} {self._meta.verbose_name}"
