"""Findings, feedback, duties and fieldwork against their inspection."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from common.integrity import check
from villages.enums import VillageStatus

from .enums import OPEN_STAGES, FeedbackStatus, FindingStatus, PaperStatus, PlanStatus, RecordStatus, Stage
from .models import AnnualPlan, Citation, Duty, Feedback, Filing, Finding, Inspection, Paper, PlanEntry, Round
from .models.fieldwork import CITED


@check("底稿、反馈、文书与所属巡察在同一个村")
def children_lie_with_their_inspection() -> Iterator[str]:
    """What has been fed back keeps the village of its day, when the inspection went on elsewhere after a merger."""
    frozen_in = ((Finding, FindingStatus.FED_BACK), (Feedback, FeedbackStatus.ISSUED), (Paper, PaperStatus.ISSUED))
    for model, frozen in frozen_in:
        rows = model.objects.exclude(status=frozen).exclude(village=F("inspection__village"))
        for one in rows.order_by("pk"):
            yield f"{model._meta.verbose_name} {one.pk}：与巡察 {one.inspection_id} 不在同一个村"


@check("未办结的巡察都在在册的村")
def open_inspections_lie_in_active_villages() -> Iterator[str]:
    wrong = Inspection.objects.filter(status__in=OPEN_STAGES).exclude(village__status=VillageStatus.ACTIVE)
    for one in wrong.select_related("village__division").order_by("pk"):
        yield f"巡察 {one.number} 还没有办结，却留在{one.village.get_status_display()}的{one.village}"


@check("未开展的计划不再列着已并入他村的村")
def waiting_plans_name_living_villages() -> Iterator[str]:
    """A withdrawn village may stay on a plan: opening the round leaves it out, on record."""
    begun = Round.objects.filter(plan=OuterRef("plan"), number=OuterRef("wave"))
    wrong = PlanEntry.objects.filter(~Exists(begun), village__status=VillageStatus.MERGED)
    for one in wrong.select_related("plan__county", "village__division").order_by("pk"):
        yield f"{one.plan}第 {one.wave} 轮还列着已并入他村的{one.village}"


@check("已反馈的问题有签发的反馈")
def fed_back_findings_have_a_feedback() -> Iterator[str]:
    issued = Feedback.objects.filter(status=FeedbackStatus.ISSUED).values("inspection")
    wrong = Finding.objects.filter(status=FindingStatus.FED_BACK).exclude(inspection__in=issued)
    for one in wrong.filter(is_immediate=False).order_by("pk"):  # those are handed over before it (E3)
        yield f"问题 {one.number} 已反馈，但其巡察没有签发的反馈"


@check("并入的底稿与所并入的属于同一次巡察")
def merged_findings_lie_together() -> Iterator[str]:
    wrong = Finding.objects.exclude(merged_into=None).exclude(merged_into__inspection=F("inspection"))
    for one in wrong.order_by("pk"):
        yield f"底稿 {one.pk} 并入的 {one.merged_into_id} 属于另一次巡察"


@check("已报备的计划都有报备记录，报备与计划、轮次属于同一个县")
def filings_belong_to_what_was_filed() -> Iterator[str]:
    unfiled = AnnualPlan.objects.filter(status=PlanStatus.FILED, filings=None)
    for plan in unfiled.select_related("county").order_by("pk"):
        yield f"{plan} 已报备，但没有报备记录"
    own = Q(plan__county=F("county")) | Q(round__county=F("county"))
    for one in Filing.objects.exclude(own).order_by("pk"):
        yield f"报备 {one.pk} 与所报的计划或轮次不在同一个县"


@check("巡察组由本轮派出")
def teams_belong_to_the_round() -> Iterator[str]:
    wrong = Inspection.objects.exclude(Q(team=None) | Q(team__round=F("round")) | Q(status=Stage.CANCELLED))
    for one in wrong.order_by("pk"):
        yield f"巡察 {one.number} 的巡察组不属于本轮"


@check("问题引用的印证属于同一次巡察，且没有作废")
def citations_lie_in_the_inspection() -> Iterator[str]:
    for name in CITED:
        cited = Citation.objects.exclude(**{name: None}).select_related("finding", name)
        sound = Q(**{f"{name}__inspection": F("finding__inspection"), f"{name}__status": RecordStatus.RECORDED})
        for one in cited.exclude(sound).order_by("pk"):
            yield f"问题 {one.finding_id} 引用的 {one.record.number} 不属于这次巡察或已作废"


@check("一次巡察的责任事项出自同一版清单")
def duties_come_from_one_list() -> Iterator[str]:
    lists = Duty.objects.order_by().values("inspection__number").annotate(n=Count("template__duty_list", distinct=True))
    for one in lists.filter(n__gt=1):
        yield f"巡察 {one['inspection__number']} 的责任事项出自 {one['n']} 版清单"
