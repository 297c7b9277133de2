"""Who is told of a readjustment: both villages, both townships, and the county offices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import User
from common import inbox
from common.models import Message
from villages.enums import Act

if TYPE_CHECKING:
    from .adjustments import Decided

SHOWN = 20
OF_VILLAGES = (OrganKind.VILLAGE_PARTY, OrganKind.VILLAGE_SUPERVISORY)


def receivers(batch: "Sequence[Decided]", actor: Any) -> set[int]:
    """Ids of those who are told; the one who decides knows already."""
    villages = [one for pair in batch for one in (pair.village, pair.successor) if one is not None]
    reach = (
        Q(organ__kind__in=OF_VILLAGES, organ__division__in={one.pk for one in villages})
        | Q(organ__kind=OrganKind.PARTY_COMMITTEE, organ__division__in={one.township_id for one in villages})
        | Q(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division__in={one.county_id for one in villages})
    )
    return set(User.objects.filter(reach, is_active=True).exclude(pk=actor.pk).values_list("pk", flat=True))


def tell(batch: "Sequence[Decided]", *, document: str, key: str, actor: Any) -> None:
    """One message for the batch: names of villages and the document, nothing of what was found there."""
    if not batch:
        return
    lines = [_line(one) for one in batch[:SHOWN]]
    if len(batch) > SHOWN:
        lines.append(_("另有 %d 个村，见名册。") % (len(batch) - SHOWN))
    lines += [_("批复文号：%s") % (document or "—"), _("没有办完的巡察、计划和整改由存续的村接续。")]
    inbox.post(
        recipients=receivers(batch, actor),
        kind=Message.Kind.NOTICE,
        key=key,
        title=_("村级建制调整：%d 个村") % len(batch),
        body="\n".join(lines),
        path="/villages/?status=ENDED",
    )


def _line(one: "Decided") -> str:
    told = {"old": one.village.full_name, "new": one.successor.full_name if one.successor else ""}
    if one.act == Act.WITHDRAW:
        return _("%(old)s 撤销") % told
    if one.act == Act.RECODE:
        return _("%(old)s 改用新代码，现为 %(new)s") % told
    return _("%(old)s 并入 %(new)s") % told
