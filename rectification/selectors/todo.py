"""What waits for a person (H1): the next act on items, requests for more time and feedback, by role."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import policy
from common.calendar import today
from common.enums import Light
from common.templatetags.ui import cndate, deadline_text
from inspections.enums import FeedbackStatus
from inspections.models import Feedback
from rectification.enums import (
    ANSWERABLE,
    OPEN,
    SIDE_OF,
    CheckResult,
    DissentStatus,
    ExtensionStatus,
    ItemStatus,
    Side,
)
from rectification.models import Dissent, Extension, RectificationItem, Reply, SupervisionCheck
from rectification.rules import link_of

from .cases import unread
from .ledger import select
from .lights import AMBER_DAYS, amber_days, light_of, overdue
from .receipts import to_receive

LIMIT = 50


def todo(user: User, limit: int = LIMIT, amber: Mapping[int, int] | None = None) -> list[dict[str, Any]]:
    """Rows {kind, tone, title, url, act, organ, when, due, light, days}, the most urgent first."""
    amber = amber_days() if amber is None else amber
    rows = [*_feedback(user, limit), *_receipts(user, limit), *_extensions(user, limit), *_dissents(user, limit)]
    rows += _items(user, amber, limit)
    return sorted(rows, key=lambda row: (row["days"] is None, row["days"] or 0))[:limit]


def handed_over(user: User, amber: Mapping[int, int], limit: int = LIMIT) -> list[dict[str, Any]]:
    """What a township or village is asked beside its items' next steps: feedback to sign for, replies to give."""
    return [*_receipts(user, limit), *_items(user, amber, limit, only="reply")]


def _items(user: User, amber: Mapping[int, int], limit: int, only: str = "") -> Iterator[dict[str, Any]]:
    for (action, kind, tone, act, name), rows in waiting(user):
        if only not in ("", action):
            continue
        for item in select(rows, limit):
            yield {
                "kind": kind,
                "tone": tone,
                "title": item.finding.title,
                "url": reverse(f"rectification:{name}", args=[item.pk]),
                "act": act,
                "organ": f"{item.township.name} {item.village.division.short_name}",
                "when": item.updated_at,
                "light": light_of(item, amber),
                "due": item.due,
                "days": item.days_left,
            } | (_review(item) if action == "verify" and item.status != ItemStatus.UNDER_VERIFICATION else {})


def _review(item: RectificationItem) -> dict[str, Any]:
    """What differs for a long-term item whose review is due: whoever verifies looks at it again, in whatever state."""
    left = (item.review_on - today()).days if item.review_on else 0
    return {
        "kind": _("复核"),
        "title": _("长期坚持复核：%s") % item.finding.title,
        "url": reverse("rectification:long_term", args=[item.pk]),
        "act": _("复核"),
        "light": Light.RED if left < 0 else Light.AMBER,
        "due": deadline_text(left),
        "days": left,
    }


def waiting(user: User) -> Iterator[tuple[tuple[str, str, str, str, str], "QuerySet[RectificationItem]"]]:
    """((action, kind, tone, act, page), items) for each kind of work that this person's role has."""
    link = link_of(user)
    signed = SupervisionCheck.objects.filter(item=OuterRef("pk"), attempt=OuterRef("attempt"))
    by_link, by_self = (
        Exists(signed.filter(link=link).exclude(result=CheckResult.OBJECT)),
        Exists(signed.filter(signer=user)),
    )
    disputed = Exists(signed.filter(dissent__status=DissentStatus.RAISED))
    to_sign = Q(status=ItemStatus.UNDER_SUPERVISION) & ~Q(submitted_by=user) & ~by_link & ~disputed
    side = SIDE_OF.get(OrganKind(user.organ.kind))
    by_side = Exists(Reply.objects.filter(item=OuterRef("pk"), attempt=OuterRef("attempt"), side=side))
    signed_for = Q(party_receipt__isnull=False) if side == Side.ORGANISATION else Q()
    to_verify = Q(status=ItemStatus.UNDER_VERIFICATION) & ~Q(submitted_by=user) & ~Q(accepted_by=user) & ~by_self
    due = today() + timedelta(days=AMBER_DAYS)
    to_review = Q(is_long_term=True, review_on__lte=due, status__in=set(OPEN) - {ItemStatus.UNDER_VERIFICATION})
    steps = (
        (("accept", _("签收"), "amber", _("签收"), "accept"), Q(status=ItemStatus.ASSIGNED)),
        (("report", _("整改"), "blue", _("报进展"), "report"), Q(status=ItemStatus.IN_PROGRESS)),
        (("receive", _("党建"), "amber", _("签收"), "receive_item"), Q(status__in=OPEN, party_receipt=None)),
        (("reply", _("党建"), "amber", _("答复"), "reply"), Q(status__in=ANSWERABLE) & signed_for & ~by_side),
        (("sign", _("监督"), "blue", _("签署"), "sign"), to_sign),
        (("verify", _("验收"), "blue", _("验收"), "verify"), to_verify | to_review),
    )
    for step, state in steps:
        if policy.may(user, step[0], RectificationItem):
            rows = policy.visible(user, RectificationItem.objects.filter(state), step[0])
            yield step, rows


