"""What waits for one person, from every app, in one table: overdue first, then by date."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganKind
from accounts.models import User
from common import policy
from common.calendar import today
from common.enums import Light
from common.templatetags.ui import cndate
from inspections.selectors.todo import todo as of_inspections
from mianyang_xuncha.menu import reachable
from oversight.enums import CampaignStatus
from oversight.models import SelfCheck
from oversight.selectors.appraisals import to_mark as papers_to_mark
from oversight.selectors.campaigns import waiting as campaigns_waiting
from oversight.selectors.common import to_decide as issues_to_decide
from oversight.selectors.occasions import to_answer
from oversight.selectors.self_checks import waiting as self_checks_waiting
from rectification.selectors import AMBER_DAYS
from rectification.selectors import todo as of_rectification
from rectification.selectors.clues import late_with

from .facts import Facts

# kind of an inspection's entry → (word, tone, what to do)
WORDS: dict[str, tuple[Any, str, Any]] = {
    "plan_draft": (gettext_lazy("计划"), "", gettext_lazy("拟定")),
    "plan_approve": (gettext_lazy("审批"), "blue", gettext_lazy("审批")),
    "plan_file": (gettext_lazy("报备"), "blue", gettext_lazy("报备")),
    "plan_revise": (gettext_lazy("退回"), "red", gettext_lazy("修改")),
    "filing_answer": (gettext_lazy("报备"), "blue", gettext_lazy("受理")),
    "round_file": (gettext_lazy("报备"), "blue", gettext_lazy("报备")),
    "recused": (gettext_lazy("回避"), "amber", gettext_lazy("调整")),
    "round_open": (gettext_lazy("轮次"), "", gettext_lazy("启动")),
    "team": (gettext_lazy("派组"), "", gettext_lazy("派组")),
    "feedback_draft": (gettext_lazy("拟稿"), "blue", gettext_lazy("起草")),
    "close": (gettext_lazy("办结"), "", gettext_lazy("办结")),
    "enter": (gettext_lazy("进驻"), "blue", gettext_lazy("进驻")),
    "findings_sign": (gettext_lazy("签名"), "blue", gettext_lazy("签名")),
    "findings_review": (gettext_lazy("初审"), "blue", gettext_lazy("初审")),
    "findings_confirm": (gettext_lazy("审定"), "blue", gettext_lazy("审定")),
    "duties": (gettext_lazy("责任"), "", gettext_lazy("办理")),
    "inspect": (gettext_lazy("巡察"), "", gettext_lazy("打开")),
}


def todo(facts: Facts) -> list[dict[str, Any]]:
    """Rows {kind, tone, title, url, act, organ, when, due, light, days}."""
    rows = [*_rectification(facts), *_inspections(facts.user), *counted(facts), *_villages(facts)]
    rows += [*_issues(facts), *_campaigns(facts), *self_checks(facts), *_judged(facts)]
    return sorted(rows, key=lambda row: (row["days"] is None, row["days"] or 0))


def _rectification(facts: Facts) -> list[dict[str, Any]]:
    rows = of_rectification(facts.user, amber=facts.amber)
    for row in rows:
        if row["days"] is None:
            row["light"], row["due"] = None, ""
    return rows


def _inspections(user: User) -> Iterator[dict[str, Any]]:
    for entry in of_inspections(user):
        word, tone, act = WORDS[entry["kind"]]
        yield entry | {"kind": word, "tone": tone, "act": act} | _due(entry["due"])


def _due(day: date | None) -> dict[str, Any]:
    if day is None:
        return {"days": None, "light": None, "due": ""}
    left = (day - today()).days
    light = Light.RED if left < 0 else Light.AMBER if left <= AMBER_DAYS else None
    return {"days": left, "light": light, "due": cndate(day)}


def _clues(facts: Facts) -> Iterator[dict[str, Any]]:
    """How many wait, and nothing that tells over a shoulder what they are about."""
    clues = reachable(facts.user, "rectification:clues")
    if clues and (count := facts.counts.get("clues", 0)):
        late = late_with(facts.user) if facts.user.organ.kind == OrganKind.DISCIPLINE_COMMISSION else 0
        title = _("%(n)s 条线索等您办理，%(late)s 条已超期") if late else _("%(n)s 条线索等您办理")
        yield _plain(_("线索"), title % {"n": count, "late": late}, clues, _("办理"))


def counted(facts: Facts) -> Iterator[dict[str, Any]]:
    """What is told as one row however much of it waits: clues, circulars, and what oversight asks for."""
    yield from _clues(facts)
    yield from circulars(facts)
    asked = reachable(facts.user, "oversight:follow_ups")
    if asked and (count := facts.counts.get("to_answer", 0)):
        first = to_answer(facts.user).first()
        row = _plain(_("督办"), _("%s 项后续事项等本单位落实") % count, f"{asked}?t=OPEN", _("办理"))
        yield row | _due(first.due if first else None)
    if asked and (count := facts.counts.get("to_settle", 0)):
        yield _plain(_("督办"), _("%s 项后续事项已报落实，等您确认") % count, f"{asked}?t=ANSWERED", _("确认"))


def _judged(facts: Facts) -> Iterator[dict[str, Any]]:
    """Schemes of assessment to put in force, papers of closed inspections to mark."""
    schemes = reachable(facts.user, "oversight:assessments")
    if schemes and (count := facts.counts.get("to_enforce", 0)):
        yield _plain(_("考核"), _("%s 个考核方案待核定执行") % count, schemes, _("核定"))
    if count := facts.counts.get("to_mark", 0):
        first = papers_to_mark(facts.user).first()
        title, url = (
            _("%s 个办结的村待评价底稿质量") % count,
            reverse("oversight:papers_mark", args=[first.pk]) if first else "",
        )
        yield _plain(_("评价"), title, url, _("评价"))


def circulars(facts: Facts) -> Iterator[dict[str, Any]]:
    """情况通报 and 专题报告: to be signed for by the unit, to be issued by the office's head."""
    if count := facts.counts.get("to_read", 0):
        title = _("%s 份通报、专题报告等本单位签阅") % count
        yield _plain(_("通报"), title, reverse("oversight:received"), _("签阅")) | {"tone": "blue"}
    if count := facts.counts.get("to_issue", 0):
        title = _("%s 份通报、专题报告待您签发") % count
        yield _plain(_("签发"), title, reverse("oversight:circulars"), _("签发")) | {"tone": "blue"}


