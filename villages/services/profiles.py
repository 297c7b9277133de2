"""A village's profile edited by hand (B1); what it is called and where it lies changes through rosters only."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import audit, policy
from common.errors import Conflict
from villages.enums import Change
from villages.models import RosterChange, Village
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
)


@transaction.atomic
def edit_village(*, village: Village, actor: Any, version: int, **changes: Any) -> Village:
    """Change fields of the profile, keeping old and new values in history and trail. Needs "edit" (B1, A2).

    Waits for a running import. Raises PermissionDenied, Conflict (somebody else changed the village meanwhile).
    """
    if unknown := set(changes) - set(EDITABLE):
        raise TypeError(f"not fields of the profile: {sorted(unknown)}")
    with connection.cursor() as cursor:
        committing.lock(cursor, shared=True)
    fresh = Village.objects.select_for_update(of=("self",)).select_related("division").get(pk=village.pk)
    decision = policy.allows(actor, "edit", fresh)
    if not decision:
        raise PermissionDenied(decision.reason)
    if fresh.version != version:
        raise Conflict(_("“%s”的村情已被他人更新，请刷新后再修改。您填写的内容没有保存。") % fresh)
    before = {key: getattr(fresh, key) for key in changes}
    different = audit.diff(before, changes)
    if not different:
        return fresh
    for key in different:
        setattr(fresh, key, changes[key])
    fresh.version += 1
    fresh.save(update_fields=[*different, "version", "updated_at"])
    RosterChange.objects.create(change=Change.CHANGED, fields=different, actor=actor, **scope_of(fresh))
    audit.record("edit", fresh, actor=actor, changes=different)
    return fresh
