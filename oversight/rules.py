"""Who oversees what (domain.md, who sees what; mission A4, A8, F1, G2, G5, G6, H2)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Post, Role, Tier
from common import policy
from inspections.rules import WORKERS, ever_on_a_team

from .enums import OF_CITY, OF_COUNTY, AssessmentStatus, CircularStatus, OccasionKind, OccasionStatus

ITEM, FINDING, VILLAGE = "rectification.RectificationItem", "inspections.Finding", "villages.Village"
ISSUE, SETTING = "oversight.CommonIssue", "oversight.CommonSetting"
CAMPAIGN, TASK = "oversight.Campaign", "oversight.CampaignTask"

# The boards (H2): whoever answers for a whole county or the city. Each sees there what the lists show to them.
policy.grant(ITEM, Role.CITY_OFFICE, "CITY", "oversee")
policy.grant(ITEM, Role.COUNTY_OFFICE, "COUNTY", "oversee")
policy.grant(ITEM, Role.LEADING_GROUP, "COUNTY", "oversee")
for tally in ("oversight.ItemTally", "oversight.FindingTally", "oversight.ContentTally"):
    policy.grant(tally, Role.CITY_OFFICE, "CITY", "view")
    policy.grant(tally, Role.COUNTY_OFFICE, "COUNTY", "view")
    policy.grant(tally, Role.LEADING_GROUP, "COUNTY", "view")

# Common issues (F1): the office opens, the committee's head decides.
policy.grant(ISSUE, Role.CITY_OFFICE, "CITY", "view")
policy.grant(ISSUE, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(ISSUE, Role.COUNTY_OFFICE, "COUNTY", "add", posts=WORKERS)
policy.grant(ISSUE, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(ISSUE, Role.LEADING_GROUP, "COUNTY", "approve", posts=[Post.HEAD])
policy.grant(SETTING, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(SETTING, Role.COUNTY_OFFICE, "COUNTY", "edit", posts=[Post.HEAD])

# Campaigns (A8): the department leads its own, the office accepts.
policy.grant(CAMPAIGN, Role.CITY_OFFICE, "CITY", "view")
policy.grant(CAMPAIGN, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(CAMPAIGN, Role.COUNTY_OFFICE, "COUNTY", "accept", posts=WORKERS)
policy.grant(CAMPAIGN, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(CAMPAIGN, Role.COUNTY_DEPARTMENT, "ORGAN", "view", "lead")
policy.grant(TASK, Role.CITY_OFFICE, "CITY", "view")
policy.grant(TASK, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(TASK, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(TASK, Role.COUNTY_DEPARTMENT, "CAMPAIGN_TASKS", "view", "work")
policy.grant(TASK, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view")  # of its villages; never the campaign as a whole


@policy.scope("ORGAN", "本单位")
def organ(user: Any) -> dict[str, Any]:
    return {"organ_id": user.organ_id}


@policy.scope("CAMPAIGN_TASKS", "本单位牵头的")
def tasks(user: Any) -> dict[str, Any]:
    return {"campaign__organ_id": user.organ_id}


# What a department reads of findings, items and villages: those of its campaigns and nothing else. Never who was
# talked to, never a draft, never what was found beside them (domain.md).
policy.grant(FINDING, Role.COUNTY_DEPARTMENT, "CAMPAIGN_FINDINGS", "view", status="FED_BACK")
policy.grant(ITEM, Role.COUNTY_DEPARTMENT, "CAMPAIGN_ITEMS", "view", "tally")
policy.grant(VILLAGE, Role.COUNTY_DEPARTMENT, "CAMPAIGN_VILLAGES", "view")


def _reach(user: Any) -> tuple[list[int], list[int]]:
    """Findings and villages of the department's campaigns, asked once for each loaded user (a request, a task)."""
    cache: dict[str, Any] = user.__dict__
    if "_campaign_reach" not in cache:
        rows = list(user.organ.campaigns.values_list("findings__finding_id", "findings__finding__village_id"))
        known = [(finding, village) for finding, village in rows if finding]
        now = user.organ.campaigns.filter(tasks__origin__isnull=False).values_list("tasks__village_id", flat=True)
        cache["_campaign_reach"] = [one for one, _village in known], list({village for _one, village in known} | {*now})
    return cache["_campaign_reach"]  # type: ignore[no-any-return]


def _within(name: str, label: str, lookup: str, which: int) -> None:
    def reach(user: Any) -> dict[str, Any] | None:
        ids = _reach(user)[which]
        return {lookup: ids} if ids else None

    register: Callable[..., Any] = policy.scope(name, label)
    register(reach)


_within("CAMPAIGN_FINDINGS", "本单位专项整治的问题", "id__in", 0)
_within("CAMPAIGN_ITEMS", "本单位专项整治的问题", "finding_id__in", 0)
_within("CAMPAIGN_VILLAGES", "本单位专项整治的村", "division_id__in", 1)

