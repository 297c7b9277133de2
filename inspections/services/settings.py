"""A county's forces and the days of its modes (D1, D2)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit, policy
from inspections.enums import Mode
from inspections.models import InspectionSetting

FIELDS = ("waves", "teams", "villages_per_team", "member_days", "days")
LIMITS = {"waves": (1, 12), "teams": (1, 99), "villages_per_team": (1, 99), "member_days": (1, 366)}
MOST_DAYS = 90


@transaction.atomic
def set_forces(
    *,
    county: Division,
    waves: int,
    teams: int | None,
    villages_per_team: int | None,
    member_days: int,
    days: Mapping[str, int],
    actor: Any,
) -> InspectionSetting:
    """What the county can do in a year. Needs "edit" on its settings (the office's head)."""
    setting = InspectionSetting.objects.select_for_update().filter(county=county).first()
    setting = setting or InspectionSetting(county=county)
    policy.allows(actor, "edit", setting).demand()
    values: dict[str, Any] = {
        "waves": waves,
        "teams": teams,
        "villages_per_team": villages_per_team,
        "member_days": member_days,
        "days": dict(days),
    }
    _check(values)
    before = {name: getattr(setting, name) for name in FIELDS}
    for name, value in values.items():
        setattr(setting, name, value)
    setting.save()
    if changes := audit.diff(before, values):
        audit.record("edit_settings", setting, actor=actor, changes=changes)
    return setting


def _check(values: Mapping[str, Any]) -> None:
    errors = {
        name: _("请填 %(first)s 至 %(last)s。") % {"first": first, "last": last}
        for name, (first, last) in LIMITS.items()
        if values[name] is not None and not first <= values[name] <= last
    }
    if (values["teams"] is None) != (values["villages_per_team"] is None):
        errors["villages_per_team"] = _("组数和每组村数要填都填，要空都空；都空着表示不限。")
    wrong = [mode for mode, days in values["days"].items() if mode not in Mode.values or not 1 <= days <= MOST_DAYS]
    errors |= {f"days_{mode}": _("请填 1 至 %s 天。") % MOST_DAYS for mode in wrong}
    if errors:
        raise ValidationError(errors)
