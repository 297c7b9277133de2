"""The boards' counters against a recount; campaigns, self-checks and issues against what they rest on."""

from collections.abc import Iterator

from django.db.models import Count, F, Q

from accounts.models import Division
from common.integrity import check
from villages.enums import VillageStatus

from .enums import CampaignStatus, CheckStatus, IssueStatus, TaskStatus
from .models import Campaign, CampaignFinding, CampaignTask, CommonIssue, SelfCheck, Tally
from .selectors.tallies import COUNTS, counted, kept, rows


@check("看板的计数与逐条重算一致")
def boards_follow_rows() -> Iterator[str]:
    for tally in COUNTS:
        yield from _miscounted(tally)


def _miscounted(tally: type[Tally]) -> Iterator[str]:
    wide = len(tally.PLACE) + len(tally.FACETS)
    wanted, found = ({row[:wide]: row[wide:] for row in rows(of(tally))} for of in (counted, kept))
    for key in sorted((key for key in wanted | found if wanted.get(key) != found.get(key)), key=str):
        place = Division.objects.get(pk=key[1])
        told, truth = (of.get(key, (0,))[0] for of in (found, wanted))
        what = "、".join(str(one) for one in key[2:] if one is not None)
        yield f"{tally._meta.verbose_name}：{place} {what} 记为 {told}，实为 {truth}"


@check("已批准的共性问题都有专项整治，整治的问题都属于该条目")
def issues_lead_to_campaigns() -> Iterator[str]:
    for issue in CommonIssue.objects.filter(status=IssueStatus.APPROVED, campaign=None).order_by("pk"):
        yield f"共性问题 {issue.pk} 已批准，但没有专项整治"
    for campaign in Campaign.objects.exclude(issue__status=IssueStatus.APPROVED).order_by("pk"):
        yield f"专项整治 {campaign.pk} 的共性问题没有批准"
    own = Q(finding__checklist_item__code=F("campaign__issue__code"), finding__county=F("campaign__county"))
    for row in CampaignFinding.objects.exclude(own).order_by("pk"):
        yield f"专项整治 {row.campaign_id} 列入的问题 {row.finding_id} 不属于该条目或本县"


@check("已报送结果的专项整治没有未完成的村")
def reported_campaigns_are_done() -> Iterator[str]:
    over = Campaign.objects.filter(status__in=[CampaignStatus.REPORTED, CampaignStatus.CLOSED])
    left = over.annotate(left=Count("tasks", filter=Q(tasks__status=TaskStatus.OPEN))).filter(left__gt=0)
    for one in left.order_by("pk"):
        yield f"专项整治 {one.pk} 已报送结果，还有 {one.left} 个村没有整治完"


@check("已确认的村自查逐条答复")
def confirmed_checks_are_whole() -> Iterator[str]:
    confirmed = SelfCheck.objects.filter(status=CheckStatus.CONFIRMED)
    rows = confirmed.annotate(
        asked=Count("notice__items", distinct=True),
        told=Count("answers", filter=Q(answers__item__notice=F("notice")), distinct=True),
    )
    for one in rows.exclude(asked=F("told")).order_by("pk"):
        yield f"村自查 {one.pk} 已确认，{one.asked} 条只答了 {one.told} 条"


@check("未完成的自查和整治任务都在在册的村")
def open_work_lies_in_active_villages() -> Iterator[str]:
    lying = ((SelfCheck, ~Q(status=CheckStatus.CONFIRMED)), (CampaignTask, Q(status=TaskStatus.OPEN)))
    for model, still in lying:
        for one in model.objects.filter(still).exclude(village__status=VillageStatus.ACTIVE).order_by("pk"):
            yield f"{model._meta.verbose_name} {one.pk} 还没有完成，却留在已不在册的村"
