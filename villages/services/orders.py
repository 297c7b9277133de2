"""By which document a readjustment was ordered, from which day on, and why: the same for every kind of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import audit
from common.calendar import today
from villages.enums import Change
from villages.models import RosterChange, Village
from villages.roster.cells import EARLIEST_YEAR

from .scope import scope_of


@dataclass(frozen=True)
class Order:
    document: str = ""
    effective_on: date | None = None
    reason: str = ""

    @property
    def note(self) -> str:
        """For the trail."""
        return "，".join(filter(None, [self.document.strip(), self.reason.strip()]))


def check_order(order: Order, *, by_document: bool, dated: bool = True) -> None:
    """Raises ValidationError whose keys are the fields of the order."""
    problems = {}
    if by_document and not order.document.strip():
        problems["document"] = _("须有批复才能办理，请填写批复文号。")
    elif not order.note:
        problems["reason"] = _("请填写批复文号，没有批复的写明理由。")
    if dated and order.effective_on is None:
        problems["effective_on"] = _("请填写生效日期。")
    if order.effective_on and order.effective_on > today():
        problems["effective_on"] = _("生效日期不能晚于今天，未到生效日期的请到时再办理。")
    elif order.effective_on and order.effective_on.year < EARLIEST_YEAR:
        problems["effective_on"] = _("生效日期的年份 %d 不对，请核对批复写明的日期。") % order.effective_on.year
    if problems:
        raise ValidationError(problems)


def history_row(
    village: Village, change: Change, fields: Mapping[str, Any], *, order: Order | None = None, actor: Any
) -> RosterChange:
    """One row of a village's history, not yet saved."""
    told: dict[str, Any] = {}
    if order is not None:
        told = {"document": order.document.strip(), "effective_on": order.effective_on, "reason": order.reason.strip()}
    told |= {"code": village.division.code, "fields": dict(fields)}
    return RosterChange(change=change, actor=actor, **told, **scope_of(village))


def amend(village: Village, values: Mapping[str, Any], *, actor: Any) -> None:
    """Change fields of a village in the course of a readjustment, with the old and new values in its history."""
    fields = audit.diff({key: getattr(village, key) for key in values}, values)
    for key, value in values.items():
        setattr(village, key, value)
    village.version += 1
    village.save(update_fields=[*values, "version", "updated_at"])
    history_row(village, Change.CHANGED, fields, actor=actor).save()
