"""延期: asked by the township, decided by the county; the old date stays beside the new one (E6)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, calendar, workflow
from rectification.enums import OPEN, ExtensionStatus
from rectification.models import Extension, RectificationItem

from .deadlines import refuse_far
from .locks import lock, refuse_rectifiers, refuse_watchers
from .telling import tell


@transaction.atomic
def ask_extension(*, item: RectificationItem, actor: User, new_deadline: date, reason: str) -> Extension:
    """Ask for more time. Raises ValidationError for a date that is no later, or while a request is open."""
    fresh = lock(item, action="ask_extension", actor=actor, statuses=OPEN)
    refuse_watchers([fresh], actor)
    if fresh.deadline is None:
        raise ValidationError(_("长期坚持事项没有整改时限，不需要申请延期。"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明延期理由。")})
    if new_deadline <= max(fresh.deadline, calendar.today()):
        raise ValidationError(
            {"new_deadline": _("申请的时限须晚于今天和现在的时限 %s。") % f"{fresh.deadline:%Y-%m-%d}"}
        )
    refuse_far(new_deadline, "new_deadline")
    if fresh.extensions.filter(status=ExtensionStatus.ASKED).exists():
        raise ValidationError(_("已有一份延期申请待审批，请等县委巡察办决定后再申请。"))
    request = Extension.objects.create(
        item=fresh,
        county_id=fresh.county_id,
        township_id=fresh.township_id,
        village_id=fresh.village_id,
        old_deadline=fresh.deadline,
        new_deadline=new_deadline,
        reason=reason,
        asked_by=actor,
    )
    audit.record(
        "ask_extension",
        fresh,
        actor=actor,
        note=reason,
        changes={"deadline": [fresh.deadline.isoformat(), new_deadline.isoformat()]},
    )
    tell("ask_extension", fresh, actor=actor, request=request)
    return request


@transaction.atomic
def grant_extension(
    *,
    extension: Extension,
    actor: User,
    note: str = "",
    deadline: date | None = None,
    version: int | None = None,
) -> Extension:
    """同意延期, to the date asked for or an earlier one that the county decides; two events, one transaction."""
    until = deadline or extension.new_deadline
    if until > extension.new_deadline:
        raise ValidationError({"deadline": _("同意的时限不能晚于申请的时限。")})
    if until <= calendar.today():
        raise ValidationError({"deadline": _("同意的时限须晚于今天，请与乡镇商定新的日期。")})
    item = lock(extension.item, action="extend", actor=actor, statuses=OPEN)
    refuse_rectifiers(item, actor)
    decided = workflow.apply(
        extension,
        "grant",
        actor=actor,
        note=note,
        version=version,
        decided_by=actor,
        decided_at=timezone.now(),
        granted_deadline=until,
        decision=note,
    )
    workflow.apply(item, "extend", actor=actor, note=note or extension.reason, deadline=until)
    tell("grant", item, actor=actor, request=decided)
    return decided


@transaction.atomic
def refuse_extension(*, extension: Extension, actor: User, note: str, version: int | None = None) -> Extension:
    """不同意延期, with the reason; the deadline stays."""
    refuse_rectifiers(extension.item, actor)
    refused = _refuse(extension, actor=actor, note=note, version=version)
    tell("refuse", extension.item, actor=actor, request=refused)
    return refused


def _refuse(extension: Extension, *, actor: User, note: str, version: int | None = None) -> Extension:
    return workflow.apply(
        extension,
        "refuse",
        actor=actor,
        note=note,
        version=version,
        decided_by=actor,
        decided_at=timezone.now(),
        decision=note,
    )


def drop_open_request(*, item: RectificationItem, actor: User, note: str) -> None:
    """Refuse a request that has lost its object (item closed or without a deadline now)."""
    for request in item.extensions.filter(status=ExtensionStatus.ASKED):
        _refuse(request, actor=actor, note=note)
