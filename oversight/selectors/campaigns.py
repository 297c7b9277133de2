"""Campaigns of departments: which a person may see, their villages and findings, what waits (A8)."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q, QuerySet

from common import policy
from inspections.models import Finding
from oversight.enums import CampaignStatus, TaskStatus
from oversight.models import Campaign, CampaignTask


def campaigns(user: Any) -> "QuerySet[Campaign]":
    """With how many tasks there are (`total`) and how many are done (`done`), those under way first."""
    rows = policy.visible(user, Campaign.objects.all())
    rows = rows.select_related("issue", "organ", "county")
    rows = rows.annotate(total=Count("tasks"), done=Count("tasks", filter=Q(tasks__status=TaskStatus.DONE)))
    return rows.order_by("closed_on", "deadline", "id")


def for_page() -> "QuerySet[Campaign]":
    return Campaign.objects.select_related("issue__county", "organ", "county")


def tasks_of(user: Any, campaign: Campaign) -> "list[tuple[CampaignTask, list[Finding]]]":
    """Each task that the person may see, with the campaign's findings in that village. Two queries."""
    rows = policy.visible(user, CampaignTask.objects.filter(campaign=campaign))
    rows = rows.select_related("village__division", "township", "origin__division").order_by(
        "-status", "township__code", "id"
    )
    seen = policy.visible(user, Finding.objects.filter(campaigns__campaign=campaign))
    by_village: dict[int, list[Finding]] = defaultdict(list)
    for finding in seen.order_by("id"):
        by_village[finding.village_id].append(finding)
    return [(one, by_village[one.origin_id or one.village_id]) for one in rows]


def tasks(user: Any, *, done: bool = False) -> "QuerySet[CampaignTask]":
    """Of every campaign, those still to be done (or with `done` the others); not before the department has set them."""
    status = TaskStatus.DONE if done else TaskStatus.OPEN
    rows = policy.visible(user, CampaignTask.objects.filter(status=status).exclude(measure=""))
    return rows.select_related(
        "campaign__issue", "campaign__organ", "village__division", "origin__division", "township"
    )


def waiting(user: Any) -> "QuerySet[Campaign]":
    """To take on or to work at (department), to accept (office)."""
    working = Campaign.objects.filter(status__in=(CampaignStatus.ASSIGNED, CampaignStatus.RUNNING))
    reported = Campaign.objects.filter(status=CampaignStatus.REPORTED)
    rows = policy.visible(user, working, "lead") | policy.visible(user, reported, "accept")
    return rows.select_related("issue", "organ").order_by("deadline", "id")
