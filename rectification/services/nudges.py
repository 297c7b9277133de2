"""What nobody has signed for or answered is remembered by itself: feedback not received, Party building not answered.

Each step of each cause is told once (the key of the message), so that a run may be repeated or missed. Only in
counties that have reminders on, and not on their quiet days: the step is then told on the next working day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import inbox
from common.calendar import is_workday
from common.models import Message
from inspections.enums import FeedbackStatus
from inspections.models import Feedback
from rectification.audiences import OFFICE_POSTS
from rectification.enums import ANSWERABLE, OPEN, REPLIERS, Side
from rectification.models import CountySetting, Receipt, RectificationItem
from rectification.selectors.receipts import PARTY, UNSIGNED

AFTER_ISSUE = (1, 3, 7)  # days since it is one's turn to sign
BEFORE_DEADLINE = (7, 3, 1, 0)  # days left for the reply
OFFICE_FROM = 3  # from this day on the county's office is told as well
FORGOTTEN = 60  # days after which a feedback that nobody signed for is no longer told


def nudge(*, on: date) -> int:
    """Tell whoever has not signed or replied; returns how many messages are new."""
    switched = CountySetting.objects.filter(reminders_on=True)
    settings = switched if is_workday(on) else switched.filter(quiet_days=False)
    counties = list(settings.values_list("county", flat=True))
    return sum(sum(told(counties, on)) for told in (_receipts, _party, _replies)) if counties else 0


def _receipts(counties: list[int], on: date) -> Iterator[int]:
    first = on - timedelta(days=FORGOTTEN)
    issued = Feedback.objects.filter(status=FeedbackStatus.ISSUED, county__in=counties, issued_on__range=(first, on))
    for one in issued.filter(UNSIGNED).prefetch_related("receipts").order_by("pk"):
        signed = {receipt.side: receipt for receipt in one.receipts.all()}
        side = Side.VILLAGE if Side.TOWNSHIP in signed else Side.TOWNSHIP
        waited = (on - _turn(one, signed.get(Side.TOWNSHIP))).days
        if steps := [step for step in AFTER_ISSUE if waited >= step]:
            yield inbox.post(
                recipients=User.objects.filter(_who(side, one, with_office=steps[-1] >= OFFICE_FROM)),
                kind=Message.Kind.NOTICE,
                key=f"unsigned:{one.pk}:{side}:{steps[-1]}",
                title=_("巡察反馈还没有签收，已过 %s 天") % waited,
                body=_("文号 %(number)s，还待%(side)s签收。")
                % {"number": one.document_number or "—", "side": side.label},
                path=reverse("rectification:handover", args=[one.pk]),
                day=on,
            )


def _party(counties: list[int], on: date) -> Iterator[int]:
    """Party-building items that the organisation department has not signed for."""
    first = on - timedelta(days=FORGOTTEN)
    rows = RectificationItem.objects.filter(PARTY, status__in=OPEN, county__in=counties, party_receipt=None)
    for item in rows.filter(assigned_on__range=(first, on)).order_by("pk"):
        waited = (on - item.assigned_on).days
        if steps := [step for step in AFTER_ISSUE if waited >= step]:
            yield inbox.post(
                recipients=User.objects.filter(_who(Side.ORGANISATION, item, with_office=steps[-1] >= OFFICE_FROM)),
                kind=Message.Kind.NOTICE,
                key=f"unsigned-item:{item.pk}:{steps[-1]}",
                title=_("党建类事项 %(number)s 组织部还没有签收，已过 %(n)s 天") % {"number": item.number, "n": waited},
                body=_("打开事项查看详情并签收。"),
                path=item.get_absolute_url(),
                day=on,
            )


def _turn(feedback: Feedback, township: Receipt | None) -> date:
    """Since when it is the turn of whoever has not signed."""
    return township.signed_on if township else feedback.issued_on or feedback.updated_at.date()


def _replies(counties: list[int], on: date) -> Iterator[int]:
    last = on + timedelta(days=BEFORE_DEADLINE[0])
    rows = RectificationItem.objects.filter(PARTY, status__in=ANSWERABLE, county__in=counties, deadline__lte=last)
    for item in rows.prefetch_related("replies").order_by("pk"):
        left = (item.deadline - on).days if item.deadline else 0
        step = min(one for one in BEFORE_DEADLINE if left <= one) if left >= 0 else 0
        replied = {one.side for one in item.replies.all()}
        for side in (one for one in REPLIERS if one not in replied):
            yield inbox.post(
                recipients=User.objects.filter(_who(side, item)),
                kind=Message.Kind.NOTICE,
                key=f"unanswered:{item.pk}:{side}:{item.deadline}:{step}",
                title=_("党建类事项 %s 还没有答复") % item.number,
                body=_("还待%(side)s答复，整改时限 %(day)s。两家都答复后才能提交验收。")
                % {"side": side.label, "day": item.deadline},
                path=item.get_absolute_url(),
                day=on,
            )


def _who(side: str, row: Feedback | RectificationItem, *, with_office: bool = False) -> Q:
    kinds = {
        Side.TOWNSHIP: (OrganKind.PARTY_COMMITTEE, row.township_id),
        Side.VILLAGE: (OrganKind.VILLAGE_PARTY, row.village_id),
        Side.ORGANISATION: (OrganKind.ORGANISATION_DEPARTMENT, row.county_id),
    }
    kind, place = kinds[Side(side)]
    who = Q(organ__kind=kind, organ__division_id=place)
    if with_office:
        office = Q(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=row.county_id)
        who |= office & Q(post__in=OFFICE_POSTS)
    return who
