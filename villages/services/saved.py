"""What a person often asks the list for, under a name of the own (A2, C2)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import policy
from villages.models import SavedFilter

MOST = 20
NAME_LIMIT = 20


@transaction.atomic
def save_filter(*, name: str, asked: Mapping[str, str], actor: Any) -> SavedFilter:
    """Keep what was asked; the own one of the same name is replaced. Raises ValidationError."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("请给这组筛选起一个名称。"))
    if len(name) > NAME_LIMIT:
        raise ValidationError(_("名称最多 %d 个字，请精简。") % NAME_LIMIT)
    if not asked:
        raise ValidationError(_("还没有筛选条件，请先查询，再保存。"))
    own = SavedFilter.objects.filter(user=actor)
    if own.exclude(name=name).count() >= MOST:
        raise ValidationError(_("最多保存 %d 组筛选，请先删除不用的。") % MOST)
    saved, _is_new = SavedFilter.objects.update_or_create(user=actor, name=name, defaults={"asked": dict(asked)})
    return saved


def delete_filter(*, saved: SavedFilter, actor: Any) -> None:
    policy.allows(actor, "edit", saved).demand()
    saved.delete()
