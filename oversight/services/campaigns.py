"""Campaigns: the department takes on, works village by village, reports; the office accepts or returns (A8)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import workflow
from common.calendar import today
from common.documents import long_day
from oversight.models import Campaign, CampaignTask

from .telling import tell_department, tell_office
from .villages import settle


@transaction.atomic
def take_on(
    *, campaign: Campaign, plan: str, measure: str, deadline: date, actor: Any, version: int | None = None
) -> Campaign:
    """Take the campaign on with its plan; every village gets the measure as its task and the day until when."""
    wrong = {}
    if not today() <= deadline <= campaign.deadline:
        wrong["deadline"] = _("各村时限须在今天和整治时限 %s 之间。") % long_day(campaign.deadline)
    if not measure.strip():
        wrong["measure"] = _("请写明每个村要完成的任务。")
    if wrong:
        raise ValidationError(wrong)
    taken = workflow.apply(campaign, "take_on", actor=actor, version=version, plan=plan)
    taken.tasks.update(measure=measure.strip(), deadline=deadline)
    tell_office("take_on", taken)
    return taken


@transaction.atomic
def finish_task(
    *, task: CampaignTask, result: str, done_on: date, actor: Any, version: int | None = None
) -> CampaignTask:
    """What came of it in this village."""
    wrong = {}
    if not result.strip():
        wrong["result"] = _("请写明整治结果。")
    if done_on > today():
        wrong["done_on"] = _("完成日期不能晚于今天。")
    if wrong:
        raise ValidationError(wrong)
    given = {"result": result.strip(), "done_on": done_on, "done_by": actor}
    return workflow.apply(task, "finish", actor=actor, version=version, **given)


@transaction.atomic
def resume_task(*, task: CampaignTask, actor: Any, note: str = "") -> CampaignTask:
    """The result did not hold: the village is worked at again; what was written stays in the trail."""
    resumed = workflow.apply(task, "resume", actor=actor, note=note, done_on=None, done_by=None)
    settle(CampaignTask.objects.filter(pk=resumed.pk), actor=actor)
    return CampaignTask.objects.get(pk=resumed.pk)


@transaction.atomic
def report_campaign(*, campaign: Campaign, result: str, actor: Any, version: int | None = None) -> Campaign:
    """All villages done: the result goes to the office."""
    if not result.strip():
        raise ValidationError({"result": _("请写明整治结果：查清什么、纠正什么、建立什么制度。")})
    reported = workflow.apply(campaign, "report", actor=actor, version=version, result=result.strip())
    tell_office("report", reported)
    return reported


@transaction.atomic
def close_campaign(*, campaign: Campaign, actor: Any, note: str = "") -> Campaign:
    closed = workflow.apply(campaign, "close", actor=actor, note=note, closed_on=today())
    tell_department(closed)
    return closed


@transaction.atomic
def return_campaign(*, campaign: Campaign, actor: Any, note: str = "") -> Campaign:
    """Back to the department, with what is missing."""
    returned = workflow.apply(campaign, "return", actor=actor, note=note)
    tell_department(returned)
    return returned
