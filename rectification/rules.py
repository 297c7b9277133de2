"""Who may see and do what with rectification items (domain.md, who sees what; who acts)."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganKind, Post, Role
from common import policy
from inspections.enums import FeedbackStatus
from inspections.rules import WORKERS, keeps_away

from .enums import (
    CLUES_IN_HAND,
    CLUES_OF_RECEIVER,
    CLUES_OF_SENDER,
    CLUES_TO_APPROVE,
    LINK_OF,
    CheckResult,
    DissentStatus,
    Link,
)

CLUE = "rectification.Clue"
ITEM, ATTACHMENT, EXTENSION, SETTING, RUN, SHEET, EXPORT = (
    "rectification.RectificationItem",
    "rectification.Attachment",
    "rectification.Extension",
    "rectification.CountySetting",
    "rectification.ReminderRun",
    "rectification.ProgressSheet",
    "rectification.LedgerExport",
)

# What a unit's figures count ("tally") is its own, not what its people see besides on the team of another place.
policy.grant(ITEM, Role.CITY_OFFICE, "CITY", "view", "tally", "export")
policy.grant(ITEM, Role.COUNTY_OFFICE, "COUNTY", "view", "tally", "export")
policy.grant(ITEM, Role.COUNTY_OFFICE, "COUNTY", "verify", "extend", "urge", "mark_long_term", posts=WORKERS)
policy.grant(ITEM, Role.COUNTY_OFFICE, "COUNTY", "reopen", "recompute", posts=[Post.HEAD])
policy.grant(ITEM, Role.LEADING_GROUP, "COUNTY", "view", "tally", "export")
policy.grant(ITEM, Role.TEAM_MEMBER, "TEAM", "view")
policy.grant(ITEM, Role.COUNTY_DISCIPLINE, "COUNTY", "view", "tally")
policy.grant(
    ITEM,
    Role.ORGANISATION_DEPARTMENT,
    "COUNTY",
    "view",
    "tally",
    finding__checklist_item__party_building=True,
)
policy.grant(
    ITEM,
    Role.TOWNSHIP_COMMITTEE,
    "TOWNSHIP",
    "view",
    "tally",
    "export",
    "accept",
    "assign",
    "report",
    "submit",
    "ask_extension",
)
policy.grant(ITEM, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "view", "tally", "export")
policy.grant(
    ITEM,
    Role.TOWNSHIP_DISCIPLINE,
    "TOWNSHIP",
    "sign",
    posts=[Post.DISCIPLINE_OFFICER, Post.DISCIPLINE_MEMBER],
)
policy.grant(ITEM, Role.VILLAGE_ORGANISATION, "VILLAGE", "view", "tally", "report")
policy.grant(ITEM, Role.SUPERVISORY_COMMITTEE, "VILLAGE", "view", "tally")
for role, reach in ((Role.TOWNSHIP_COMMITTEE, "TOWNSHIP"), (Role.ORGANISATION_DEPARTMENT, "COUNTY")):
    policy.grant(ITEM, role, reach, "reply", finding__checklist_item__party_building=True)
policy.grant(ITEM, Role.ORGANISATION_DEPARTMENT, "COUNTY", "receive", finding__checklist_item__party_building=True)

# A feedback is received by the township, then by the village (E2).
FEEDBACK = "inspections.Feedback"
for role, reach in ((Role.TOWNSHIP_COMMITTEE, "TOWNSHIP"), (Role.VILLAGE_ORGANISATION, "VILLAGE")):
    policy.grant(FEEDBACK, role, reach, "receive", status=FeedbackStatus.ISSUED)
policy.grant(ITEM, Role.SUPERVISORY_COMMITTEE, "VILLAGE", "sign", posts=[Post.HEAD])

policy.grant(EXTENSION, Role.CITY_OFFICE, "CITY", "view")
policy.grant(EXTENSION, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(EXTENSION, Role.COUNTY_OFFICE, "COUNTY", "decide", posts=WORKERS)
policy.grant(EXTENSION, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(EXTENSION, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view")

for role in (Role.TOWNSHIP_COMMITTEE, Role.VILLAGE_ORGANISATION):
    policy.grant(SHEET, role, "SELF", "view", "confirm")

for role in (
    Role.CITY_OFFICE,
    Role.COUNTY_OFFICE,
    Role.LEADING_GROUP,
    Role.TOWNSHIP_COMMITTEE,
    Role.TOWNSHIP_DISCIPLINE,
):
    policy.grant(EXPORT, role, "SELF", "view")

LETTER = "rectification.UrgeLetter"
policy.grant(LETTER, Role.CITY_OFFICE, "CITY", "view")
policy.grant(LETTER, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(LETTER, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(LETTER, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view")
policy.grant(LETTER, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "view")

policy.grant(SETTING, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(SETTING, Role.COUNTY_OFFICE, "COUNTY", "edit", posts=[Post.HEAD])
WORKDAY = "common.WorkdayOverride"
policy.grant(WORKDAY, Role.CITY_OFFICE, "ALL", "view")
policy.grant(WORKDAY, Role.CITY_OFFICE, "ALL", "edit", posts=[Post.HEAD])
policy.grant(WORKDAY, Role.COUNTY_OFFICE, "ALL", "view")
policy.grant(RUN, Role.COUNTY_OFFICE, "ALL", "view")
policy.grant(RUN, Role.CITY_OFFICE, "ALL", "view")


def link_of(user: Any) -> Link | None:
    """The link of the supervision chain that this person's organ and post make."""
    return LINK_OF.get((OrganKind(user.organ.kind), Post(user.post)))


