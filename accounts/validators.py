"""Passwords that anybody who knows the office would try first."""

import re
from typing import Any

from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Division, User
from .services import pinyin_of

USUAL = ("xuncha", "xcb", "jiwei", "admin", "password", "巡察", "巡察办", "纪委", "村", "委")
SUFFIX = re.compile(r"(省|市|区|县|镇|乡|街道|办事处|社区|村|村民委员会|居民委员会|村委会|居委会|党支部|党总支|党委)+$")
LEFT_OVER = 4  # letters that must remain when names, digits and signs are taken away


class LengthValidator(django.MinimumLengthValidator):
    """Django's own rules in words of this project: its 5.2 says some of them in English only."""

    def get_error_message(self) -> str:
        return _("密码太短，至少要 %d 个字符。") % self.min_length

    get_help_text = get_error_message


class CommonValidator(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("这个密码太常见，请换一个别人猜不到的。")

    get_help_text = get_error_message


class NumericValidator(django.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("密码不能只有数字。")

    get_help_text = get_error_message


class SimilarityValidator(django.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("密码与您的%(verbose_name)s太相似。")

    def get_help_text(self) -> str:
        return _("密码不能与您的姓名、用户名等太相似。")


class PlaceNameValidator:
    """Refuses passwords that are little more than a place or unit name with digits and signs (青义镇 → Qingyi@2026)."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for name in sorted(_names(user), key=len, reverse=True):
            rest = rest.replace(name, "")
        if len(re.sub(r"[\W\d_]", "", rest)) < LEFT_OVER:
            raise ValidationError(_("密码不能主要由地名、单位名或数字组成，请换一个别人猜不到的。"), code="place_name")

    def get_help_text(self) -> str:
        return _("不能主要由地名、单位名或数字组成。")


def _names(user: Any) -> set[str]:
    """City and counties, and the person's own township, village and organ: in characters, full and short pinyin."""
    names = set(Division.objects.filter(tier__in=["CITY", "COUNTY"]).values_list("name", flat=True))
    if isinstance(user, User):
        place: Division | None = user.organ.division
        names.add(user.organ.name)
        while place:
            names.add(place.name)
            place = place.parent
    short = {SUFFIX.sub("", name) for name in names}
    spelled = {part for name in names | short for part in pinyin_of(name)}
    return {one for one in names | short | spelled | set(USUAL) if len(one) > 1}
