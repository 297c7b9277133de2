"""A form that is sent twice makes one row: each opened form carries a `key` of its own."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Conflict

M = TypeVar("M", bound=models.Model)
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class SentOnce(models.Model):
    """A row made by a form, which is known again by its key; rows made otherwise have none."""

    key = models.UUIDField(gettext_lazy("提交标识"), null=True, unique=True, editable=False)

    class Meta:
        abstract = True


def sent_before(model: type[M], key: UUID | None, **told: Any) -> M | None:
    """What the form with this key has made already; None the first time, or without a key.

    Call within the transaction that writes the row: of two presses at the same moment the second waits for the first.
    `told` says who sent it and what it said; Conflict where that is not what was sent under the key before.
    """
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [str(key)])
    found = model._default_manager.filter(key=key).first()
    if found is None or all(getattr(found, name) == value for name, value in told.items()):
        return found
    raise Conflict(_("这张表已经提交过，内容和现在的不同。要再登记一条，请重新打开页面填写。"))
