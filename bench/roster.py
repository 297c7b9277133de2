"""P1: a county roster of 5,000 rows x 12 columns, previewed and committed, against two ways of doing it.

- `read_and_copy`: read the workbook with openpyxl (read-only) and COPY the rows into a bare table; the floor.
- `import_export`: django-import-export with its defaults, dry run and import, as its admin does; the villages'
  divisions are there already, and it writes no history: it has less to do.

Each round runs all of them on an empty roster, rolls back and clears away what was rolled back.
"""

import io
import resource
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.db import connection, transaction
from django.test import override_settings
from import_export import fields, resources
from import_export.formats.base_formats import XLSX
from import_export.widgets import ForeignKeyWidget
from openpyxl import Workbook, load_workbook

from accounts.enums import OrganKind, Post
from accounts.models import Division, User
from tests.factories.world import person
from villages.models import RosterChange, Village
from villages.roster import imports, jobs

from . import servers
from .measure import Sample, at_least, at_most, measure, ratio, summary

ROWS = 5_000
COUNTY = "510703000000"
HEAD = (
    "县(市、区)",
    "乡镇(街道)",
    "村(社区)名称",
    "统计区划代码",
    "户数",
    "人口",
    "党员数",
    "党组织类型",
    "党组织书记",
    "是否一肩挑",
    "村集体经济年收入(元)",
    "近三年信访件次",
)


def rows() -> list[list[Any]]:
    townships = list(Division.objects.filter(parent__code=COUNTY).order_by("code"))
    made = []
    for number in range(ROWS):
        township = townships[number % len(townships)]
        code = f"{township.code[:9]}{number // len(townships) + 1:03d}"
        name = f"{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'东南西北中'[number % 5]}{number}村"
        profile = [300 + number % 900, 900 + number % 4000, 20 + number % 90, "党支部", f"王建{number % 97}"]
        made.append(["涪城区", township.name, name, code, *profile, "是", 10_000 + number * 3.5, number % 8])
    return made


