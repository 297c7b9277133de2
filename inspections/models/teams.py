"""巡察组 and who is on it from which day to which (D1)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Division, Organ
from common.calendar import today
from common.workflow import WorkflowModel
from inspections.enums import TONES, RecusalKind, RecusalStatus, TeamPost
from inspections.rules import recused_townships
from inspections.transitions import RECUSAL_MOVES

from .plans import Round


class Team(models.Model):
    """巡察组 of a round; a cross-county or raised-level team belongs to another county's or the city's organ."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="teams", verbose_name=_("轮次"))
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="teams", verbose_name=_("派出单位"))
    name = models.CharField(_("组名"), max_length=40)

    class Meta:
        verbose_name = _("巡察组")
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name

    def keeping_away(self, township: int) -> list[Any]:
        """Those on the team, today or later, whose township it is (回避)."""
        members = self.members.not_ended().select_related("user__organ__division").prefetch_related("user__recusals")
        return [one.user for one in members if township in recused_townships(one.user)]


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def in_force(self) -> "TeamMemberQuerySet":
        """Grants that hold today; a grant ends with its last day."""
        day = today()
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def not_ended(self) -> "TeamMemberQuerySet":
        return self.filter(ends_on__gte=today())


class TeamMember(models.Model):
    """A person on a team, from the first to the last day of the grant."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name=_("巡察组"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("成员"),
    )
    post = models.CharField(_("组内岗位"), max_length=10, choices=TeamPost.choices, default=TeamPost.MEMBER)
    starts_on = models.DateField(_("授权开始"))
    ends_on = models.DateField(_("授权结束"))

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡察组成员")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="team_member_once"),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(post=TeamPost.LEADER),
                name="team_one_leader",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="team_member_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_post_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.starts_on <= today() <= self.ends_on

    @property
    def has_ended(self) -> bool:
        return self.ends_on < today()

    @property
    def post_tone(self) -> str:
        return TONES.get(self.post, "")


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def in_force(self) -> "RecusalQuerySet":
        """Those that hold today; one with a last day ends with it."""
        return self.filter(Q(until=None) | Q(until__gte=today()), status=RecusalStatus.IN_FORCE)


class Recusal(WorkflowModel):
    """A person declared that a township is not theirs to inspect: native place, former post, relatives (回避).

    Kept by the office of the place where the person serves, and read by nobody else; others learn only that the
    person keeps away. It ends by being lifted with a reason, or after its last day.
    """

    moves = RECUSAL_MOVES
    confidential = frozenset({"detail"})
    scope_alias = {"county_id": "place_id", "county__parent_id": "place_id"}

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals", verbose_name=_("申报人")
    )
    place = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("登记的市、县"))
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("须回避的乡镇（街道）"))
    kind = models.CharField(_("回避情形"), max_length=10, choices=RecusalKind.choices)
    detail = models.CharField(_("说明"), max_length=120, blank=True)
    declared_on = models.DateField(_("申报日期"))
    until = models.DateField(_("回避至"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=RecusalStatus.choices, default=RecusalStatus.IN_FORCE, editable=False
    )

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("回避申报")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RecusalStatus.values), name="recusal_status_known"),
            models.CheckConstraint(condition=Q(kind__in=RecusalKind.values), name="recusal_kind_known"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("declared_on")), name="recusal_ends_after_declared"
            ),
            models.UniqueConstraint(
                fields=["user", "township", "kind"],
                condition=Q(status=RecusalStatus.IN_FORCE),
                name="recusal_once_in_force",
            ),
        ]
        indexes = [models.Index(fields=["place", "-id"], name="recusal_of_place")]

    def __str__(self) -> str:
        return f"{self.user} {self.township.name}"

    @property
    def is_in_force(self) -> bool:
        return self.status == RecusalStatus.IN_FORCE and (self.until is None or self.until >= today())

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "") if self.is_in_force else ""

    def get_absolute_url(self) -> str:
        return reverse("inspections:recusals")