# Self-checks (F2): the office asks, the village answers (the township for it, on record), the township confirms.
NOTICE, CHECK = "oversight.SelfCheckNotice", "oversight.SelfCheck"
for role, reach in ((Role.CITY_OFFICE, "CITY"), (Role.COUNTY_OFFICE, "COUNTY"), (Role.LEADING_GROUP, "COUNTY")):
    policy.grant(NOTICE, role, reach, "view")
    policy.grant(CHECK, role, reach, "view")
policy.grant(NOTICE, Role.COUNTY_OFFICE, "COUNTY", "add", posts=WORKERS)
policy.grant(CHECK, Role.TEAM_MEMBER, "TEAM_VILLAGES", "view")
policy.grant(CHECK, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view", "answer", "confirm")
policy.grant(CHECK, Role.VILLAGE_ORGANISATION, "VILLAGE", "view", "answer")


@policy.condition(CHECK, "confirm")
def confirmer_did_not_answer(user: Any, check: Any) -> str | None:
    return _("这份自查由您本人填报，须由另一人确认。") if check.answered_by_id == user.pk else None


@policy.condition(ISSUE, "approve")
def decider_did_not_open(user: Any, issue: Any) -> str | None:
    return _("这个共性问题由您本人提出，须由另一位负责人审批。") if issue.opened_by_id == user.pk else None


@policy.scope("OWN_PLACE", "本级")
def own_place(user: Any) -> dict[str, Any]:
    return {"place_id": user.organ.division_id}


# 指导督导, 工作约谈, 听取研究, 激励考核, and what follows from them (G2, G5, G6, A4).
OCCASION, FOLLOW_UP, TALK_RULE = "oversight.Occasion", "oversight.FollowUp", "oversight.TalkRule"
policy.grant(OCCASION, Role.CITY_OFFICE, "CITY", "view")
policy.grant(OCCASION, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(OCCASION, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(OCCASION, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view", status=OccasionStatus.HELD)
policy.grant(FOLLOW_UP, Role.CITY_OFFICE, "CITY", "view")
policy.grant(FOLLOW_UP, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(FOLLOW_UP, Role.LEADING_GROUP, "COUNTY", "view")
for role, reach, tier in ((Role.CITY_OFFICE, "CITY", Tier.CITY), (Role.COUNTY_OFFICE, "COUNTY", Tier.COUNTY)):
    policy.grant(OCCASION, role, reach, "arrange", "hold", "drop", posts=WORKERS, place__tier=tier)
    policy.grant(FOLLOW_UP, role, reach, "add", "sign_off", posts=WORKERS, occasion__place__tier=tier)
    policy.grant(TALK_RULE, role, "OWN_PLACE", "edit", posts=[Post.HEAD])
policy.grant(FOLLOW_UP, Role.COUNTY_OFFICE, "ORGAN", "respond", posts=WORKERS)
for role in (
    Role.COUNTY_DISCIPLINE,
    Role.ORGANISATION_DEPARTMENT,
    Role.COUNTY_DEPARTMENT,
    Role.TOWNSHIP_COMMITTEE,
):
    policy.grant(FOLLOW_UP, role, "ORGAN", "view", "respond")


@policy.condition(OCCASION, "arrange", "drop")
def heads_decide_on_talks(user: Any, occasion: Any) -> str | None:
    if occasion.kind == OccasionKind.TALK and user.post != Post.HEAD:
        return _("是否约谈由主要负责人决定。")
    return None


@policy.condition(OCCASION, "arrange")
def each_holds_its_own(user: Any, occasion: Any) -> str | None:
    kinds = OF_CITY if user.division.tier == Tier.CITY else OF_COUNTY
    return None if occasion.kind in kinds else _("这类活动不由本级主持。")


@policy.condition(FOLLOW_UP, "sign_off")
def nobody_settles_his_own(user: Any, row: Any) -> str | None:
    return _("落实情况是您报送的，请由他人确认。") if row.answered_by_id == user.pk else None


# 情况通报 and 专题报告 (F3, G4): drafted in the office, issued by its head, who did not draft it; the city sees what
# its counties issued; whoever it was sent to reads and signs for the unit.
CIRCULAR, RECEIPT = "oversight.Circular", "oversight.CircularReceipt"
for role in (Role.CITY_OFFICE, Role.COUNTY_OFFICE):
    policy.grant(CIRCULAR, role, "OWN_PLACE", "view", "edit", "urge", posts=WORKERS)
    policy.grant(CIRCULAR, role, "OWN_PLACE", "issue", posts=[Post.HEAD])
policy.grant(CIRCULAR, Role.CITY_OFFICE, "COUNTIES", "view", posts=WORKERS, status=CircularStatus.ISSUED)
policy.grant(CIRCULAR, Role.LEADING_GROUP, "OWN_PLACE", "view")
policy.grant(RECEIPT, Role.COUNTY_OFFICE, "ORGAN", "view", "read", posts=WORKERS)
for role in (
    Role.LEADING_GROUP,
    Role.COUNTY_DISCIPLINE,
    Role.ORGANISATION_DEPARTMENT,
    Role.COUNTY_DEPARTMENT,
    Role.TOWNSHIP_COMMITTEE,
    Role.TOWNSHIP_DISCIPLINE,
    Role.VILLAGE_ORGANISATION,
):
    policy.grant(RECEIPT, role, "ORGAN", "view", "read")


@policy.scope("COUNTIES", "本市各县")
def counties(user: Any) -> dict[str, Any] | None:
    return {"place__parent_id": user.organ.division_id} if user.division.tier == Tier.CITY else None


@policy.condition(CIRCULAR, "issue")
def issuer_did_not_draft(user: Any, circular: Any) -> str | None:
    return _("这份通报由您本人拟稿，须由另一位负责人签发。") if circular.drafted_by_id == user.pk else None


@policy.condition(CIRCULAR, "edit")
def reports_are_a_countys(user: Any, circular: Any) -> str | None:
    if circular.is_report and user.division.tier != Tier.COUNTY:
        return _("专题报告由县级巡察办起草。")
    return None


@policy.condition(FOLLOW_UP, "add")
def what_follows_comes_after(user: Any, row: Any) -> str | None:
    held = row.occasion.status == OccasionStatus.HELD
    return None if held else _("请先记录情况，再提出后续事项。")


# 目标考核 (G3): the city's own; the counties of the city read the scheme once it is in force, and their own scores.
ASSESSMENT, SCORE, POINTS = "oversight.Assessment", "oversight.CountyScore", "oversight.PointsGiven"
policy.grant(ASSESSMENT, Role.CITY_OFFICE, "OWN_PLACE", "view")
policy.grant(ASSESSMENT, Role.CITY_OFFICE, "OWN_PLACE", "add", "edit", "preview", "give", "export", posts=WORKERS)
policy.grant(ASSESSMENT, Role.CITY_OFFICE, "OWN_PLACE", "enforce", "publish", posts=[Post.HEAD])
policy.grant(SCORE, Role.CITY_OFFICE, "CITY", "view", "rank")
policy.grant(POINTS, Role.CITY_OFFICE, "CITY", "view")
KNOWN = (AssessmentStatus.IN_FORCE, AssessmentStatus.PUBLISHED)
for role in (Role.COUNTY_OFFICE, Role.LEADING_GROUP):
    policy.grant(ASSESSMENT, role, "OUR_CITY", "view", status__in=KNOWN)
    policy.grant(SCORE, role, "COUNTY", "view")
    policy.grant(SCORE, role, "OUR_CITY_ASSESSED", "rank", assessment__is_ranked=True)
    policy.grant(POINTS, role, "COUNTY", "view", assessment__status=AssessmentStatus.PUBLISHED)


@policy.scope("OUR_CITY", "所在的市")
def our_city(user: Any) -> dict[str, Any]:
    return {"place_id": user.division.parent_id}


@policy.scope("OUR_CITY_ASSESSED", "所在的市的考核")
def our_city_assessed(user: Any) -> dict[str, Any]:
    return {"assessment__place_id": user.division.parent_id}


@policy.condition(ASSESSMENT, "enforce")
def a_second_person_enforces(user: Any, assessment: Any) -> str | None:
    return _("方案由您本人拟定，须由另一位负责人核定。") if assessment.made_by_id == user.pk else None


@policy.condition(ASSESSMENT, "give")
def points_are_given_while_in_force(user: Any, assessment: Any) -> str | None:
    in_force = assessment.status == AssessmentStatus.IN_FORCE
    return None if in_force else _("方案执行之后、公布之前才能加减分。")


# 激励考核 (G7): marks by those who led the team, or by the office's head; each person reads what is his own.
MARK, COMMENDATION = "oversight.QualityMark", "oversight.Commendation"
policy.grant(MARK, Role.COUNTY_OFFICE, "COUNTY", "view", "add", posts=[Post.HEAD])
policy.grant(MARK, Role.TEAM_MEMBER, "TEAM_LED", "add")
policy.grant(MARK, Role.TEAM_MEMBER, "MY_OWN", "view_own")
policy.grant(COMMENDATION, Role.COUNTY_OFFICE, "COUNTY", "view", "add", posts=WORKERS)
policy.grant(COMMENDATION, Role.LEADING_GROUP, "COUNTY", "view")


@policy.scope("MY_OWN", "本人")
def my_own(user: Any) -> dict[str, Any] | None:
    return {"member_id": user.pk} if ever_on_a_team(user) else None


@policy.condition(MARK, "add")
def nobody_marks_himself(user: Any, mark: Any) -> str | None:
    return _("不能评价自己，请由另一位组长、副组长或县委巡察办主要负责人评价。") if mark.member_id == user.pk else None


@policy.condition(COMMENDATION, "add")
def commended_by_an_appraisal(user: Any, row: Any) -> str | None:
    occasion = row.occasion
    if occasion.kind != OccasionKind.APPRAISAL or occasion.status != OccasionStatus.HELD:
        return _("表扬由已经进行的激励考核决定。")
    return None
