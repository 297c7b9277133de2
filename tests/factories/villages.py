"""Rosters as offices send them, made cell by cell, and classes walked through the services."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from accounts.models import Division
from common.calendar import today
from villages import followers
from villages.followers import Merged, Readjustment
from villages.models import Classification, RosterImport, Village
from villages.roster import imports
from villages.roster.comparing import Outcome
from villages.services import approve_class, propose_class

HEAD = ("县(市、区)", "乡镇(街道)", "村(社区)名称", "统计区划代码")
WIDE = (*HEAD, "户数", "人口", "是否一肩挑", "近三年信访件次", "上次巡察时间", "调整类型", "并入村代码", "备注")


def row(
    code: Any = "510703103203",
    name: Any = "新村",
    township: Any = "青义镇",
    county: Any = "涪城区",
    **more: Any,
) -> list[Any]:
    """One row of WIDE; `more` by title."""
    return [county, township, name, code, *(more.get(title) for title in WIDE[4:])]


def book(*rows: Sequence[Any], head: Sequence[Any] = WIDE, above: Sequence[Sequence[Any]] = ()) -> Workbook:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "名册"
    for one in (*above, head, *rows):
        sheet.append(list(one))
    return made


def content(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def preview(
    made: Workbook | bytes, folder: Path, *, county: Division | None = None, name: str = "名册.xlsx"
) -> Outcome:
    return _run(made, folder, county, name, commit=False)


def commit(made: Workbook | bytes, folder: Path, *, county: Division | None = None, name: str = "名册.xlsx") -> Outcome:
    return _run(made, folder, county, name, commit=True)


def _run(made: Workbook | bytes, folder: Path, county: Division | None, name: str, *, commit: bool) -> Outcome:
    path = folder / name
    path.write_bytes(made if isinstance(made, bytes) else content(made))
    return imports.import_file(path=path, county=county, commit=commit)


def reasons(outcome: Outcome) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in outcome.refusals.told]


def uploaded(made: Workbook | bytes, actor: Any, name: str = "名册.xlsx") -> RosterImport:
    data = made if isinstance(made, bytes) else content(made)
    return imports.receive(file=io.BytesIO(data), name=name, actor=actor)


def confirmed(roster: RosterImport, actor: Any) -> RosterImport:
    return imports.confirm(roster=roster, actor=actor, sha256=roster.sha256, data_version=roster.data_version)


def proposed(village: Village, actor: Any, klass: str = "RISK", reason: str = "近三年信访较多") -> Classification:
    return propose_class(village=village, klass=klass, kinds=[], reason=reason, actor=actor)


def approved(village: Village, *, officer: Any, head: Any, klass: str = "RISK") -> Classification:
    return approve_class(classification=proposed(village, officer, klass), actor=head)


def merge(
    village: Village, successor: Village, *, on: date | None = None, actor: Any = None, same: bool = False
) -> None:
    """Merge one village into another, with everything that follows; without roster or decision."""
    Village.objects.filter(pk=village.pk).update(status="MERGED", successor=successor, valid_to=on or today())
    followers.follow(Readjustment(actor, merged=[Merged(village.pk, successor.pk, same=same)]))


def restore(village: Village, *, actor: Any = None) -> None:
    Village.objects.filter(pk=village.pk).update(status="ACTIVE", successor=None, valid_to=None)
    followers.follow(Readjustment(actor, restored=[village.pk]))
