"""The four kinds that the campaign left unnamed, named by the city (B3)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, policy
from villages.models import UNNAMED, VillageKind

NAME_LIMIT = 20


@transaction.atomic
def name_kind(*, kind: VillageKind, name: str, actor: Any) -> VillageKind:
    """Give one of the open kinds its name, or another one. Needs "name". Raises PermissionDenied, ValidationError."""
    kinds = {one.pk: one for one in VillageKind.objects.select_for_update()}
    kind = kinds[kind.pk]
    policy.allows(actor, "name", kind).demand()
    name = "".join(name.split())
    _check(kind, name, [one.name for one in kinds.values() if one.pk != kind.pk])
    before, kind.name = kind.name, name
    if before != name:
        kind.save(update_fields=["name"])
        audit.record("name_kind", kind, actor=actor, changes={"name": [before, name]})
    return kind


def _check(kind: VillageKind, name: str, others: list[str]) -> None:
    if not kind.is_open:
        raise ValidationError(_("“%s”是统一的细类，名称不能改。") % kind)
    if not name or name == UNNAMED:
        raise ValidationError({"name": _("请填写名称，如“项目集中村”。")})
    if len(name) > NAME_LIMIT:
        raise ValidationError({"name": _("名称最多 %d 个字，请精简。") % NAME_LIMIT})
    if name in others:
        raise ValidationError({"name": _("已有名称相同的细类，请换一个名称。")})