def workbook(data: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(["涪城区村（社区）名册"])
    sheet.append(HEAD)
    for row in data:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# ------------------------------------------------------------------- contenders


def web(content: bytes, actor: User) -> None:
    """Upload → preview → confirm, as the pages do it."""
    roster = imports.receive(file=io.BytesIO(content), name="名册.xlsx", actor=actor)
    imports.confirm(roster=roster, actor=actor, sha256=roster.sha256, data_version=roster.data_version)
    assert RosterChange.objects.filter(roster=roster).count() == ROWS  # noqa: S101


def background(content: bytes, actor: User) -> None:
    """The same, with preview and writing left to a worker, as a large roster is."""
    with override_settings(IMPORT_AT_ONCE_CELLS=0):
        roster = imports.receive(file=io.BytesIO(content), name="名册.xlsx", actor=actor)
        jobs.run_next()
        roster.refresh_from_db()
        imports.confirm(roster=roster, actor=actor, sha256=roster.sha256, data_version=roster.data_version)
        jobs.run_next()
    assert RosterChange.objects.filter(roster=roster).count() == ROWS  # noqa: S101


def shell(path: Path, county: Division) -> None:
    """`import_roster --commit`: compare and write in one go."""
    assert imports.import_file(path=path, county=county, commit=True).created == ROWS  # noqa: S101


def read_and_copy(content: bytes) -> None:
    book = load_workbook(io.BytesIO(content), read_only=True)
    sheet = book.worksheets[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMP TABLE bench_copy (a text, b text, c text, d text, e integer, f integer, g integer, h text,
            i text, j text, k numeric, l integer) ON COMMIT DROP"""
        )
        with cursor.copy("COPY bench_copy FROM STDIN") as copy:
            for row in sheet.iter_rows(min_row=3, values_only=True):
                copy.write_row(row)


class VillageResource(resources.ModelResource):
    """Plain django-import-export over the same twelve columns."""

    county = fields.Field("county", HEAD[0], ForeignKeyWidget(Division, "name"))
    township = fields.Field("township", HEAD[1], ForeignKeyWidget(Division, "name"))
    secretary = fields.Field("secretary", HEAD[8])
    division = fields.Field("division", HEAD[3], ForeignKeyWidget(Division, "code"))
    households = fields.Field("households", HEAD[4])
    population = fields.Field("population", HEAD[5])
    party_members = fields.Field("party_members", HEAD[6])
    organisation_type = fields.Field("organisation_type", HEAD[7])
    remark = fields.Field("remark", HEAD[2])
    location = fields.Field("location", HEAD[9])
    annual_income = fields.Field("annual_income", HEAD[10])
    petitions_3y = fields.Field("petitions_3y", HEAD[11])

    class Meta:
        model = Village
        import_id_fields = ("division",)
        fields = (
            *("county", "township", "division", "households", "population", "party_members", "organisation_type"),
            *("secretary", "remark", "location", "annual_income", "petitions_3y"),
        )


def import_export(content: bytes) -> None:
    dataset = XLSX().create_dataset(content)
    table = VillageResource()
    for dry_run in (True, False):
        result = table.import_data(dataset, dry_run=dry_run, raise_errors=True)
    assert result.totals["new"] == ROWS  # noqa: S101


def undone(work: Callable[[], None], before: Callable[[], None] | None = None) -> Sample:
    """The work in a transaction of its own, rolled back afterwards, outside the time measured."""
    with transaction.atomic():
        if before:
            before()
        sample = measure(work)
        transaction.set_rollback(True)
    return sample


def run(rounds: int) -> dict[str, Any]:
    county = Division.objects.get(code=COUNTY)
    actor = User.objects.filter(username="bench").first()
    actor = actor or person("bench", "测试", county, OrganKind.INSPECTION_OFFICE, Post.ROSTER_ADMINISTRATOR)
    data = rows()
    content, plain = workbook(data), _without_title(data)
    contenders = ("web", "background", "shell", "read_and_copy", "import_export")
    taken: dict[str, list[Sample]] = {name: [] for name in contenders}
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        for _round in range(rounds):
            taken["read_and_copy"].append(undone(lambda: read_and_copy(content)))
            taken["web"].append(undone(lambda: web(content, actor)))
            taken["background"].append(undone(lambda: background(content, actor)))
            taken["shell"].append(undone(lambda: shell(Path(file.name), county)))
            taken["import_export"].append(undone(lambda: import_export(plain), before=lambda: _divisions(data)))
            servers.tidy()
    return _told(taken)


def _without_title(data: list[list[Any]]) -> bytes:
    """import-export wants the header in the first row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    for row in [HEAD, *data]:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _divisions(data: list[list[Any]]) -> None:
    parents = {one.name: one for one in Division.objects.filter(parent__code=COUNTY)}
    Division.objects.bulk_create(
        Division(code=row[3], name=row[2], tier="VILLAGE", parent=parents[row[1]]) for row in data
    )


def _told(taken: dict[str, list[Sample]]) -> dict[str, Any]:
    floor = taken["read_and_copy"]
    return {
        "id": "P1",
        "work": f"{ROWS} rows x {len(HEAD)} columns, xlsx, preview and commit, one history row each",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "web_to_read_and_copy": ratio(taken["web"], floor),
        "background_to_web": ratio(taken["background"], taken["web"]),
        "shell_to_read_and_copy": ratio(taken["shell"], floor),
        "import_export_to_web": ratio(taken["import_export"], taken["web"]),
        "web_sql_a_row": round(taken["web"][-1].sql / ROWS, 4),
        "goals": {
            "import_export_to_web": at_least(ratio(taken["import_export"], taken["web"]), 20),
            "web_to_read_and_copy": at_most(ratio(taken["web"], floor), 3),
            "background_to_read_and_copy": at_most(ratio(taken["background"], floor), 3),
            "web_sql_a_row": at_most(round(taken["web"][-1].sql / ROWS, 4), 0.02),
        },
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
