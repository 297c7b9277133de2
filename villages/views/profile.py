"""How the survey of one village is put before a reader: five dimensions, who looked when, what is still missing."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.ui import cndate_long, money
from villages.models import DIMENSIONS, Village
from villages.roster.wording import NOTHING, spoken

UNITS = {
    "households": gettext_lazy("户"),
    "population": gettext_lazy("人"),
    "party_members": gettext_lazy("名"),
    "petitions_3y": gettext_lazy("件次"),
}
SHORT = {
    "annual_income": gettext_lazy("年收入"),
    "is_demonstration": gettext_lazy("示范村"),
    "is_weak_lax": gettext_lazy("软弱涣散"),
    "last_inspected_on": gettext_lazy("上次巡察"),
    "petitions_3y": gettext_lazy("近三年信访"),
    "position": gettext_lazy("位置"),
}
GENERAL = ("category", "households", "population", "last_inspected_on", "remark")
AROUND = {
    "organisation_type": ("party_members", "secretary", "secretary_is_director", "is_weak_lax"),
    "annual_income": ("is_lifted_poverty", "is_demonstration"),
    "resources": (),
    "location": ("position",),
    "cadre_relations": ("petitions_3y",),
}
WIDE = frozenset({"resources", "remark", "location", "position"})


def survey_of(village: Village) -> dict[str, Any]:
    """The five dimensions, each with what stands around it, and how many of them are filled in."""
    filled = [_is_filled(village, name) for name in DIMENSIONS]
    sections = [
        {"title": title, "filled": known, "rows": rows_of(village, (name, *AROUND[name]))}
        for (name, title), known in zip(DIMENSIONS.items(), filled, strict=True)
    ]
    return {
        "general": rows_of(village, GENERAL),
        "sections": sections,
        "filled": sum(filled),
        "of": len(sections),
        "missing": "、".join(str(one["title"]) for one in sections if not one["filled"]),
    }


def _is_filled(village: Village, name: str) -> bool:
    return getattr(village, name) not in (None, "")


def rows_of(village: Village, names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"label": _label(name), "value": _value(village, name), "wide": name in WIDE} for name in names]


def _label(name: str) -> str:
    return str(SHORT.get(name) or Village._meta.get_field(name).verbose_name)


def _value(village: Village, name: str) -> str:
    if name == "position":
        return position_of(village)
    value = getattr(village, name)
    if name == "annual_income":
        return money(value)
    if name == "last_inspected_on":
        return cndate_long(value)
    said = spoken(name, value)
    return f"{said} {UNITS[name]}" if name in UNITS and said != NOTHING else said


def position_of(village: Village) -> str:
    if village.longitude is None or village.latitude is None:
        return NOTHING
    return _("东经 %(longitude)s°，北纬 %(latitude)s°（%(datum)s）") % {
        "longitude": village.longitude,
        "latitude": village.latitude,
        "datum": village.get_datum_display(),
    }
