"""Findings and feedback against their inspection."""

from collections.abc import Iterator

from django.db.models import F, Q

from common.integrity import check

from .enums import FeedbackStatus, FindingStatus, Stage
from .models import Feedback, Finding, Inspection


@check("底稿、反馈与所属巡察在同一个村")
def children_lie_with_their_inspection() -> Iterator[str]:
    for model in (Finding, Feedback):
        for one in model.objects.exclude(village=F("inspection__village")).order_by("pk"):
            yield f"{model._meta.verbose_name} {one.pk}：与巡察 {one.inspection_id} 不在同一个村"


@check("已反馈的问题有签发的反馈")
def fed_back_findings_have_a_feedback() -> Iterator[str]:
    issued = Feedback.objects.filter(status=FeedbackStatus.ISSUED).values("inspection")
    wrong = Finding.objects.filter(status=FindingStatus.FED_BACK).exclude(inspection__in=issued)
    for one in wrong.order_by("pk"):
        yield f"问题 {one.number} 已反馈，但其巡察没有签发的反馈"


@check("巡察组由本轮派出")
def teams_belong_to_the_round() -> Iterator[str]:
    wrong = Inspection.objects.exclude(Q(team=None) | Q(team__round=F("round")) | Q(status=Stage.CANCELLED))
    for one in wrong.order_by("pk"):
        yield f"巡察 {one.number} 的巡察组不属于本轮"
