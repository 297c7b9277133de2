"""How an item is told: steps, chain, timeline, evidence."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.audit_words import action_word, journey
from common.downloads import SHOWN
from common.models import StoredFile
from common.templatetags.ui import cndate, cnwhen
from rectification import selectors
from rectification.enums import CheckResult, ItemStatus, Link, ResponsibleKind
from rectification.models import RectificationItem, SupervisionCheck
from rectification.rules import has_standing, in_dispute, link_of

S = ItemStatus
TONES = {
    S.ASSIGNED: "amber",
    S.IN_PROGRESS: "blue",
    S.UNDER_SUPERVISION: "blue",
    S.UNDER_VERIFICATION: "amber",
    S.CLOSED: "green",
}
STEP_OF = {S.ASSIGNED: 2, S.IN_PROGRESS: 3, S.UNDER_SUPERVISION: 5, S.UNDER_VERIFICATION: 6, S.CLOSED: 8}
EVENT_TONES = {
    "accept": "r",
    "reply": "b",
    "hand_over": "r",
    "submit": "b",
    "supervised": "g",
    "verify": "g",
    "send_back": "a",
    "uphold": "a",
    "return": "a",
    "reopen": "a",
    "extend": "a",
    "ask_extension": "a",
    "urge": "a",
}
KINDS = {"image/jpeg": "image", "image/png": "image", "application/pdf": "pdf"}
RESULT_WORDS: dict[CheckResult, Any] = {
    CheckResult.PASS: gettext_lazy("符合要求"),
    CheckResult.FAIL: gettext_lazy("不符合"),
    CheckResult.OBJECT: gettext_lazy("不同意，报县裁定"),
}
TOLD_ELSEWHERE = frozenset({"report", "sign", "download", "export"})
DECIDING = frozenset(
    {"accept", "submit", "supervised", "send_back", "uphold", "verify", "return", "reopen", "mark_long_term"}
)


def marks(item: RectificationItem) -> Iterator[tuple[str, str]]:
    """What distinguishes an item, as (word, tone)."""
    if item.is_immediate:
        yield _("立巡立改"), ""
    if item.is_common:
        yield _("共性"), ""
    if item.is_long_term:
        yield _("长期"), ""
    if item.attempt > 1:
        yield _("第 %s 次") % item.attempt, "amber"


def steps(item: RectificationItem, checks: Sequence[SupervisionCheck]) -> list[dict[str, Any]]:
    """发现 → 反馈交办 → 签收制定方案 → 整改落实 → 乡镇提交 → 监督核查 → 县级验收 → 销号."""
    at = STEP_OF[S(item.status)]
    signed = max((one.created_at for one in checks if one.attempt == item.attempt), default=None)
    limit = _("限 %s") % cndate(item.deadline) if item.deadline else _("长期坚持")
    told = [
        (_("发现登记"), cndate(item.finding.created_at)),
        (_("反馈交办"), cndate(item.assigned_on)),
        (_("签收制定方案"), cndate(item.accepted_at) if at > 2 else _("限 %s") % cndate(plan_day(item))),
        (_("整改落实"), _("%s起") % cndate(item.accepted_at) if at > 3 else limit),
        (_("乡镇提交"), cndate(item.submitted_at) if at > 4 else ""),
        (_("监督核查"), cndate(signed) if at > 5 else ""),
        (_("县级验收"), cndate(item.closed_at) if at > 6 else limit if at == 6 else ""),
        (_("销号"), cndate(item.closed_at) if at > 7 else ""),
    ]
    states = ["done" if number < at else "now" if number == at else "" for number in range(len(told))]
    return [{"label": label, "note": note, "state": state} for (label, note), state in zip(told, states, strict=True)]


def plan_day(item: RectificationItem) -> Any:
    """Until when the plan is due; what was handed over from the field has its own short deadline and no other."""
    return item.feedback.plan_due_on if item.feedback else item.deadline


def standing(item: RectificationItem, links: Sequence[dict[str, Any]], last: dict[str, Any] | None) -> dict[str, Any]:
    """Where the item stands and who is next, in one sentence; `last` is the newest event."""
    organ, again = f"{item.township.name}党委", _("（第 %s 次）") % item.attempt if item.attempt > 1 else ""
    if item.status == S.ASSIGNED:
        day = cndate(plan_day(item))
        return {
            "text": _("等待%(who)s签收并制定方案，方案请在 %(day)s 前报送。") % {"who": organ, "day": day},
            "tone": "amber",
        }
    if item.status == S.IN_PROGRESS:
        if last and last["action"] in ("send_back", "uphold", "return", "reopen"):
            return {"text": _("已退回整改%(n)s：%(why)s") % {"n": again, "why": last["text"]}, "tone": "red"}
        return {"text": _("村党组织正在整改%s，办好后由乡镇党委提交验收。") % again, "tone": "blue"}
    if item.status == S.UNDER_SUPERVISION and in_dispute(item):
        return {"text": _("监督链条的意见不一致%s，等待县委巡察办裁定。") % again, "tone": "red"}
    if item.status == S.UNDER_SUPERVISION:
        left = "、".join(str(one["label"]) for one in links if one["state"] == "wait")
        told = {"at": cnwhen(item.submitted_at), "n": again, "left": left}
        return {"text": _("乡镇已于%(at)s提交验收%(n)s，还待%(left)s核查签署。") % told, "tone": "amber"}
    if item.status == S.UNDER_VERIFICATION:
        return {"text": _("监督链条三个环节已签齐%s，等待县委巡察办验收。") % again, "tone": "amber"}
    who = item.closed_by.full_name if item.closed_by else ""
    return {"text": _("%(who)s已于%(at)s验收销号。") % {"who": who, "at": cnwhen(item.closed_at)}, "tone": "green"}


def chain(item: RectificationItem, checks: Sequence[SupervisionCheck]) -> list[dict[str, Any]]:
    """The three links for the chain part: signed, waiting, or not yet their turn; vacant posts are said."""
    waiting = item.status == S.UNDER_SUPERVISION
    people = selectors.signers_of(item) if waiting else {}
    return [_link(link, check, waiting, people) for link, check in selectors.chain_of(item, list(checks)).items()]


def _link(link: Link, check: SupervisionCheck | None, waiting: bool, people: dict[str, list[User]]) -> dict[str, Any]:
    if check is None:
        names = "、".join(one.full_name for one in people.get(link, []))
        note = "" if names or not waiting else _("此岗位现在没有人员，请县委巡察办协调配备。")
        word = _("待签署") if waiting else _("未签署")
        return {"label": link.label, "name": names, "note": note, "state": "wait" if waiting else "none", "word": word}
    if waiting and not has_standing(check):
        state, word = "wait", _("待重新核查")
    else:
        state = "done" if check.result == CheckResult.PASS else "bad"
        word = str(RESULT_WORDS[CheckResult(check.result)])
    return {
        "label": link.label,
        "name": check.signer.full_name,
        "note": _seen(check),
        "photos": photos(check),
        "state": state,
        "word": word,
    }


def _seen(check: SupervisionCheck) -> str:
    """When, how and where it was looked at, and what was seen; what the county decided on an objection."""
    where = f" {check.place}" if check.place else ""
    text = f"{cndate(check.checked_on)} {check.get_method_display()}{where}：{check.opinion}"
    dissent = getattr(check, "dissent", None)
    if dissent is not None and dissent.decided_at:
        told = {"what": dissent.status_label, "why": dissent.decision, "day": cndate(dissent.decided_at)}
        text += "\n" + _("县委巡察办 %(day)s 裁定：%(what)s。%(why)s") % told
    return text


def photos(check: SupervisionCheck) -> list[dict[str, Any]]:
    return [_file(one, cnwhen(one.created_at)) for one in check.photos.all()]


def timeline(item: RectificationItem, reports: Sequence[Any], checks: Sequence[Any]) -> list[dict[str, Any]]:
    """Events, reports, checks and reminders in one line, newest first; `kind` is for the tabs."""
    told = [*_events(item), *map(_report, reports), *map(_check, checks), *_reminders(item)]
    return sorted(told, key=lambda one: one["at"], reverse=True)


def _events(item: RectificationItem) -> Iterator[dict[str, Any]]:
    for event in selectors.events_of(item):
        if event.action in TOLD_ELSEWHERE:
            continue
        yield {
            "title": action_word(event.action, event.object_type),
            "who": event.actor_text,
            "at": event.at,
            "text": "\n".join(filter(None, (event.note, _changed(event)))),
            "tone": EVENT_TONES.get(event.action, ""),
            "action": event.action,
            "kind": "decide" if event.action in DECIDING else "urge" if event.action == "urge" else "other",
        }


def _changed(event: Any) -> str:
    """The change a reader looks for: dates, and what was planned or who was named."""
    changes = event.changes
    if "deadline" in changes and event.action != "hand_over":
        old, new = changes["deadline"]
        return _("整改时限：%(old)s → %(new)s") % {"old": old or _("未设"), "new": new or _("不设")}
    if event.action == "follow":
        return journey(changes)
    if event.action == "set_measures":
        return str(changes["measures"][1])
    if event.action == "assign":
        return "；".join(f"{kind.label}：{changes[kind][1]}" for kind in ResponsibleKind if kind in changes)
    return ""


def _report(report: Any) -> dict[str, Any]:
    names = "、".join(one.name for one in report.attachments.all())
    return {
        "title": _("报整改进展（代%s填报）") % proxied(report) if report.is_proxy else _("报整改进展"),
        "who": f"{report.author.organ.name} {report.author.full_name}",
        "at": report.created_at,
        "text": report.text
        + (_("\n佐证：%s") % names if names else "")
        + (_("\n代填原因：%s") % report.get_proxy_reason_display() if report.proxy_reason else ""),
        "tone": "b",
        "kind": "report",
    }


def proxied(report: Any) -> str:
    return str(report.proxy_for.short_name if report.proxy_for else _("村"))


def _check(check: Any) -> dict[str, Any]:
    names = "、".join(one.name for one in check.photos.all())
    return {
        "title": _("监督核查：%s") % RESULT_WORDS[CheckResult(check.result)],
        "who": f"{check.get_link_display()} {check.signer.full_name}",
        "at": check.created_at,
        "text": _seen(check) + (_("\n现场照片：%s") % names if names else ""),
        "tone": "g" if check.result == CheckResult.PASS else "a",
        "kind": "check",
    }


def _reminders(item: RectificationItem) -> Iterator[dict[str, Any]]:
    for one in selectors.reminders_of(item):
        yield {
            "title": _("到期提醒：%s") % one.rule.label,
            "who": _("系统"),
            "at": one.created_at,
            "text": "",
            "tone": "a",
            "kind": "urge",
        }


def evidence(reports: Sequence[Any], attempt: int) -> list[dict[str, Any]]:
    """Files with who gave them when; those of an attempt that was sent back say of which."""
    return [
        _file(
            one,
            (_("第 %s 次整改·") % report.attempt if report.attempt < attempt else "")
            + f"{cnwhen(one.created_at)}·{report.author.full_name}",
        )
        for report in reports
        for one in report.attachments.all()
    ]


def _file(one: StoredFile, note: str, page: str = "rectification:attachment") -> dict[str, Any]:
    url = reverse(page, args=[one.pk])
    return {
        "name": one.name,
        "url": url,
        "image_url": f"{url}?show=1" if one.content_type in SHOWN else "",
        "kind": KINDS.get(one.content_type, "sheet" if one.content_type.endswith("sheet") else "doc"),
        "note": note,
    }


def before_after(item: RectificationItem, user: User) -> dict[str, Any]:
    """整改前 and 整改后 side by side: what the finding rests on, against what was done and seen in this attempt."""
    reports = [one for one in selectors.reports_of(item) if one.attempt == item.attempt]
    checks = [one for one in selectors.checks_of(item) if one.attempt == item.attempt]
    return {
        "finding": item.finding,
        "before": [_file(one, cnwhen(one.created_at), "inspections:file") for one in selectors.found_with(item, user)],
        "reports": reports,
        "after": evidence(reports, item.attempt),
        "on_site": [shown for one in checks for shown in photos(one)],
    }


def link_label(user: User) -> str:
    link = link_of(user)
    return str(link.label) if link else ""
