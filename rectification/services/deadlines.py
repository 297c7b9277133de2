"""How long a kind of work may take: settings of the county and round by date, and what a county decides for itself."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Division, User
from common import audit, calendar, policy
from common.enums import Unit
from inspections.models import Round
from rectification.enums import DeadlineKind
from rectification.models import CountySetting, DeadlineSetting

from .satisfaction import set_satisfaction

YEARS_AHEAD = 2
MOST = {Unit.DAY: 731, Unit.WORKING_DAY: 500, Unit.MONTH: 24}  # about two years, in each unit


def refuse_far(day: date, field: str) -> None:
    """No date of an item lies further ahead than two years: more is a slip of the pen. Raises ValidationError."""
    last = calendar.after(calendar.today(), 12 * YEARS_AHEAD, Unit.MONTH)
    if day > last:
        raise ValidationError({field: _("日期最远定到两年之后（%s）。") % f"{last:%Y-%m-%d}"})


def settings_in_force(*, county: Division, on: date, round: Round | None = None) -> dict[str, DeadlineSetting]:
    """The setting of each kind on that day: the round's beats the county's, the county's beats the shipped one."""
    mine = Q(round=None) & (Q(county=county) | Q(county=None))
    reach = mine | Q(round=round) if round is not None else mine
    rows = DeadlineSetting.objects.filter(reach, effective_from__lte=on)
    ranked = sorted(rows, key=lambda one: (one.round_id is not None, one.county_id is not None, one.effective_from))
    return {one.kind: one for one in ranked}


def deadlines_for(
    *, county: Division, kinds: Iterable[str], start: date, round: Round | None = None
) -> dict[str, date]:
    """The deadline of each kind, counted from `start`; raises ValidationError where a kind has no setting."""
    found = settings_in_force(county=county, on=start, round=round)
    missing = [str(DeadlineKind(kind).label) for kind in kinds if kind not in found]
    if missing:
        raise ValidationError(_("还没有设置“%s”的时限，请先在“时限设置”里填写。") % "、".join(missing))
    return {kind: calendar.after(start, found[kind].amount, found[kind].unit) for kind in kinds}


def deadline_for(*, county: Division, kind: str, start: date, round: Round | None = None) -> date:
    return deadlines_for(county=county, kinds=[kind], start=start, round=round)[kind]


def county_setting(county: Division) -> CountySetting:
    """The county's own row, or an unsaved one with the shipped values."""
    found = CountySetting.objects.filter(county=county).first()
    return found or CountySetting(county=county)


@transaction.atomic
def set_amber_days(*, county: Division, days: int, actor: User) -> CountySetting:
    """From how many days before the deadline on the light is amber."""
    setting, _created = CountySetting.objects.get_or_create(county=county)
    policy.allows(actor, "edit", setting).demand()
    if not 1 <= days <= 60:
        raise ValidationError({"amber_days": _("黄灯天数请填 1 至 60。")})
    before = setting.amber_days
    if days != before:
        setting.amber_days = days
        setting.save(update_fields=["amber_days"])
        audit.record("edit_settings", setting, actor=actor, changes={"amber_days": [before, days]})
    return setting


@transaction.atomic
def save_settings(
    *,
    county: Division,
    amber_days: int,
    values: Mapping[str, tuple[int, str]],
    effective_from: date,
    actor: User,
    round: Round | None = None,
    satisfaction: tuple[int, int] | None = None,
) -> None:
    """All that the settings page holds, or nothing. Needs "edit" on the county's settings (its head)."""
    set_amber_days(county=county, days=amber_days, actor=actor)
    if satisfaction is not None:
        set_satisfaction(county=county, actor=actor, least=satisfaction[0], fewest=satisfaction[1])
    set_deadlines(county=county, values=values, effective_from=effective_from, actor=actor, round=round)


@transaction.atomic
def set_deadlines(
    *,
    county: Division,
    values: Mapping[str, tuple[int, str]],
    effective_from: date,
    actor: User,
    round: Round | None = None,
) -> list[DeadlineSetting]:
    """The county's own durations from a day on, of one round or of all; earlier ones are kept.

    Items assigned on that day or later may then be recomputed (`services.recompute`); nothing moves by itself.

    `values` is {kind: (amount, unit)}; a kind whose duration is already in force is left as it is.
    """
    setting, _created = CountySetting.objects.get_or_create(county=county)
    policy.allows(actor, "edit", setting).demand()
    _check_amounts(values)
    now = settings_in_force(county=county, on=effective_from, round=round)
    changed = []
    for kind, (amount, unit) in values.items():
        if kind in now and (now[kind].amount, now[kind].unit) == (amount, unit):
            continue
        row, _created = DeadlineSetting.objects.update_or_create(
            county=county,
            round=round,
            kind=kind,
            effective_from=effective_from,
            defaults={"amount": amount, "unit": unit},
        )
        changed.append(row)
    if changed:
        before = {one.kind: str(now[one.kind]) if one.kind in now else None for one in changed}
        audit.record("edit_deadlines", setting, actor=actor, changes=_changes(before, changed, effective_from, round))
    return changed


def _check_amounts(values: Mapping[str, tuple[int, str]]) -> None:
    wrong = {
        f"{kind}_amount": _("“%(kind)s”请填 1 至 %(most)s %(unit)s，最长两年。")
        % {"kind": DeadlineKind(kind).label, "most": MOST[Unit(unit)], "unit": Unit(unit).label}
        for kind, (amount, unit) in values.items()
        if not 1 <= amount <= MOST[Unit(unit)]
    }
    if wrong:
        raise ValidationError(wrong)


def _changes(
    before: Mapping[str, Any], rows: list[DeadlineSetting], effective_from: date, round: Round | None
) -> dict[str, list[Any]]:
    told = {one.get_kind_display(): [before[one.kind], str(one)] for one in rows}
    told["effective_from"] = [None, effective_from.isoformat()]
    return told | ({"round": [None, str(round)]} if round else {})
