"""满意度 (E9): counts by channel, taken by who watches and not by who puts right; under the threshold they bind."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind, Post
from accounts.models import Division, User
from common import audit, calendar, inbox, policy
from common.errors import Conflict
from common.models import Message
from common.once import sent_before
from rectification.enums import ItemStatus, PollChannel
from rectification.models import CountySetting, RectificationItem, SatisfactionCount
from rectification.selectors.satisfaction import polls_of, satisfaction_of

from .locks import refuse_rectifiers

POLLED = (ItemStatus.UNDER_SUPERVISION, ItemStatus.UNDER_VERIFICATION, ItemStatus.CLOSED)


@transaction.atomic
def record_poll(
    *,
    item: RectificationItem,
    actor: User,
    key: UUID,
    channel: str,
    asked: int,
    satisfied: int,
    fair: int,
    polled_on: date,
) -> SatisfactionCount:
    """Counts of one channel, after the township has said that it is done (or after closing).

    The trail says that a count was taken and by which channel, not what it was. When what was asked so far lies
    under the county's threshold on a closed item, the heads of the office are told that it may have to be reopened.
    """
    fresh = RectificationItem.objects.select_for_update(of=("self",)).select_related("county").get(pk=item.pk)
    policy.allows(actor, "poll", fresh).demand()
    refuse_rectifiers(fresh, actor)
    if sent := sent_before(SatisfactionCount, key, recorded_by=actor):
        return sent
    if fresh.status not in POLLED:
        raise Conflict(_("“%s”提交验收之后才能登记群众满意度。") % fresh)
    if satisfied + fair > asked:
        raise ValidationError({"asked": _("满意和基本满意合起来不能多于参与人数。")})
    if not fresh.assigned_on <= polled_on <= calendar.today():
        raise ValidationError({"polled_on": _("测评日期须在交办日期与今天之间。")})
    audit.record("poll", fresh, actor=actor, note=str(PollChannel(channel).label))
    poll = SatisfactionCount.objects.create(
        item=fresh,
        attempt=fresh.attempt,
        key=key,
        channel=channel,
        asked=asked,
        satisfied=satisfied,
        fair=fair,
        polled_on=polled_on,
        recorded_by=actor,
    )
    if fresh.status == ItemStatus.CLOSED and satisfaction_of(fresh).is_low:
        _warn(fresh)
    return poll


def _warn(item: RectificationItem) -> None:
    heads = User.objects.filter(
        organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=item.county_id, post=Post.HEAD
    )
    inbox.post(
        recipients=heads,
        kind=Message.Kind.NOTICE,
        key=f"low:{item.pk}:{item.attempt}",
        title=_("整改事项 %s 群众满意度低于标准，请决定是否重新整改") % item.number,
        body=_("打开事项查看详情并办理。"),
        path=item.get_absolute_url(),
        email=False,
    )


def refuse_low(item: RectificationItem, opinion: str) -> None:
    """What villagers are not content with is not closed without a written reason. Raises ValidationError."""
    polls = [] if opinion.strip() else polls_of(item)
    if polls and (found := satisfaction_of(item, polls)).is_low:
        told = {"percent": f"{found.percent:.0f}", "least": found.least}
        text = (
            _("群众满意度 %(percent)s%%，低于标准 %(least)s%%。请退回补充；确需销号的，在验收意见里写明理由。") % told
        )
        raise ValidationError({"opinion": text})


@transaction.atomic
def set_satisfaction(*, county: Division, actor: User, least: int, fewest: int) -> CountySetting:
    """The county's threshold in percent, and how many must have been asked before a count is used or told."""
    setting, _created = CountySetting.objects.get_or_create(county=county)
    policy.allows(actor, "edit", setting).demand()
    if not 1 <= least <= 100:
        raise ValidationError({"satisfaction_least": _("满意度标准请填 1 至 100。")})
    if not 5 <= fewest <= 100:
        raise ValidationError({"satisfaction_fewest": _("最少人数请填 5 至 100。")})
    before = (setting.satisfaction_least, setting.satisfaction_fewest)
    if before != (least, fewest):
        setting.satisfaction_least, setting.satisfaction_fewest = least, fewest
        setting.save(update_fields=["satisfaction_least", "satisfaction_fewest"])
        changes = {"satisfaction_least": [before[0], least], "satisfaction_fewest": [before[1], fewest]}
        audit.record("edit_settings", setting, actor=actor, changes=changes)
    return setting
