"""Occasions are arranged and held by city or county; what follows is answered by an organ and settled (G2, G5, G6)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, Organ, User
from common import audit, inbox, policy, workflow
from common.calendar import today
from common.models import Message
from common.once import sent_before
from oversight.models import FollowUp, Occasion, TalkRule
from oversight.selectors.occasions import organs_for, rule_of

AHEAD = timedelta(days=366)


@transaction.atomic
def arrange_occasion(
    *,
    kind: str,
    county: Division,
    title: str,
    day: date,
    actor: User,
    township: Division | None = None,
    reason: str = "",
    people: str = "",
    record: str = "",
    key: UUID | None = None,
) -> Occasion:
    """Arrange a visit, talk, hearing or appraisal; with a `record` it is held already, else it waits for its day.

    A `key` (one per opened form) makes a form that was sent twice one occasion. Needs "arrange" (talks: the head).
    Raises ValidationError for a township of elsewhere and dates out of reason.
    """
    told = {"kind": kind, "county": county, "township": township, "title": title.strip(), "day": day}
    row = Occasion(**told, place=actor.division, reason=reason.strip()[:300], arranged_by=actor, key=key)
    policy.allows(actor, "arrange", row).demand()
    if township is not None and township.parent_id != county.pk:
        raise ValidationError({"township": _("%s 不在本县，请重新选择。") % township})
    if actor.division.tier == Tier.COUNTY and kind == "TALK" and township is None:
        raise ValidationError({"township": _("请选择约谈哪个乡镇（街道）。")})
    if abs(day - today()) > AHEAD:
        raise ValidationError({"day": _("日期须在前后一年之内。")})
    if sent := sent_before(Occasion, key, arranged_by=actor, **told):
        return sent
    row.save()
    audit.record("arrange_occasion", row, actor=actor, note=row.reason, target=row.status)
    return hold_occasion(occasion=row, actor=actor, day=day, people=people, record=record) if record.strip() else row


def hold_occasion(*, occasion: Occasion, actor: User, day: date, people: str, record: str) -> Occasion:
    """Write down who was there and what was said; nothing of it changes afterwards."""
    return workflow.apply(occasion, "hold", actor=actor, day=day, people=people.strip(), record=record.strip())


def drop_occasion(*, occasion: Occasion, actor: User, note: str = "") -> Occasion:
    """It will not be held, for the reason in the note."""
    return workflow.apply(occasion, "drop", actor=actor, note=note)


@transaction.atomic
def add_follow_up(
    *, occasion: Occasion, text: str, organ: Organ, due: date, actor: User, key: UUID | None = None
) -> FollowUp:
    """Ask an organ of the county for something until a day; its people find it on their desks. Needs "add".

    A `key` (one per opened form) makes a form that was sent twice one follow-up.
    """
    occasion = Occasion.objects.select_for_update(of=("self",)).select_related("place", "county").get(pk=occasion.pk)
    last = occasion.follow_ups.aggregate(last=Max("number"))["last"] or 0
    told = {"occasion": occasion, "text": text.strip(), "organ": organ, "due": due}
    row = FollowUp(**told, county=occasion.county, number=last + 1, key=key)
    policy.allows(actor, "add", row).demand()
    if not organs_for(occasion).filter(pk=organ.pk).exists():
        raise ValidationError({"organ": _("%s 不能由本级交办，请重新选择。") % organ})
    if not today() <= due <= today() + AHEAD:
        raise ValidationError({"due": _("期限须在今天之后一年之内。")})
    if sent := sent_before(FollowUp, key, **told):
        return sent
    row.save()
    audit.record("add_follow_up", row, actor=actor, target=row.status)
    _tell(User.objects.filter(organ=organ), row, _("请落实：%s") % row)
    return row


def answer_follow_up(*, follow_up: FollowUp, actor: User, answer: str) -> FollowUp:
    """The organ says what it has done."""
    row = workflow.apply(follow_up, "answer", actor=actor, answer=answer.strip(), answered_by=actor)
    office = {"organ__kind": OrganKind.INSPECTION_OFFICE, "organ__division_id": row.occasion.place_id}
    _tell(User.objects.filter(**office, post__in=(Post.HEAD, Post.OFFICER)), row, _("已报落实，请确认：%s") % row)
    return row


def confirm_follow_up(*, follow_up: FollowUp, actor: User, note: str = "") -> FollowUp:
    return workflow.apply(follow_up, "confirm", actor=actor, note=note)


def send_back_follow_up(*, follow_up: FollowUp, actor: User, note: str = "") -> FollowUp:
    """What was answered is not enough, for the reason in the note."""
    row = workflow.apply(follow_up, "send_back", actor=actor, note=note)
    _tell(User.objects.filter(organ_id=row.organ_id), row, _("被退回，请重新落实：%s") % row)
    return row


@transaction.atomic
def set_talk_rule(*, actor: User, overdue_days: int, overdue_items: int, behind: int | None = None) -> TalkRule:
    """From when on a talk is proposed at the actor's place; without `behind` it stays. Needs "edit" (the head)."""
    row = rule_of(actor.division)
    policy.allows(actor, "edit", row).demand()
    before = {name: getattr(row, name) for name in ("behind", "overdue_days", "overdue_items")}
    values = {"behind": behind or row.behind, "overdue_days": overdue_days, "overdue_items": overdue_items}
    row, _created = TalkRule.objects.update_or_create(place=actor.division, defaults=values)
    if changes := audit.diff(before, values):
        audit.record("edit_talk_rule", row, actor=actor, changes=changes)
    return row


def _tell(people: Any, row: FollowUp, title: str) -> None:
    inbox.post(
        recipients=people,
        kind=Message.Kind.NOTICE,
        key=f"follow-up:{row.pk}:{row.version}",
        title=title,
        body=_("打开查看要求和期限。"),
        path=row.get_absolute_url(),
        email=False,
    )
