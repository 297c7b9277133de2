"""Who is told in the app of plans and of the work of teams (A4, D1). No e-mail: the daily digest is enough."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganKind, Post
from accounts.models import User
from common import inbox
from common.calendar import today
from common.models import Message
from inspections.models import AnnualPlan, Filing, Inspection, TeamMember


def tell_approver(plan: AnnualPlan) -> None:
    """The head of the leading group has a plan to decide on."""
    _post(
        User.objects.filter(organ__kind=OrganKind.LEADING_GROUP, organ__division_id=plan.county_id, post=Post.HEAD),
        key=f"plan:submit:{plan.pk}:{plan.version}",
        title=_("%s已提交，等您审批") % plan,
        path=plan.get_absolute_url(),
    )


def tell_answer(filing: Filing) -> None:
    """The county office learns what the city says of what it filed."""
    _post(
        _office(filing.county_id),
        key=f"filing:{filing.pk}:{filing.version}",
        title=_("市委巡察办对%(filing)s的意见：%(status)s") % {"filing": filing, "status": filing.status_label},
        path=filing.get_absolute_url(),
    )


def _office(county: int) -> Any:
    posts = (Post.HEAD, Post.OFFICER)
    return User.objects.filter(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=county, post__in=posts)


def tell_office(plan: AnnualPlan) -> None:
    """The county office learns what was decided on its plan."""
    _post(
        _office(plan.county_id),
        key=f"plan:decided:{plan.pk}:{plan.version}",
        title=_("%(plan)s现在是“%(status)s”") % {"plan": plan, "status": plan.status_label},
        path=plan.get_absolute_url(),
    )


def tell_member(member: TeamMember) -> None:
    """A person was put on a team; the link works from the first day of the grant."""
    given = {"team": member.team.name, "start": member.starts_on, "end": member.ends_on}
    _post(
        [member.user_id],
        key=f"team:{member.pk}",
        title=_("您已编入%(team)s，授权 %(start)s 至 %(end)s") % given,
        path=reverse("inspections:round", args=[member.team.round_id]) if member.starts_on <= today() else "",
    )


def tell_team(inspection: Inspection, members: Iterable[TeamMember]) -> None:
    """The team was given an inspection."""
    _post(
        [one.user_id for one in members],
        key=f"inspection:team:{inspection.pk}:{inspection.version}",
        title=_("本组承担巡察 %s，请做好巡前准备") % inspection.number,
        path=inspection.get_absolute_url(),
    )


def _post(recipients: Any, *, key: str, title: str, path: str) -> None:
    kind, body = Message.Kind.NOTICE, _("打开查看详情。") if path else ""
    inbox.post(recipients=recipients, kind=kind, key=key, title=title, body=body, path=path, email=False)
