"""Terms of clues (E4): the named receiver alone is reminded, by number, in the app; nothing goes by e-mail."""

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from common import inbox
from common.models import Message
from rectification.enums import ClueStatus
from rectification.models import Clue

DUE = (ClueStatus.HANDED_OVER, ClueStatus.RECEIVED)
STEPS = (
    -30,
    -14,
    -7,
    -1,
    0,
    1,
    3,
    7,
)  # days left; the smallest that has come counts, so that a missed day is caught up


def remind_of_clues(*, on: date) -> int:
    """One notice to the receiver of each clue at each step of its term, once; returns how many are new."""
    told = 0
    rows = Clue.objects.filter(status__in=DUE, answer_due_on__isnull=False, receiver__isnull=False)
    for clue in rows.order_by("pk").iterator():
        if clue.answer_due_on is None or clue.receiver_id is None:
            continue
        left = (clue.answer_due_on - on).days
        step = next((one for one in STEPS if left <= one), None)
        if step is None:
            continue
        title = _("线索 %(number)s 还有 %(n)s 天到期") if left >= 0 else _("线索 %(number)s 已超期 %(n)s 天")
        told += inbox.post(
            recipients=User.objects.filter(pk=clue.receiver_id),
            kind=Message.Kind.NOTICE,
            key=f"clue:due:{clue.pk}:{clue.answer_due_on}:{step}",
            title=title % {"number": clue.number, "n": abs(left)},
            body=_("打开查看并办理。"),
            path=clue.get_absolute_url(),
            day=on,
            email=False,
        )
    return told