def _extensions(user: User, limit: int) -> Iterator[dict[str, Any]]:
    if not policy.may(user, "decide", Extension):
        return
    rows = policy.visible(user, Extension.objects.filter(status=ExtensionStatus.ASKED), "decide")
    for one in rows.select_related("item__finding", "item__township", "item__village__division").order_by("id")[:limit]:
        yield {
            "kind": _("延期"),
            "tone": "amber",
            "title": _("申请延期至 %(day)s：%(title)s")
            % {"day": cndate(one.new_deadline), "title": one.item.finding.title},
            "url": reverse("rectification:extension", args=[one.pk]),
            "act": _("审批"),
            "organ": f"{one.item.township.name} {one.item.village.division.short_name}",
            "when": one.created_at,
            "light": one.item.light(),
            "due": one.item.due,
            "days": one.item.days_left,
        }


def _dissents(user: User, limit: int) -> Iterator[dict[str, Any]]:
    if not policy.may(user, "decide", Dissent):
        return
    rows = policy.visible(user, Dissent.objects.filter(status=DissentStatus.RAISED), "decide")
    for one in rows.select_related("item__finding", "item__township", "item__village__division").order_by("id")[:limit]:
        yield {
            "kind": _("裁定"),
            "tone": "red",
            "title": _("监督意见不一致：%s") % one.item.finding.title,
            "url": reverse("rectification:dissent", args=[one.pk]),
            "act": _("裁定"),
            "organ": f"{one.item.township.name} {one.item.village.division.short_name}",
            "when": one.created_at,
            "light": one.item.light(),
            "due": one.item.due,
            "days": one.item.days_left,
        }


def lessons_to_read(user: User, limit: int = LIMIT) -> Iterator[dict[str, Any]]:
    """Circulars that this person's unit has not signed for, as rows of `todo`."""
    for one in unread(user).order_by("id")[:limit]:
        yield {
            "kind": _("通报"),
            "tone": "blue",
            "title": one.lesson.title,
            "url": reverse("rectification:lesson_read", args=[one.pk]),
            "act": _("签阅"),
            "organ": one.lesson.issued_by.organ.name if one.lesson.issued_by else "",
            "when": one.lesson.issued_at,
            "light": None,
            "due": "",
            "days": None,
        }


def _feedback(user: User, limit: int) -> Iterator[dict[str, Any]]:
    if not policy.may(user, "issue", Feedback):
        return
    drafts = Feedback.objects.filter(status=FeedbackStatus.DRAFT).exclude(drafted_by=user)
    rows = policy.visible(user, drafts, "issue").select_related("township", "village__division")
    for one in rows.order_by("id")[:limit]:
        yield {
            "kind": _("签发"),
            "tone": "red",
            "title": _("签发反馈意见和问题清单"),
            "url": reverse("rectification:hand_over", args=[one.pk]),
            "act": _("核对签发"),
            "organ": f"{one.township.name} {one.village.division.short_name}",
            "when": one.updated_at,
            "light": None,
            "due": "",
            "days": None,
        }


def _receipts(user: User, limit: int) -> Iterator[dict[str, Any]]:
    """反馈签收 that waits for the person: due at once, so that it leads the list."""
    if not policy.may(user, "receive", Feedback):
        return
    for one in to_receive(user).order_by("id")[:limit]:
        yield {
            "kind": _("签收"),
            "tone": "red",
            "title": _("签收巡察反馈 %s") % (one.document_number or ""),
            "url": reverse("rectification:handover", args=[one.pk]),
            "act": _("签收反馈"),
            "organ": f"{one.township.name} {one.village.division.short_name}",
            "when": one.updated_at,
            "light": Light.AMBER,
            "due": _("尽快"),
            "days": 0,
        }


def tasks(user: User, limit: int = 200, amber: Mapping[int, int] | None = None) -> dict[str, list[RectificationItem]]:
    """整改任务单: open items grouped overdue / soon / normal, and the last ones closed."""
    amber = amber_days() if amber is None else amber
    seen = policy.visible(user, RectificationItem.objects.all())
    groups: dict[str, list[RectificationItem]] = {"overdue": [], "soon": [], "normal": []}
    names = {Light.RED: "overdue", Light.AMBER: "soon", Light.GREEN: "normal"}
    for item in select(seen.exclude(status=ItemStatus.CLOSED), limit):
        groups[names[light_of(item, amber)]].append(item)
    closed = seen.filter(status=ItemStatus.CLOSED).order_by("-closed_at")
    groups["closed"] = list(closed.select_related("finding", "village__division", "township")[:20])
    return groups


def of_village(user: User, village: Any, limit: int = 8) -> dict[str, Any]:
    """The items of one village: those still open by deadline, then the last ones closed; and how many there are.

    A village that has ended also shows the items that were found there and go on in its successor.
    """
    here = Q(village=village.pk)
    if village.valid_to is not None:
        found_here = RectificationItem.objects.filter(finding__village=village.pk)
        here |= Q(pk__in=list(found_here.values_list("pk", flat=True)))
    seen = policy.visible(user, RectificationItem.objects.filter(here))
    amber = amber_days()
    rows = select(seen.exclude(status=ItemStatus.CLOSED), limit)
    if len(rows) < limit:
        closed = seen.filter(status=ItemStatus.CLOSED).select_related("finding").order_by("-closed_at")
        rows += list(closed[: limit - len(rows)])
    counts = seen.aggregate(total=Count("pk"), closed=Count("pk", filter=Q(status=ItemStatus.CLOSED)))
    told = [{"item": one, "light": light_of(one, amber), "left": one.village_id != village.pk} for one in rows]
    return {"title": _("整改事项"), "village": village, "rows": told, **counts}


def overdue_items(user: User, limit: int = 8) -> list[RectificationItem]:
    """超期清单, the longest overdue first."""
    return select(policy.visible(user, RectificationItem.objects.filter(overdue(today()))), limit)
