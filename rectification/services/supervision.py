"""整改监督链条 (E8): three signatures on what was seen on the spot, each by the person whose post it is."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, calendar, workflow
from common.errors import Conflict
from rectification.enums import CheckResult, ItemStatus, Link
from rectification.models import RectificationItem, SupervisionCheck
from rectification.rules import link_of

from .locks import lock


@transaction.atomic
def sign_check(
    *,
    item: RectificationItem,
    actor: User,
    result: str,
    method: str,
    checked_on: date,
    opinion: str,
) -> SupervisionCheck:
    """Sign one link for this attempt; the link follows from the signer's organ and post and is never chosen.

    The third PASS moves the item on to the county; a FAIL sends it back at once and starts the next attempt.
    """
    fresh = lock(item, action="sign", actor=actor, statuses=[ItemStatus.UNDER_SUPERVISION])
    link = link_of(actor)
    if link is None:
        raise PermissionDenied(_("您的岗位不在监督链条上。"))
    _check_date(fresh, checked_on)
    if not opinion.strip():
        raise ValidationError({"opinion": _("请写明核查看到的情况。")})
    signed = dict(fresh.checks.filter(attempt=fresh.attempt).values_list("link", "result"))
    if link in signed:
        raise Conflict(_("“%(item)s”的“%(link)s”本次已经签署。") % {"item": fresh, "link": link.label})
    check = SupervisionCheck.objects.create(
        item=fresh,
        attempt=fresh.attempt,
        link=link,
        signer=actor,
        result=result,
        method=method,
        checked_on=checked_on,
        opinion=opinion,
    )
    told = {"link": [None, str(link)], "result": [None, str(result)]}
    audit.record("sign", fresh, actor=actor, note=opinion, changes=told)
    if result == CheckResult.FAIL:
        workflow.apply(fresh, "send_back", actor=actor, note=opinion, attempt=fresh.attempt + 1)
    elif set(signed) | {str(link)} == set(Link.values):
        workflow.apply(fresh, "supervised", actor=actor)
    return check


def _check_date(item: RectificationItem, checked_on: date) -> None:
    if checked_on > calendar.today():
        raise ValidationError({"checked_on": _("核查日期不能晚于今天。")})
    if checked_on < item.assigned_on:
        raise ValidationError({"checked_on": _("核查日期不能早于交办日期 %s。") % f"{item.assigned_on:%Y-%m-%d}"})
