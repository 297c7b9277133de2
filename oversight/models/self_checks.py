"""自查 (未巡先改): a notice to villages not inspected in the term, and what each answers item by item (F2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped
from common.calendar import today
from common.enums import Light
from common.once import SentOnce
from common.workflow import WorkflowModel
from inspections.models import Term
from oversight.enums import TONES, Answer, CheckStatus
from oversight.transitions import CHECK_MOVES
from villages.models import VillageScoped

from .campaigns import light_of, origin_field


class SelfCheckNotice(CountyScoped, SentOnce):
    """自查通知: what the villages not yet inspected are to look for at home, and until when. Issued once."""

    append_only = True

    term = models.ForeignKey(Term, models.PROTECT, related_name="+", verbose_name=_("届期"))
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("要求"), max_length=2000)
    due_on = models.DateField(_("答复时限"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发出人"))
    issued_on = models.DateField(_("发出日期"))

    class Meta:
        verbose_name = _("自查通知")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("issued_on")), name="self_check_notice_due_later")
        ]
        indexes = [models.Index(fields=["county", "-id"], name="self_check_notice_county")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("oversight:notice", args=[self.pk])


class SelfCheckItem(models.Model):
    """One checklist item that a notice asks about, in the words of its day."""

    append_only = True

    notice = models.ForeignKey(SelfCheckNotice, models.PROTECT, related_name="items", verbose_name=_("自查通知"))
    code = models.CharField(_("清单编号"), max_length=10)
    text = models.CharField(_("具体问题"), max_length=120)

    class Meta:
        verbose_name = _("自查条目")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["notice", "code"], name="self_check_item_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class SelfCheck(WorkflowModel, VillageScoped):
    """One village's answers to one notice, confirmed by its township."""

    moves = CHECK_MOVES
    scope_alias = {"division_id__in": "village_id__in"}

    notice = models.ForeignKey(SelfCheckNotice, models.PROTECT, related_name="checks", verbose_name=_("自查通知"))
    origin = origin_field()
    status = models.CharField(
        _("状态"), max_length=10, choices=CheckStatus.choices, default=CheckStatus.OPEN, editable=False
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("填报人")
    )
    answered_on = models.DateField(_("填报日期"), null=True, editable=False)
    is_proxy = models.BooleanField(_("代填"), default=False, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("确认人")
    )
    confirmed_on = models.DateField(_("确认日期"), null=True, editable=False)

    class Meta:
        verbose_name = _("村自查")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CheckStatus.values), name="self_check_status_known"),
            models.UniqueConstraint("notice", Coalesce("origin", "village"), name="self_check_once"),
            models.CheckConstraint(
                condition=Q(status=CheckStatus.OPEN) | Q(answered_by__isnull=False, answered_on__isnull=False),
                name="self_check_answered_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status=CheckStatus.CONFIRMED, confirmed_by__isnull=False, confirmed_on__isnull=False)
                | (~Q(status=CheckStatus.CONFIRMED) & Q(confirmed_by=None, confirmed_on=None)),
                name="self_check_confirmed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("answered_by")), name="self_check_two_persons"
            ),
        ]
        indexes = [
            models.Index(fields=["township", "status"], name="self_check_township"),
            models.Index(fields=["village"], name="self_check_village"),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.notice}"

    @property
    def is_open(self) -> bool:
        return self.status != CheckStatus.CONFIRMED

    @property
    def light(self) -> Light:
        return light_of(self.notice.due_on, self.is_open)

    @property
    def days_left(self) -> int | None:
        return (self.notice.due_on - today()).days if self.is_open else None

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    def get_absolute_url(self) -> str:
        return reverse("oversight:self_check", args=[self.pk])


class SelfCheckAnswer(models.Model):
    """有, 无 or 已改, with what was done; written anew while the village answers, fixed by the township's word."""

    check_of = models.ForeignKey(SelfCheck, models.PROTECT, related_name="answers", verbose_name=_("村自查"))
    item = models.ForeignKey(SelfCheckItem, models.PROTECT, related_name="answers", verbose_name=_("条目"))
    answer = models.CharField(_("答复"), max_length=8, choices=Answer.choices)
    note = models.CharField(_("怎样改的、打算怎样改"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("自查答复")
        constraints = [
            models.UniqueConstraint(fields=["check_of", "item"], name="self_check_answer_once"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="self_check_answer_known"),
            models.CheckConstraint(
                condition=Q(answer=Answer.NONE) | ~Q(note=""), name="self_check_answer_with_what_was_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_answer_display()}"

    @property
    def tone(self) -> str:
        return TONES.get(self.answer, "")


class SelfCheckReminder(models.Model):
    """One reminder of one check for one day before or after its date: written once, whatever runs twice."""

    append_only = True

    check_of = models.ForeignKey(SelfCheck, models.PROTECT, related_name="reminders", verbose_name=_("村自查"))
    days = models.SmallIntegerField(_("距时限天数"))
    on = models.DateField(_("提醒日期"))

    class Meta:
        verbose_name = _("自查提醒")
        constraints = [models.UniqueConstraint(fields=["check_of", "days"], name="self_check_reminder_once")]

    def __str__(self) -> str:
        return f"{self.check_of} {self.days}"
