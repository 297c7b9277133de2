"""A button pressed twice does nothing the second time."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Division
from common.errors import Conflict


def lock(place: Division) -> None:
    """Let one press after the other through, so that the second sees what the first has written."""
    Division.objects.select_for_update().get(pk=place.pk)


def refuse_twice(same: "QuerySet[Any]", name: str) -> None:
    """Raises Conflict where there is already a row that says the same; call with the place or the parent locked."""
    if same.exists():
        raise Conflict(_("“%s”已经登记过，没有重复登记。") % name)
