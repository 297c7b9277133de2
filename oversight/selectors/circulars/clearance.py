"""What may not stand in a circular: people's names, numbers that are somebody's, sources, the village (F3, G4, D7)."""

import re
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division, User
from inspections.models import Finding
from villages.models import Village

NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
SOURCES = ("举报", "信访", "反映人", "谈话", "来信", "线索", "据群众")


def personal(text: str, place: Division) -> list[str]:
    """What in the text is personal: identity and phone numbers, names of people known in the place."""
    found = [_("身份证号或手机号“%s”") % one for one in NUMBERS.findall(text)]
    return found + [_("姓名“%s”") % one for one in _names(text, place)]


def _names(text: str, place: Division) -> list[str]:
    home = "organ__division__"
    within = Q(**{f"{home}parent": place}) | Q(**{f"{home}parent__parent": place}) | Q(organ__division=place)
    if place.tier == Tier.CITY:
        within |= Q(**{f"{home}parent__parent__parent": place})
    people = _said(User.objects.filter(within), "full_name", text)
    where = {"county__parent": place} if place.tier == Tier.CITY else {"county": place}
    return sorted({*people, *_said(Village.objects.filter(**where), "secretary", text)})


def _said(rows: "QuerySet[Any]", name: str, text: str) -> list[str]:
    """Which values of the field stand in the text; asked of the database, which knows them all."""
    told = rows.annotate(said=Value(text), long=Length(name))
    return list(told.filter(long__gte=2, said__contains=F(name)).values_list(name, flat=True).distinct())


def of_example(text: str, finding: Finding, place: Division) -> list[str]:
    """As `personal`, and what tells the village or that somebody spoke."""
    villages = Division.objects.filter(parent=finding.township_id)
    names = {name for one in villages for name in (one.name, one.short_name) if name in text}
    told = [_("村名“%s”") % one for one in sorted(names)]
    return personal(text, place) + told + [_("来源用语“%s”") % one for one in SOURCES if one in text]
