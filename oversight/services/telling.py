"""Who is told in the app of common issues and campaigns. No e-mail: the daily digest is enough."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganKind, Post
from accounts.models import User
from common import inbox
from common.models import Message
from common.wording import quoted
from oversight.models import Assessment, Campaign, CommonIssue

WORKERS = (Post.HEAD, Post.OFFICER)


def tell_approver(issue: CommonIssue) -> None:
    """The head of the leading group has an issue to decide on."""
    heads = Q(organ__kind=OrganKind.LEADING_GROUP, organ__division_id=issue.county_id, post=Post.HEAD)
    title = _("共性问题%s提请审批") % quoted(issue.text)
    _post(
        User.objects.filter(heads), key=f"issue:{issue.pk}:{issue.version}", title=title, path=issue.get_absolute_url()
    )


def tell_office_of_issue(issue: CommonIssue) -> None:
    title = _("共性问题%(text)s：%(status)s") % {"text": quoted(issue.text), "status": issue.status_label}
    _post(_office(issue.county_id), key=f"issue:{issue.pk}:{issue.version}", title=title, path=issue.get_absolute_url())


def tell_department(campaign: Campaign) -> None:
    title = _("%(campaign)s：%(status)s") % {"campaign": campaign, "status": campaign.status_label}
    _post(_of(campaign.organ_id), key=_key(campaign), title=title, path=campaign.get_absolute_url())


TOLD = {
    "take_on": gettext_lazy("%(organ)s已受领%(campaign)s"),
    "report": gettext_lazy("%(organ)s报来%(campaign)s的结果，等待验收"),
}


def tell_office(event: str, campaign: Campaign) -> None:
    title = str(TOLD[event]) % {"organ": campaign.organ, "campaign": campaign}
    _post(_office(campaign.county_id), key=_key(campaign), title=title, path=campaign.get_absolute_url())


def tell_counties(assessment: Assessment) -> None:
    """The offices and leading groups of the city's counties: the scheme is in force, the result is out."""
    kinds = (OrganKind.INSPECTION_OFFICE, OrganKind.LEADING_GROUP)
    people = User.objects.filter(
        organ__kind__in=kinds, organ__division__parent_id=assessment.place_id, post__in=WORKERS
    )
    title = _("%(title)s：%(status)s") % {"title": assessment, "status": assessment.status_label}
    _post(
        people, key=f"assessment:{assessment.pk}:{assessment.status}", title=title, path=assessment.get_absolute_url()
    )


def _key(campaign: Campaign) -> str:
    return f"campaign:{campaign.pk}:{campaign.version}"


def _office(county: int) -> "QuerySet[User]":
    return User.objects.filter(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=county, post__in=WORKERS)


def _of(organ: int) -> "QuerySet[User]":
    return User.objects.filter(organ_id=organ)


def _post(recipients: Any, *, key: str, title: str, path: str) -> None:
    body = _("打开查看详情。")
    inbox.post(recipients=recipients, kind=Message.Kind.NOTICE, key=key, title=title, body=body, path=path, email=False)
