from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    DAY = "DAY", _("天")
    WORKING_DAY = "WORKING_DAY", _("个工作日")
    MONTH = "MONTH", _("个月")


class Light(TextChoices):
    """Traffic light of a deadline; shape and word go with the colour."""

    RED = "red", _("超期")
    AMBER = "amber", _("临期")
    GREEN = "green", _("正常")
    GREY = "grey", _("已销号")
