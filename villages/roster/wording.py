"""A field change in words: 户数 300 → 320."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from accounts.enums import Mark
from villages.enums import Datum, VillageStatus
from villages.models import Village

from .columns import COLUMNS

NOTHING = "—"
LABELS = {one.key: one.title for one in COLUMNS} | {
    "status": "状态",
    "successor": "并入村代码",
    "valid_from": "设立日期",
    "valid_to": "撤并日期",
    "mark": "试点示范",
    "longitude": "经度",
    "latitude": "纬度",
    "datum": "坐标系",
}
WORDS: dict[str, dict[Any, str]] = {
    one.key: {str(value): words[0] for value, words in one.words.items()} for one in COLUMNS if one.words
}
WORDS |= {
    "status": {str(value): str(label) for value, label in VillageStatus.choices},
    "mark": {str(value): str(label) for value, label in Mark.choices},
    "datum": {str(value): str(label) for value, label in Datum.choices},
}
ORDER = {key: place for place, key in enumerate(("name", "status", "successor", "county", "township", *LABELS))}


class FieldChange(NamedTuple):
    label: str
    old: str
    new: str


def spoken(key: str, value: Any) -> str:
    """One value as the roster writes it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if key == "annual_income":
        return f"{Decimal(str(value)):.2f}"
    return WORDS.get(key, {}).get(value, str(value))


def field_changes(fields: Mapping[str, Any]) -> list[FieldChange]:
    """The changes of one village in words, the weighty ones first."""
    keys = sorted(fields, key=lambda key: ORDER.get(key, len(ORDER)))
    return [FieldChange(LABELS.get(key, key), *(spoken(key, value) for value in fields[key])) for key in keys]


def row_of(village: Village) -> list[Any]:
    """A village as one row of the roster's columns: what exporting writes and importing finds unchanged."""
    return [_cell(village, one.key) for one in COLUMNS]


def _cell(village: Village, key: str) -> Any:
    if key in ("county", "township"):
        return getattr(village, key).name
    if key in ("name", "code"):
        return getattr(village.division, key)
    if key == "adjustment":
        return {"MERGED": "合并", "WITHDRAWN": "撤销"}.get(village.status)
    if key == "successor":
        return village.successor.division.code if village.successor else None
    value = getattr(village, key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or key in WORDS:
        return spoken(key, value)
    return value


def marks_of(village: Village) -> str:
    """试点村、示范乡镇: the marks of the village and of the places it lies in."""
    marked = ((village, "村"), (village.township, "乡镇"), (village.county, "县"))
    return "、".join(f"{one.get_mark_display()}{word}" for one, word in marked if one.mark)
