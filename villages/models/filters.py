"""What a person keeps of the list of villages (A2, C2)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """What a person often asks the list of villages for, under a name of the own; nobody else sees it (A2, C2)."""

    scope_alias = {"recipient_id": "user_id"}

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("用户"))
    name = models.CharField(_("名称"), max_length=20)
    asked = models.JSONField(_("条件"))

    class Meta:
        verbose_name = _("常用筛选")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name