def _villages(facts: Facts) -> Iterator[dict[str, Any]]:
    """Classes to approve, villages to decide on and previews to confirm, one row each however many they are."""
    approve, imports = reachable(facts.user, "villages:classify"), reachable(facts.user, "villages:import")
    if approve and (count := facts.counts.get("to_approve", 0)):
        yield _plain(_("分类"), _("%s 个村的分类待审定") % count, f"{approve}?t=proposed", _("审定"))
    adjust = reachable(facts.user, "villages:adjustments")
    if adjust and (count := facts.counts.get("undecided", 0)):
        yield _plain(_("建制"), _("还有 %s 个村建制待决定") % count, adjust, _("决定"))
    if imports and (count := facts.counts.get("to_commit", 0)):
        yield _plain(_("导入"), _("%s 次名册预检待确认") % count, imports, _("查看"))


def _issues(facts: Facts) -> Iterator[dict[str, Any]]:
    """Common issues that wait for the committee's head; asked for only where there are some."""
    for one in issues_to_decide(facts.user) if facts.counts.get("issues") else ():
        row = _plain(_("审批"), _("共性问题：%s") % one.text, one.get_absolute_url(), _("审批"))
        yield row | {"tone": "blue", "organ": one.opened_by.organ.name, "when": one.created_at}


# state of a campaign → (word, what to do)
CAMPAIGN_WORDS = {
    CampaignStatus.ASSIGNED: (gettext_lazy("整治"), gettext_lazy("受领")),
    CampaignStatus.RUNNING: (gettext_lazy("整治"), gettext_lazy("办理")),
    CampaignStatus.REPORTED: (gettext_lazy("验收"), gettext_lazy("验收")),
}


def _campaigns(facts: Facts) -> Iterator[dict[str, Any]]:
    """To take on and to work at for the department, to accept for the office."""
    for one in campaigns_waiting(facts.user) if facts.counts.get("campaigns") else ():
        word, act = CAMPAIGN_WORDS[CampaignStatus(one.status)]
        row = _plain(str(word), str(one), one.get_absolute_url(), str(act)) | _due(one.deadline)
        yield row | {"tone": "blue", "organ": one.organ.name, "when": one.updated_at}


def self_checks(facts: Facts) -> Iterator[dict[str, Any]]:
    """To answer for a village, to confirm for a township; one row each notice however many the villages."""
    confirms = policy.may(facts.user, "confirm", SelfCheck)
    title = _("%(n)s 个村的自查待确认：%(title)s") if confirms else _("自查：%(title)s")
    for one in self_checks_waiting(facts.user) if facts.counts.get("self_checks") else ():
        row = _plain(_("自查"), title % one, one["url"], _("确认") if confirms else _("填报")) | _due(one["due_on"])
        yield row | {"tone": "blue"}


def _plain(kind: str, title: str, url: str, act: str) -> dict[str, Any]:
    return {"kind": kind, "tone": "", "title": title, "url": url, "act": act, "organ": "", "when": None} | _due(None)