def checks_now(item: Any) -> list[Any]:
    """The signatures of the present attempt; from memory where a list has loaded them for all its rows."""
    return [one for one in item.checks.all() if one.attempt == item.attempt]


def has_standing(check: Any) -> bool:
    """Does the signature stand: not when the county has the link check again because it objected?"""
    return not (check.result == CheckResult.OBJECT and check.dissent.status == DissentStatus.RECHECK)


def in_dispute(item: Any) -> bool:
    """Does an objection of the present attempt wait for the county?"""
    return any(
        one.result == CheckResult.OBJECT and one.dissent.status == DissentStatus.RAISED for one in checks_now(item)
    )


LOOKBACK, LOOKBACK_LINE, COUNT = "rectification.Lookback", "rectification.LookbackLine", "rectification.CountTold"
policy.grant(LOOKBACK, Role.COUNTY_OFFICE, "COUNTY", "view", "add", posts=WORKERS)
policy.grant(LOOKBACK, Role.CITY_OFFICE, "CITY", "view", posts=WORKERS)
policy.grant(LOOKBACK, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(LOOKBACK_LINE, Role.COUNTY_OFFICE, "COUNTY", "view", "record", posts=WORKERS)
policy.grant(COUNT, Role.CITY_OFFICE, "CITY", "view")
policy.grant(COUNT, Role.COUNTY_OFFICE, "COUNTY", "view")
policy.grant(COUNT, Role.LEADING_GROUP, "COUNTY", "view")
policy.grant(COUNT, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view", "add")
policy.grant(COUNT, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "view")

# 满意度 (E9): asked by who watches, told as counts to the office alone ("count"); to others as enough or not.
policy.grant(ITEM, Role.COUNTY_OFFICE, "COUNTY", "poll", "count", posts=WORKERS)
policy.grant(
    ITEM, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "poll", posts=[Post.DISCIPLINE_OFFICER, Post.DISCIPLINE_MEMBER]
)
policy.grant(ITEM, Role.SUPERVISORY_COMMITTEE, "VILLAGE", "poll", posts=[Post.HEAD])

DISSENT = "rectification.Dissent"
policy.grant(DISSENT, Role.COUNTY_OFFICE, "COUNTY", "view", "decide", posts=WORKERS)


# 问题线索 (E4): the sender until the handover, the office and the head of the leading group the envelope, the named
# receiver from the handover on. Townships, villages and their organs have no grant at all. `open` is the sealed text.
SENT, SENDING = {"status__in": CLUES_OF_RECEIVER}, {"status__in": CLUES_OF_SENDER}
TO_APPROVE, IN_HAND = {"status__in": CLUES_TO_APPROVE}, {"status__in": CLUES_IN_HAND}
policy.grant(CLUE, Role.CITY_OFFICE, "CITY", "count", posts=WORKERS)
policy.grant(CLUE, Role.COUNTY_OFFICE, "COUNTY", "view", "hand_over", posts=WORKERS)
policy.grant(CLUE, Role.COUNTY_OFFICE, "COUNTY", "approve", posts=[Post.HEAD])
policy.grant(CLUE, Role.COUNTY_OFFICE, "COUNTY", "open", posts=[Post.HEAD], **TO_APPROVE)
policy.grant(CLUE, Role.LEADING_GROUP, "COUNTY", "view", posts=[Post.HEAD])
policy.grant(CLUE, Role.TEAM_MEMBER, "TEAM_LED", "add")
policy.grant(CLUE, Role.TEAM_MEMBER, "TEAM_LED", "view", **SENDING)
policy.grant(CLUE, Role.TEAM_MEMBER, "TEAM_LED", "open", **TO_APPROVE)
policy.grant(CLUE, Role.COUNTY_DISCIPLINE, "NAMED", "view", "receive", "answer", **SENT)
policy.grant(CLUE, Role.COUNTY_DISCIPLINE, "NAMED", "open", **IN_HAND)


@policy.scope("NAMED", "移交给本人的")
def named(user: Any) -> dict[str, Any]:
    return {"receiver_id": user.pk}


policy.named({"NAMED": gettext_lazy("指定的接收人")})


@policy.condition(CLUE, "approve")
def approver_did_not_propose(user: Any, clue: Any) -> str | None:
    return _("这条线索由您本人提出，须由另一位负责人审批。") if clue.proposed_by_id == user.pk else None


@policy.condition(CLUE, "add", "approve", "open")
def not_recused(user: Any, clue: Any) -> str | None:
    if user.organ.kind != OrganKind.DISCIPLINE_COMMISSION and keeps_away(user, clue.inspection.township_id):
        return _("您须回避该乡镇（籍贯、任职或申报的回避关系），不能办理它的线索。")
    return None


@policy.condition(ITEM, "sign")
def signer_is_no_rectifier(user: Any, item: Any) -> str | None:
    if item.submitted_by_id == user.pk:
        return _("验收由您本人提交，须由其他人监督签署。")
    if item.status != "UNDER_SUPERVISION" and any(
        one.signer_id == user.pk and one.result == "PASS" for one in checks_now(item)
    ):
        return _("您已签署过本次整改。")
    return None


@policy.condition(ITEM, "verify")
def verifier_is_nobody_before(user: Any, item: Any) -> str | None:
    if user.pk in (item.submitted_by_id, item.accepted_by_id):
        return _("您办理过此事项的整改，须由其他人验收。")
    prefetch_related_objects([item], "checks")  # the move's requirement reads them, too
    if any(one.signer_id == user.pk for one in item.checks.all()):
        return _("您签署过此事项的监督核查，须由其他人验收。")
    return None


# 协作 with discipline (E10): a case's result is seen by whom the clue is (domain.md), wherever it came from; a lesson
# by the county's own, and by the units to which it was sent.
CASE, LESSON, RECEIPT = "rectification.CaseResult", "rectification.Lesson", "rectification.LessonReceipt"
policy.grant(CASE, Role.COUNTY_DISCIPLINE, "COUNTY", "add")
policy.grant(CASE, Role.COUNTY_DISCIPLINE, "NAMED", "view")
policy.grant(CASE, Role.COUNTY_OFFICE, "COUNTY", "view", posts=WORKERS)
policy.grant(CASE, Role.LEADING_GROUP, "COUNTY", "view", posts=[Post.HEAD])
policy.grant(LESSON, Role.COUNTY_OFFICE, "COUNTY", "view", "add", posts=WORKERS)
policy.grant(LESSON, Role.COUNTY_OFFICE, "COUNTY", "issue", posts=[Post.HEAD])
policy.grant(LESSON, Role.COUNTY_DISCIPLINE, "COUNTY", "view", "add")
policy.grant(LESSON, Role.LEADING_GROUP, "COUNTY", "view")
for role in (Role.TOWNSHIP_COMMITTEE, Role.VILLAGE_ORGANISATION):
    policy.grant(RECEIPT, role, "UNIT", "view", "read")


@policy.scope("UNIT", "本单位")
def own_unit(user: Any) -> dict[str, Any]:
    return {"organ_id": user.organ_id}


@policy.condition(CASE, "add")
def case_is_of_what_may_be_linked(user: Any, case: Any) -> str | None:
    if case.clue is not None and case.clue.receiver_id != user.pk:
        return _("线索的处理结果由接收人登记。")
    if case.clue is not None and case.clue.status not in CLUES_IN_HAND:
        return _("签收之后、办结之前才能登记处理结果。")
    if case.finding is not None and case.finding.status != "FED_BACK":
        return _("只能对应已经反馈的问题。")
    return None


@policy.condition(LESSON, "issue")
def issuer_did_not_draft(user: Any, lesson: Any) -> str | None:
    return _("这份通报由您本人拟稿，须由另一位负责人签发。") if lesson.drafted_by_id == user.pk else None
