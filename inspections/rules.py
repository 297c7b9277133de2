"""Who may see and do what with plans, inspections, findings and feedback (domain.md, who sees what)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganKind, Post, Role
from common import policy
from common.calendar import today

from .enums import (
    OFFICE_PAPERS,
    SEEN_FINDINGS,
    TEAM_PAPERS,
    DutyPost,
    FeedbackStatus,
    FindingStatus,
    PlanStatus,
    TeamPost,
)

PLAN, ROUND, INSPECTION, FINDING, FEEDBACK = (
    "inspections.AnnualPlan",
    "inspections.Round",
    "inspections.Inspection",
    "inspections.Finding",
    "inspections.Feedback",
)
TERM, CHECKLIST, PAPER = "inspections.Term", "inspections.Checklist", "inspections.Paper"
DUTY, DUTY_TEMPLATE = "inspections.Duty", "inspections.DutyTemplate"
CONVERSATION, VISIT, GAP = "inspections.Conversation", "inspections.Visit", "inspections.FieldworkGap"
MOBILISATION, DOCUMENT = "inspections.Mobilisation", "inspections.ConsultedDocument"
FILE = "inspections.InspectionFile"
RECUSAL, FILING, SETTING = "inspections.Recusal", "inspections.Filing", "inspections.InspectionSetting"


def memberships(user: Any) -> Any:
    """The user's grants in force today (a grant ends with its last day)."""
    return user.memberships.in_force()


def _reach(user: Any) -> list[tuple[int, str, int]]:
    """(team, post, round) of each grant in force, asked once for each loaded user (a request, a task)."""
    cache: dict[str, Any] = user.__dict__.setdefault("_team_reach", {})
    if "grants" not in cache:
        day, columns = today(), ("starts_on", "ends_on", "team_id", "post", "team__round_id")
        ever = list(user.memberships.values_list(*columns))
        cache["ever"] = bool(ever)
        cache["grants"] = [tuple(grant) for first, last, *grant in ever if first <= day <= last]
    return cache["grants"]  # type: ignore[no-any-return]


def ever_on_a_team(user: Any) -> bool:
    """Has the person been on a team, or will be?"""
    _reach(user)
    return bool(user.__dict__["_team_reach"]["ever"])


@policy.scope("TEAM", "所在巡察组")
def team(user: Any) -> dict[str, Any] | None:
    ids = [one for one, _post, _round in _reach(user)]
    return {"inspection__team_id__in": ids} if ids else None


@policy.scope("TEAM_LED", "任组长、副组长的巡察组")
def team_led(user: Any) -> dict[str, Any] | None:
    ids = [one for one, post, _round in _reach(user) if post in (TeamPost.LEADER, TeamPost.DEPUTY)]
    return {"inspection__team_id__in": ids} if ids else None


@policy.scope("TEAM_DEPUTY", "任副组长的巡察组")
def team_deputy(user: Any) -> dict[str, Any] | None:
    ids = [one for one, post, _round in _reach(user) if post == TeamPost.DEPUTY]
    return {"inspection__team_id__in": ids} if ids else None


@policy.scope("TEAM_VILLAGES", "所在巡察组的村")
def team_villages(user: Any) -> dict[str, Any] | None:
    if not _reach(user):
        return None
    cache: dict[str, Any] = user.__dict__["_team_reach"]
    if "villages" not in cache:
        found = memberships(user).values_list("team__inspections__village_id", flat=True)
        cache["villages"] = [one for one in found if one]
    return {"division_id__in": cache["villages"]} if cache["villages"] else None


@policy.scope("TEAM_ROUNDS", "所在巡察组的轮次")
def team_rounds(user: Any) -> dict[str, Any] | None:
    ids = [round_id for _team, _post, round_id in _reach(user)]
    return {"id__in": ids} if ids else None


@policy.scope("INSPECTORS", "巡察组人员")
def inspectors(user: Any) -> dict[str, Any] | None:
    """Everything for those whose unit inspects, and for others while they are on a team."""
    return {} if user.organ.kind == OrganKind.INSPECTION_TEAM or _reach(user) else None


policy.named({"TEAM_LED": gettext_lazy("组长、副组长"), "TEAM_DEPUTY": gettext_lazy("副组长")})
policy.grant("villages.Village", Role.TEAM_MEMBER, "TEAM_VILLAGES", "view", "view_class")

