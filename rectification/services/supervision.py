"""整改监督链条 (E8): three signatures on what was seen on the spot, each by the person whose post it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, calendar, workflow
from common.downloads import SHOWN
from common.errors import Conflict
from common.files import Evidence, check_files, save_rows, stored
from rectification.enums import CheckMethod, CheckResult, ItemStatus, Link
from rectification.models import CheckPhoto, Dissent, RectificationItem, SupervisionCheck
from rectification.rules import checks_now, has_standing, in_dispute, link_of
from rectification.selectors import load_checks

from .locks import lock, refuse_rectifiers, refuse_rectifiers_and_judges
from .telling import tell


def sign_check(
    *,
    item: RectificationItem,
    actor: User,
    result: str,
    method: str,
    checked_on: date,
    opinion: str,
    place: str = "",
    photos: Sequence[UploadedFile[Any]] = (),
) -> SupervisionCheck:
    """Sign one link for this attempt; the link follows from the signer's organ and post and is never chosen.

    The third PASS moves the item on to the county; a FAIL sends it back at once and starts the next attempt; an
    OBJECT (against what another link has passed) goes to the county, and nobody signs until it has decided.
    """
    pictures = _pictures(photos)
    with stored(pictures, CheckPhoto) as rows, transaction.atomic():
        fresh = lock(item, action="sign", actor=actor, statuses=[ItemStatus.UNDER_SUPERVISION])
        link = link_of(actor)
        if link is None:
            raise PermissionDenied(_("您的岗位不在监督链条上。"))
        refuse_rectifiers_and_judges(fresh, actor)
        _check_date(fresh, checked_on)
        if not opinion.strip():
            raise ValidationError({"opinion": _("请写明核查看到的情况。")})
        if method == CheckMethod.ON_SITE and not place.strip():
            raise ValidationError({"place": _("请填写到哪里看的，例如村务公开栏、某组水渠。")})
        load_checks([fresh])
        signed = [one for one in checks_now(fresh) if has_standing(one)]
        if any(one.signer_id == actor.pk and one.link != link for one in checks_now(fresh)):
            raise PermissionDenied(_("您已经签署过本次整改的另一个环节，须由其他人签署。"))
        again = _check_turn(fresh, link, result, signed)
        told = {"link": [None, str(link)], "result": [None, str(result)]}
        audit.record("sign", fresh, actor=actor, note=opinion, changes=told)
        check = SupervisionCheck.objects.create(
            item=fresh,
            attempt=fresh.attempt,
            link=link,
            signer=actor,
            result=result,
            method=method,
            checked_on=checked_on,
            place=place.strip(),
            opinion=opinion,
            is_recheck=again,
        )
        save_rows(rows, item=fresh, check_of=check, uploaded_by=actor)
        _follow_up(fresh, check, {one.link for one in signed} | {str(link)})
    return check


def _pictures(photos: Sequence[UploadedFile[Any]]) -> list[Evidence]:
    try:
        found = check_files(photos)
        if wrong := [one.name for one in found if one.content_type not in SHOWN]:
            raise ValidationError(_("“%s”不是照片，请上传 JPG 或 PNG 照片。") % "、".join(wrong))
    except ValidationError as error:
        raise ValidationError({"photos": error.messages}) from error
    return found


def _check_turn(item: RectificationItem, link: Link, result: str, signed: Sequence[SupervisionCheck]) -> bool:
    """Is it this link's turn, and to say this? Returns whether it checks again after the county's decision."""
    if any(one.link == link for one in signed):
        raise Conflict(_("“%(item)s”的“%(link)s”本次已经签署。") % {"item": item, "link": link.label})
    if in_dispute(item):
        raise Conflict(_("“%s”的监督意见不一致，正在等县委巡察办裁定，裁定之后再签署。") % item)
    again = any(one.link == link for one in checks_now(item))
    if result == CheckResult.OBJECT:
        if again:
            raise ValidationError({"result": _("重新核查请签“符合要求”或者“不符合”。")})
        if not any(one.result == CheckResult.PASS for one in signed):
            raise ValidationError({"result": _("其他环节还没有签“符合要求”。认为不符合的，请签“不符合，退回整改”。")})
    return again


def _follow_up(item: RectificationItem, check: SupervisionCheck, links: set[str]) -> None:
    """What a signature brings about."""
    actor, note = check.signer, check.opinion
    if check.result == CheckResult.OBJECT:
        dissent = Dissent.objects.create(item=item, raised_by=check)
        audit.record("object", dissent, actor=actor, note=note, target=dissent.status)
        tell("object", item, actor=actor)
    elif check.result == CheckResult.FAIL:
        tell(
            "send_back",
            workflow.apply(item, "send_back", actor=actor, note=note, attempt=item.attempt + 1),
            actor=actor,
        )
    elif links == set(Link.values):
        tell("supervised", workflow.apply(item, "supervised", actor=actor), actor=actor)


@transaction.atomic
def decide_dissent(*, dissent: Dissent, actor: User, uphold: bool, note: str, version: int | None = None) -> Dissent:
    """The county decides between links: `uphold` sends the item back to be put right, else the link checks again.

    By an officer who took no part in the item. The reason is on record with the item.
    """
    item = lock(dissent.item, action="verify", actor=actor, statuses=[ItemStatus.UNDER_SUPERVISION])
    refuse_rectifiers(item, actor)
    given: dict[str, Any] = {"decided_by": actor, "decided_at": timezone.now(), "decision": note.strip()}
    name = "uphold" if uphold else "recheck"
    decided = workflow.apply(dissent, name, actor=actor, note=note, version=version, **given)
    if uphold:
        item = workflow.apply(item, "uphold", actor=actor, note=note, attempt=item.attempt + 1)
    else:
        audit.record("recheck", item, actor=actor, note=note)
    tell(name, item, actor=actor)
    return decided


def _check_date(item: RectificationItem, checked_on: date) -> None:
    if checked_on > calendar.today():
        raise ValidationError({"checked_on": _("核查日期不能晚于今天。")})
    if checked_on < item.assigned_on:
        raise ValidationError({"checked_on": _("核查日期不能早于交办日期 %s。") % f"{item.assigned_on:%Y-%m-%d}"})
