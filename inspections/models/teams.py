"""巡察组 and who is on it from which day to which (D1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organ
from common.calendar import today
from inspections.enums import TONES, TeamPost

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
    def post_tone(self) -> str:
        return TONES.get(self.post, "")
