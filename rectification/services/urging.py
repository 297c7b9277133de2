"""催办: the county office asks township and village to get on with it; once an item and day (E7)."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import audit, calendar, inbox, policy
from common.errors import Conflict
from common.models import Message
from rectification.models import RectificationItem

from .letters import write_letters


@transaction.atomic
def urge_items(*, items: Sequence[RectificationItem], actor: User, text: str = "") -> int:
    """Write to the township committee and the village organisation of each item, with a letter a township; all or none.

    Needs "urge" on each open item. Returns how many messages are new: urging twice on a day writes once.
    """
    if not items:
        raise ValidationError(_("请先选择要催办的事项。"))
    for item in items:
        policy.allows(actor, "urge", item).demand()
        if not item.is_open:
            raise Conflict(_("“%s”已经销号，不需要催办。请刷新后重新选择。") % item)
    people, day = _people(items), calendar.today()
    count = sum(
        _urge(one, people.get(one.township_id, []) + people.get(one.village_id, []), text, day) for one in items
    )
    write_letters(items=items, actor=actor, text=text, day=day)
    audit.record_many([audit.row("urge", one, actor=actor, note=text) for one in items])
    return count


def _urge(item: RectificationItem, recipients: list[int], text: str, day: date) -> int:
    """Number and deadline only, as the text also goes out by e-mail."""
    return inbox.post(
        recipients=recipients,
        kind=Message.Kind.URGE,
        key=f"urge:{item.pk}:{day}",
        title=_("催办：整改事项 %(number)s %(when)s") % {"number": item.number, "when": _when(item)},
        body=text,
        path=item.get_absolute_url(),
        day=day,
    )


def _when(item: RectificationItem) -> str:
    left = item.days_left
    if left is None:
        return _("长期坚持，请报进展")
    if left < 0:
        return _("已超期 %s 天") % -left
    return _("今天到期") if left == 0 else _("还有 %s 天到期") % left


def _people(items: Sequence[RectificationItem]) -> dict[int, list[int]]:
    """Ids of active people by division: committees of the townships, Party organisations of the villages."""
    reach = Q(organ__kind=OrganKind.PARTY_COMMITTEE, organ__division_id__in={one.township_id for one in items}) | Q(
        organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id__in={one.village_id for one in items}
    )
    found: dict[int, list[int]] = {}
    for place, person in User.objects.filter(reach, is_active=True).values_list("organ__division_id", "pk"):
        found.setdefault(place, []).append(person)
    return found
