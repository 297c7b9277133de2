"""激励考核 (G7): marks for the working papers of a member, and commendations that an appraisal decided on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import CountyScoped
from inspections.models import Inspection, Team
from oversight.enums import TONES, Grade

from .occasions import Occasion


class QualityMark(CountyScoped):
    """底稿质量: how well one member kept the papers of one inspection, once it was closed. Given once."""

    append_only = True

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="+", verbose_name=_("巡察"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="quality_marks", verbose_name=_("组员")
    )
    grade = models.CharField(_("评价"), max_length=4, choices=Grade.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("评价人"))
    given_on = models.DateField(_("评价日期"))

    class Meta:
        verbose_name = _("底稿质量评价")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "member"], name="quality_mark_once"),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="quality_mark_known"),
            models.CheckConstraint(condition=~Q(member=F("given_by")), name="quality_mark_not_for_oneself"),
            models.CheckConstraint(
                condition=~Q(grade=Grade.POOR) | ~Q(note=""), name="quality_mark_says_what_to_improve"
            ),
        ]
        indexes = [models.Index(fields=["county", "member"], name="quality_mark_of_member")]

    def __str__(self) -> str:
        return f"{self.member} {self.get_grade_display()}"

    @property
    def tone(self) -> str:
        return TONES.get(self.grade, "")


class Commendation(CountyScoped):
    """表扬 of a team or of one person, decided by an appraisal that was held."""

    append_only = True

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="commendations", verbose_name=_("激励考核"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", verbose_name=_("巡察组"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="commendations", verbose_name=_("组员")
    )
    text = models.CharField(_("事由"), max_length=200)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))

    class Meta:
        verbose_name = _("表扬")
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None, member__isnull=False) | Q(team__isnull=False, member=None),
                name="commendation_of_a_team_or_a_person",
            ),
            models.UniqueConstraint(fields=["occasion", "team"], name="commendation_once_a_team"),
            models.UniqueConstraint(fields=["occasion", "member"], name="commendation_once_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.team or self.member)
