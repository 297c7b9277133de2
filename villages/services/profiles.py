"""A village's profile edited by hand (B1); what it is called and where it lies changes through rosters only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from villages.enums import Change
from villages.models import CHINA_EAST, CHINA_NORTH, RosterChange, Village
from villages.roster import committing

from .scope import scope_of

EDITABLE = (
    "category",
    "households",
    "population",
    "party_members",
    "organisation_type",
    "secretary",
    "secretary_is_director",
    "annual_income",
    "resources",
    "location",
    "cadre_relations",
    "petitions_3y",
    "is_lifted_poverty",
    "is_demonstration",
    "is_weak_lax",
    "last_inspected_on",
    "mark",
    "remark",
    "surveyed_on",
    "surveyor",
    "longitude",
    "latitude",
    "datum",
)
POSITION = ("longitude", "latitude", "datum")


@transaction.atomic
def edit_village(*, village: Village, actor: Any, version: int, **changes: Any) -> Village:
    """Change fields of the profile, keeping old and new values in history and trail. Needs "edit" (B1, A2).

    Waits for a running import. Raises PermissionDenied, ValidationError, Conflict (somebody else changed the village
    meanwhile).
    """
    if unknown := set(changes) - set(EDITABLE):
        raise TypeError(f"not fields of the profile: {sorted(unknown)}")
    fresh = _locked(village)
    decision = policy.allows(actor, "edit", fresh)
    if not decision:
        raise PermissionDenied(decision.reason)
    if fresh.version != version:
        raise Conflict(_("“%s”的村情已被他人更新，请刷新后再修改。您填写的内容没有保存。") % fresh)
    check_profile({key: getattr(fresh, key) for key in EDITABLE} | changes)
    _write(fresh, changes, actor)
    return fresh


@transaction.atomic
def note_inspection(*, village: Village, on: date, actor: Any) -> None:
    """Keep the day of an inspection in the profile, unless a later one is known. The caller answers for the right."""
    fresh = _locked(village)
    if fresh.last_inspected_on is None or fresh.last_inspected_on < on:
        _write(fresh, {"last_inspected_on": on}, actor)


def _locked(village: Village) -> Village:
    with connection.cursor() as cursor:
        committing.lock(cursor, shared=True)
    return Village.objects.select_for_update(of=("self",)).select_related("division").get(pk=village.pk)


def _write(fresh: Village, changes: Mapping[str, Any], actor: Any) -> None:
    """Write what differs, with old and new in history and trail."""
    different = audit.diff({key: getattr(fresh, key) for key in changes}, changes)
    if not different:
        return
    for key in different:
        setattr(fresh, key, changes[key])
    fresh.version += 1
    fresh.save(update_fields=[*different, "version", "updated_at"])
    RosterChange.objects.create(change=Change.CHANGED, fields=different, actor=actor, **scope_of(fresh))
    audit.record("edit", fresh, actor=actor, changes=different)


def check_profile(given: Mapping[str, Any]) -> None:
    """Refuse, field by field, a survey of tomorrow and a position that is half given or not in China."""
    problems = {}
    if (surveyed := given.get("surveyed_on")) and surveyed > today():
        problems["surveyed_on"] = _("摸排日期不能晚于今天。")
    if any(given.get(name) for name in POSITION):
        problems |= {name: _("经度、纬度和坐标系要一起填写。") for name in POSITION if not given.get(name)}
    for name, (least, most) in (("longitude", CHINA_EAST), ("latitude", CHINA_NORTH)):
        value = given.get(name)
        if value and not least <= value <= most:
            problems[name] = _("不在我国境内，应在 %(least)s 到 %(most)s 度之间，请核对是否把经度和纬度填反了。") % {
                "least": least,
                "most": most,
            }
    if problems:
        raise ValidationError(problems)