for role in Role:
    if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR):
        policy.grant(CHECKLIST, role, "ALL", "view", in_force_from__isnull=False)
        if role != Role.COUNTY_DEPARTMENT:  # sees the villages of its campaigns, whose coverage would be no figure
            policy.grant(TERM, role, "INSPECTORS" if role == Role.TEAM_MEMBER else "ALL", "view")

WORKERS = [Post.HEAD, Post.OFFICER]  # a roster administrator keeps rosters
policy.grant(TERM, Role.CITY_OFFICE, "CITY", "add", "edit", posts=WORKERS)

policy.grant(PLAN, Role.CITY_OFFICE, "CITY", "view", status=PlanStatus.FILED)
policy.grant(PLAN, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(PLAN, Role.COUNTY_OFFICE, "COUNTY", "add", "edit", "submit", posts=WORKERS)
policy.grant(PLAN, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(PLAN, Role.LEADING_GROUP, "COUNTY", "approve", posts=[Post.HEAD])

policy.grant(ROUND, Role.CITY_OFFICE, "CITY", "view", plan__status=PlanStatus.FILED)
policy.grant(ROUND, Role.COUNTY_OFFICE, "COUNTY", "view")
# Whoever puts people on a team opens to them who was talked to: not for a keeper of rosters.
policy.grant(ROUND, Role.COUNTY_OFFICE, "COUNTY", "add", "edit", posts=WORKERS)
policy.grant(ROUND, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(ROUND, Role.COUNTY_OFFICE, "COUNTY", "file", posts=WORKERS)
policy.grant(ROUND, Role.TEAM_MEMBER, "TEAM_ROUNDS", "view")

policy.grant(FILING, Role.CITY_OFFICE, "CITY", "view")
policy.grant(FILING, Role.CITY_OFFICE, "CITY", "answer", posts=WORKERS)
policy.grant(FILING, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(FILING, Role.LEADING_GROUP, "COUNTY", "view")

# Who declared what is seen by the office of the person's own place alone; a team's picker says only who keeps away.
for role, reach in ((Role.COUNTY_OFFICE, "COUNTY"), (Role.CITY_OFFICE, "CITY")):
    policy.grant(RECUSAL, role, reach, "view", "add", "lift", posts=WORKERS)
policy.grant(SETTING, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(SETTING, Role.COUNTY_OFFICE, "COUNTY", "edit", posts=[Post.HEAD])
policy.grant(SETTING, Role.LEADING_GROUP, "COUNTY", "view")

policy.grant(INSPECTION, Role.CITY_OFFICE, "CITY", "count")
policy.grant(INSPECTION, Role.COUNTY_OFFICE, "COUNTY", "view", "count")
policy.grant(INSPECTION, Role.COUNTY_OFFICE, "COUNTY", "add", "plan", "close", posts=WORKERS)
policy.grant(INSPECTION, Role.LEADING_GROUP, "COUNTY", "view", "count")
policy.grant(INSPECTION, Role.TEAM_MEMBER, "TEAM", "view")
policy.grant(INSPECTION, Role.TEAM_MEMBER, "TEAM_LED", "run")

policy.grant(CHECKLIST, Role.CITY_OFFICE, "ALL", "view", "edit", posts=WORKERS, county=None)
policy.grant(CHECKLIST, Role.CITY_OFFICE, "ALL", "enable", posts=[Post.HEAD], county=None)
policy.grant(CHECKLIST, Role.COUNTY_OFFICE, "COUNTY", "view", "edit", posts=WORKERS)
policy.grant(CHECKLIST, Role.COUNTY_OFFICE, "COUNTY", "enable", posts=[Post.HEAD])
policy.grant(CHECKLIST, Role.LEADING_GROUP, "COUNTY", "view")

policy.grant(DUTY_TEMPLATE, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(DUTY_TEMPLATE, Role.COUNTY_OFFICE, "COUNTY", "edit", posts=WORKERS)
policy.grant(DUTY_TEMPLATE, Role.LEADING_GROUP, "COUNTY", "view")

for model in (DUTY, MOBILISATION, DOCUMENT, FILE):
    policy.grant(model, Role.COUNTY_OFFICE, "COUNTY", "view")
    policy.grant(model, Role.LEADING_GROUP, "COUNTY", "view")
    policy.grant(model, Role.TEAM_MEMBER, "TEAM", "view")
policy.grant(DUTY, Role.COUNTY_OFFICE, "COUNTY", "do", posts=WORKERS, template__who=DutyPost.OFFICE)
policy.grant(DUTY, Role.COUNTY_OFFICE, "COUNTY", "waive", posts=[Post.HEAD])
policy.grant(DUTY, Role.TEAM_MEMBER, "TEAM", "do", template__who=DutyPost.TEAM)
policy.grant(DUTY, Role.TEAM_MEMBER, "TEAM_LED", "do", template__who=DutyPost.LEADER)
policy.grant(DUTY, Role.TEAM_MEMBER, "TEAM_LED", "waive", template__who__in=[DutyPost.TEAM, DutyPost.LEADER])

# Who was talked to is seen by the team and the county's office, and by nobody else (D7).
for model in (CONVERSATION, VISIT):
    policy.grant(model, Role.COUNTY_OFFICE, "COUNTY", "view", "reveal", posts=WORKERS)
    policy.grant(model, Role.TEAM_MEMBER, "TEAM", "view", "reveal")
policy.grant(GAP, Role.COUNTY_OFFICE, "COUNTY", "view", posts=WORKERS)
policy.grant(GAP, Role.TEAM_MEMBER, "TEAM", "view", "add")
policy.grant(GAP, Role.TEAM_MEMBER, "TEAM_LED", "excuse")
for model in (CONVERSATION, VISIT, MOBILISATION, DOCUMENT):
    policy.grant(model, Role.TEAM_MEMBER, "TEAM", "add", "edit")
    policy.grant(model, Role.TEAM_MEMBER, "TEAM_LED", "void")

AFTER = {"status": FindingStatus.FED_BACK}
policy.grant(FINDING, Role.CITY_OFFICE, "CITY", "view", **AFTER)
SEEN = {"status__in": SEEN_FINDINGS}
policy.grant(FINDING, Role.COUNTY_OFFICE, "COUNTY", "view", **SEEN)
policy.grant(FINDING, Role.COUNTY_OFFICE, "COUNTY", "export", "feed_back", posts=WORKERS, **SEEN)
policy.grant(FINDING, Role.COUNTY_OFFICE, "COUNTY", "restore", posts=[Post.HEAD])
policy.grant(FINDING, Role.COUNTY_OFFICE, "COUNTY", "hand_over", posts=[Post.HEAD], **SEEN)
policy.grant(FINDING, Role.LEADING_GROUP, "COUNTY", "view", "export", **SEEN)
policy.grant(FINDING, Role.TEAM_MEMBER, "TEAM", "view", "add", "edit", "cosign", **SEEN)
policy.grant(FINDING, Role.TEAM_MEMBER, "TEAM_DEPUTY", "review", **SEEN)
policy.grant(FINDING, Role.TEAM_MEMBER, "TEAM_LED", "confirm", "settle", "refer", "hand_over", "export", **SEEN)
policy.grant(FINDING, Role.COUNTY_DISCIPLINE, "COUNTY", "view", **AFTER)
policy.grant(
    FINDING,
    Role.ORGANISATION_DEPARTMENT,
    "COUNTY",
    "view",
    checklist_item__party_building=True,
    **AFTER,
)
policy.grant(FINDING, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view", **AFTER)
policy.grant(FINDING, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "view", **AFTER)
policy.grant(FINDING, Role.VILLAGE_ORGANISATION, "VILLAGE", "view", **AFTER)
policy.grant(FINDING, Role.SUPERVISORY_COMMITTEE, "VILLAGE", "view", **AFTER)

ISSUED = {"status": FeedbackStatus.ISSUED}
policy.grant(FEEDBACK, Role.CITY_OFFICE, "CITY", "view", **ISSUED)
policy.grant(FEEDBACK, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(FEEDBACK, Role.COUNTY_OFFICE, "COUNTY", "add", "edit", posts=WORKERS)
policy.grant(FEEDBACK, Role.COUNTY_OFFICE, "COUNTY", "issue", posts=[Post.HEAD])
policy.grant(FEEDBACK, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(FEEDBACK, Role.TEAM_MEMBER, "TEAM", "view", "edit")
policy.grant(FEEDBACK, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view", **ISSUED)
policy.grant(FEEDBACK, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "view", **ISSUED)
policy.grant(FEEDBACK, Role.VILLAGE_ORGANISATION, "VILLAGE", "view", **ISSUED)
policy.grant(FEEDBACK, Role.SUPERVISORY_COMMITTEE, "VILLAGE", "view", **ISSUED)

policy.grant(PAPER, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(PAPER, Role.COUNTY_OFFICE, "COUNTY", "add", "edit", posts=WORKERS, kind__in=OFFICE_PAPERS)
policy.grant(PAPER, Role.COUNTY_OFFICE, "COUNTY", "issue", posts=[Post.HEAD], kind__in=OFFICE_PAPERS)
policy.grant(PAPER, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(PAPER, Role.TEAM_MEMBER, "TEAM", "view", "add", "edit")
policy.grant(PAPER, Role.TEAM_MEMBER, "TEAM_LED", "issue", kind__in=TEAM_PAPERS)


@policy.condition(PAPER, "issue")
def paper_issuer_is_not_drafter(user: Any, paper: Any) -> str | None:
    return _("文书由您本人拟稿，须由另一位负责人签发。") if paper.drafted_by_id == user.pk else None


@policy.condition(FEEDBACK, "issue")
def issuer_is_not_drafter(user: Any, feedback: Any) -> str | None:
    return _("反馈意见由您本人拟稿，须由其他负责人签发。") if feedback.drafted_by_id == user.pk else None


@policy.condition(FEEDBACK, "add")
def drafter_is_not_issuer(user: Any, feedback: Any) -> str | None:
    """Whoever issues must not have drafted, so the head leaves the drafting to others."""
    return _("反馈意见由您签发，请由其他同志拟稿。") if user.post == Post.HEAD else None


@policy.condition(FINDING, "cosign")
def cosigner_is_the_second(user: Any, finding: Any) -> str | None:
    if finding.second_inspector_id in (None, user.pk):
        return None
    return str(_("这条底稿由第二名巡察人员 %s 签名。") % finding.second_inspector)


@policy.condition(FINDING, "review", "confirm")
def decider_is_not_author(user: Any, finding: Any) -> str | None:
    if finding.inspector_id != user.pk:
        return None
    return _("这条底稿由您本人登记，须由另一位组长、副组长审核；没有的，请县委巡察办增派一名副组长。")


@policy.condition(FINDING, "review")
def reviewer_is_not_the_second(user: Any, finding: Any) -> str | None:
    """Whoever stood for the paper does not let it pass; the leader may take it back for another signature."""
    if finding.second_inspector_id != user.pk:
        return None
    return _("这条底稿由您签名，须由另一位副组长初审；没有的，请组长退回底稿，改由其他同志签名。")


@policy.condition(FINDING, "confirm")
def decider_is_not_reviewer(user: Any, finding: Any) -> str | None:
    return _("这条底稿由您初审，须由另一人审定。") if finding.reviewed_by_id == user.pk else None


@policy.condition(FINDING, "confirm")
def leader_decides(user: Any, finding: Any) -> str | None:
    """The second step is the leader's; a deputy takes it where the leader wrote the paper."""
    posts = {post for one, post, _round in _reach(user) if one == finding.inspection.team_id}
    if TeamPost.LEADER in posts:
        return None
    leaders = finding.inspection.team.members.filter(post=TeamPost.LEADER, user=finding.inspector_id)
    return None if leaders.exists() else _("请组长审定。")


def recused_townships(user: Any) -> set[int]:
    """Where this person serves or comes from, and what was declared beyond that: nobody inspects there (回避)."""
    home: set[int] = user.home_townships
    return home | {one.township_id for one in user.recusals.all() if one.is_in_force}


@policy.condition(INSPECTION, "run", "plan", "close")
@policy.condition(FINDING, "add", "edit", "cosign", "review", "confirm", "settle", "refer", "hand_over")
@policy.condition(PAPER, "add", "edit", "issue")
@policy.condition(FEEDBACK, "add", "edit", "issue")
@policy.condition(DUTY, "do", "waive")
@policy.condition(CONVERSATION, "view", "reveal", "add", "edit", "void")
@policy.condition(VISIT, "view", "reveal", "add", "edit", "void")
@policy.condition(MOBILISATION, "add", "edit", "void")
@policy.condition(DOCUMENT, "add", "edit", "void")
@policy.condition(GAP, "view", "add", "excuse")
def not_recused(user: Any, obj: Any) -> str | None:
    """Nobody inspects the township where they serve or come from, or of which they declared that they keep away."""
    if obj.township_id in user.home_townships:
        return _("该乡镇是您的籍贯地或任职地，按回避规定您不能参与对它的巡察。")
    if keeps_away(user, obj.township_id):
        return _("您已申报须回避该乡镇，按回避规定您不能参与对它的巡察。")
    return None


def keeps_away(user: Any, township: int) -> bool:
    """By home, service or declaration; asked once for each loaded user, as the grants are."""
    cache: dict[str, Any] = user.__dict__.setdefault("_team_reach", {})
    if "recused" not in cache:
        cache["recused"] = recused_townships(user)
    return township in cache["recused"]
