"""A village's profile edited by hand (B1); what it is called and where it lies changes through rosters only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Case, DateField, F, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from villages.enums import Change
from villages.models import CHINA_EAST, CHINA_NORTH, RosterChange, Village
from villages.roster import committing
from villages.roster.cells import text_of

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
    meanwhile). Texts are kept as a roster's cells are, so that what is exported imports unchanged.
    """
    if unknown := set(changes) - set(EDITABLE):
        raise TypeError(f"not fields of the profile: {sorted(unknown)}")
    with connection.cursor() as cursor:
        committing.lock(cursor, shared=True)
    fresh = Village.objects.select_for_update(of=("self",)).select_related("division").get(pk=village.pk)
    policy.allows(actor, "edit", fresh).demand()
    if fresh.version != version:
        raise Conflict(_("“%s”的村情已被他人更新，请刷新后再修改。您填写的内容没有保存。") % fresh)
    changes = {key: text_of(value) if isinstance(value, str) else value for key, value in changes.items()}
    before = {key: getattr(fresh, key) for key in changes}
    different = audit.diff(before, changes)
    if not different:
        return fresh
    check_profile({key: getattr(fresh, key) for key in EDITABLE} | changes)
    for key in different:
        setattr(fresh, key, changes[key])
    fresh.version += 1
    fresh.save(update_fields=[*different, "version", "updated_at"])
    RosterChange.objects.create(change=Change.CHANGED, fields=different, actor=actor, **scope_of(fresh))
    audit.record("edit", fresh, actor=actor, changes=different)
    return fresh


def note_inspections(*, days: Mapping[int, date]) -> None:
    """{village id: day on which it was inspected}: each village keeps the latest day that is known (A1).

    One statement, and no event of its own: the closing or the merger that it follows from is on record.
    """
    if days:
        day = Case(*(When(pk=pk, then=Value(on)) for pk, on in days.items()), output_field=DateField())
        latest = Greatest("last_inspected_on", day)  # PostgreSQL: NULL is the least
        rows = Village.objects.filter(pk__in=days)
        rows.update(last_inspected_on=latest, version=F("version") + 1, updated_at=timezone.now())


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
