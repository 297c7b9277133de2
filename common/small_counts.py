"""Counts over people that leave the circle which knows them: never so exact that one person could be told from none."""

from django.conf import settings
from django.utils.translation import gettext as _


def blurred(count: int) -> str:
    """“少于 5” below SMALL_COUNT, else cut down to its multiples (“25 以上” for 27).

    One more or one less shows only when a multiple is passed, so neither a second look nor the difference of two
    tables tells whether somebody spoke.
    """
    if count < settings.SMALL_COUNT:
        return _("少于 %s") % settings.SMALL_COUNT
    return _("%s 以上") % cut(count)


def cut(count: int) -> int:
    """The number that `blurred` tells: whatever is computed from such numbers alone tells no more than they do."""
    least: int = settings.SMALL_COUNT
    return count // least * least
