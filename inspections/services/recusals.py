"""回避申报: what a person declared is kept by the office of the own place, and lifted with a reason (D1)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division, User
from common import audit, policy, workflow
from common.calendar import today
from inspections.enums import RecusalKind, RecusalStatus
from inspections.models import Recusal
from inspections.selectors.recusals import people_of, townships_of


@transaction.atomic
def declare_recusal(
    *,
    user: User,
    township: Division,
    kind: str,
    declared_on: date,
    actor: Any,
    until: date | None = None,
    detail: str = "",
) -> Recusal:
    """Write down that a person keeps away from a township (D1); it holds at once, on teams already made as well.

    Needs "add" at the person's place. Raises ValidationError for people and townships of elsewhere, dates in the
    wrong order, and what is declared already. The trail does not repeat the reason.
    """
    place = seat_of(user)
    row = Recusal(
        user=user,
        place=place,
        township=township,
        kind=kind,
        detail=detail.strip(),
        declared_on=declared_on,
        until=until,
        recorded_by=actor,
    )
    policy.allows(actor, "add", row).demand()
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _check(row)
    row.save()
    audit.record("declare_recusal", row, actor=actor, target=RecusalStatus.IN_FORCE)
    return row


def lift_recusal(*, recusal: Recusal, actor: Any, note: str = "") -> Recusal:
    """The ground is gone: the person may inspect there again. Needs a reason."""
    return workflow.apply(recusal, "lift", actor=actor, note=note)


def seat_of(user: User) -> Division:
    """The county, or the city, whose office keeps the person's declarations."""
    place = user.organ.division
    while place.tier not in (Tier.CITY, Tier.COUNTY) and place.parent is not None:
        place = place.parent
    return place


def _check(row: Recusal) -> None:
    if row.kind not in RecusalKind.values:
        raise ValidationError({"kind": _("请从列出的情形中选择。")})
    if not people_of(row.place).filter(pk=row.user_id).exists():
        raise ValidationError({"user": _("%s 不是可以编入巡察组的在岗人员，不需要登记。") % row.user})
    if not townships_of(row.place).filter(pk=row.township_id).exists():
        raise ValidationError({"township": _("%s 不是本市的乡镇（街道）。") % row.township})
    if row.declared_on > today():
        raise ValidationError({"declared_on": _("申报日期不能晚于今天。")})
    if row.until is not None and row.until < today():
        raise ValidationError({"until": _("回避期限已经过去，不需要登记；长期回避的不填。")})
    same = Recusal.objects.filter(user=row.user, township=row.township, kind=row.kind, status=RecusalStatus.IN_FORCE)
    if same.exists():
        raise ValidationError(
            _("%(user)s已登记对%(township)s“%(kind)s”的回避。需要改的，请先解除再登记。")
            % {"user": row.user, "township": row.township, "kind": row.get_kind_display()}
        )
