"""What a roster would change: one plan row for each row of the file, compared with the database by the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from villages.enums import Change

from .columns import BY_KEY, CREATE, KEEP, MERGE, PROFILE, RENAME, WITHDRAW
from .places import Scope
from .sheets import SHEET_ROWS, row_said
from .staging import Refusals

COUNTED = {
    str(Change.CREATED): "created",
    str(Change.CHANGED): "changed",
    str(Change.RENAMED): "renamed",
    str(Change.MERGED): "merged",
    str(Change.WITHDRAWN): "withdrawn",
    "UNCHANGED": "unchanged",
}


@dataclass
class Outcome:
    """What an import found or did. `rows` is the sum of the six counts and the refused rows.

    `missing` counts the active villages of the `covered` counties that the file does not have; None when no row
    tells which counties the file is about.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    renamed: int = 0
    merged: int = 0
    withdrawn: int = 0
    missing: int | None = None
    covered: list[int] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)
    committed: bool = False
    sheets: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    townships_created: list[str] = field(default_factory=list)
    townships_renamed: list[tuple[str, str]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def told(self, key: str) -> int | str:
        """One count as a reader is told it."""
        count: int | None = getattr(self, key)
        return "没有可用的行，不能计算" if count is None else count

    def as_json(self) -> dict[str, Any]:
        """The stable answer of `import_roster --json`."""
        counts = ("rows", "created", "changed", "unchanged", "renamed", "merged", "withdrawn", "missing")
        refused = [one.as_dict(self.sheets) for one in self.refusals.told]
        return {key: getattr(self, key) for key in counts} | {"refused": refused, "committed": self.committed}

    def as_result(self) -> dict[str, Any]:
        """What is kept with the import: the counts, and what was read or left out; not the rows themselves."""
        kept = ("sheets", "covered", "ignored_columns", "townships_created", "townships_renamed", "hints")
        return (
            self.as_json()
            | {"refused": len(self.refusals.rows), "notes": self.notes[:50]}
            | {key: getattr(self, key) for key in kept}
        )


# ------------------------------------------------------------------------ SQL
# The fragments below are put together from the columns' own names; values from the file only ever come as rows
# of roster_stage.


STAYS = "s.township IS NULL AND s.village_id IS NOT NULL"  # no township given: the village stays where it is


def _differs(key: str, old: str, new: str, when: str) -> str:
    return f"'{key}', CASE WHEN {when} THEN jsonb_build_array({old}, {new}) END"


def _differences() -> str:
    fields = [
        _differs(
            one.key,
            f"nullif(v.{one.key}, '')" if one.sql_type == "text" else f"v.{one.key}",
            f"s.{one.key}",
            f"s.{one.key} IS NOT NULL AND s.{one.key} IS DISTINCT FROM v.{one.key}",
        )
        for one in PROFILE
        if one.key != "category"
    ]
    new_status = "s.target <> coalesce(v.status, 'ACTIVE')"
    fields += [
        _differs("category", "v.category", "s.new_category", "s.new_category <> coalesce(v.category, '')"),
        _differs("name", "s.old_name", "s.name", "s.name IS DISTINCT FROM s.old_name AND s.shorter IS NOT TRUE"),
        _differs(
            "township",
            "s.old_township",
            "p.township_name",
            f"NOT ({STAYS}) AND p.township_code IS DISTINCT FROM s.old_township_code",
        ),
        _differs("county", "s.old_county", "c.name", "v.county_id <> p.county_id"),
        _differs("status", "v.status", "s.target", new_status),
        _differs(
            "successor", "s.old_successor", "s.successor", f"s.merges_anew OR s.old_successor <> '' AND {new_status}"
        ),
        _differs("valid_from", "v.valid_from", "%(today)s::date", SET_UP),
        _differs("valid_to", "v.valid_to", "CASE WHEN s.target <> 'ACTIVE' THEN %(today)s::date END", new_status),
    ]
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(fields)}))"


# Said to be new, or added by a file that also names known villages of its county: a newer roster, not a first one.
SET_UP = f"""v.division_id IS NULL AND (s.adjustment = '{CREATE}' OR p.county_id IN (
    SELECT k.known FROM roster_joined k WHERE k.known IS NOT NULL))"""  # noqa: S608

GUESS = "CASE WHEN {} ~ '社区|居民委员会|居委会' THEN 'COMMUNITY' ELSE 'VILLAGE' END"

# 灯塔社区 for 灯塔社区居民委员会: the same name, said shortly; who means a new one writes 更名 beside it.
FULL_TITLE, SHORT_TITLE = r"(村民|居民)委员会$", r"(村委会|居委会)$"
SHORTER = f"""s.adjustment IS DISTINCT FROM '{RENAME}' AND s.name <> d.name AND d.name ~ '{FULL_TITLE}'
    AND regexp_replace(s.name, '{SHORT_TITLE}', '') = regexp_replace(d.name, '{FULL_TITLE}', '')"""

# What the rows say about their place, in one key: places are looked up once a key, not once a row.
JOINED = f"""
    CREATE TEMP TABLE roster_joined ON COMMIT DROP AS
    SELECT s.*, lag(s.row) OVER same IS NULL AS is_first,
        coalesce(nullif(first_value(s.row) OVER same, s.row), lead(s.row) OVER same) AS twin,
        concat_ws(chr(31), coalesce(s.county, ''), coalesce(s.township, ''), left(s.code, 9), v.county_id) AS place,
        v.division_id AS village_id, v.county_id AS known, v.status AS old_status, d.tier, d.name AS old_name,
        t.code AS old_township_code, t.name AS old_township, c.name AS old_county, od.code AS old_successor,
        s.successor IS NOT NULL AND od.code IS DISTINCT FROM s.successor AS merges_anew,
        CASE s.adjustment WHEN '{MERGE}' THEN 'MERGED' WHEN '{WITHDRAW}' THEN 'WITHDRAWN' WHEN '{KEEP}' THEN 'ACTIVE'
            ELSE coalesce(v.status, 'ACTIVE') END AS target,
        {SHORTER} AS shorter,
        coalesce(s.category, CASE
            WHEN v.division_id IS NULL OR NOT ({SHORTER}) AND {GUESS.format("d.name")} <> {GUESS.format("s.name")}
            THEN {GUESS.format("s.name")} END) AS new_category
    FROM roster_stage s
    LEFT JOIN accounts_division d ON d.code = s.code
    LEFT JOIN villages_village v ON v.division_id = d.id
    LEFT JOIN accounts_division t ON t.id = v.township_id
    LEFT JOIN accounts_division c ON c.id = v.county_id
    LEFT JOIN accounts_division od ON od.id = v.successor_id
    WINDOW same AS (PARTITION BY s.code ORDER BY s.row)
"""  # noqa: S608

FAULT = f"""
    CASE
        WHEN s.bad THEN 'cell'
        WHEN s.twin IS NOT NULL THEN 'duplicate'
        WHEN p.fault IS NOT NULL THEN 'place'
        WHEN s.tier IS NOT NULL AND s.village_id IS NULL THEN 'tier'
        WHEN s.village_id IS NULL AND p.township_code IS NULL THEN 'township'
        WHEN s.old_status <> 'ACTIVE' AND coalesce(s.adjustment, '') IN ('', '{RENAME}', '{CREATE}') THEN 'inactive'
        WHEN s.merges_anew AND sv.division_id IS NULL AND h.code IS NULL THEN 'unknown'
        WHEN s.merges_anew AND coalesce(sv.county_id, h.county_id) IS DISTINCT FROM p.county_id THEN 'elsewhere'
        WHEN s.merges_anew AND coalesce(h.target, sv.status) <> 'ACTIVE' THEN 'gone'
    END
"""

CHANGE = """
    CASE
        WHEN fault IS NOT NULL THEN NULL
        WHEN village_id IS NULL THEN 'CREATED'
        WHEN fields->'status'->>1 IN ('MERGED', 'WITHDRAWN') THEN fields->'status'->>1
        WHEN fields ? 'name' THEN 'RENAMED'
        WHEN fields <> '{}' THEN 'CHANGED'
        ELSE 'UNCHANGED'
    END
"""

PLAN = f"""
    CREATE TEMP TABLE roster_plan ON COMMIT DROP AS
    WITH heirs AS MATERIALIZED (
        SELECT j.code, jp.county_id, j.target FROM roster_joined j JOIN roster_place jp USING (place)
        WHERE j.is_first AND j.code IN (SELECT successor FROM roster_joined WHERE successor IS NOT NULL)
    )
    SELECT *, {CHANGE} AS change
    FROM (
        SELECT s.row, s.code, s.name, p.county_id, s.village_id, v.township_id AS township_before_id, s.successor,
            CASE WHEN {STAYS} THEN s.old_township_code ELSE p.township_code END AS township_code,
            CASE WHEN {STAYS} THEN s.old_township ELSE p.township_name END AS township_name,
            {FAULT} AS fault, {_differences()} AS fields
        FROM roster_joined s
        JOIN roster_place p USING (place)
        LEFT JOIN villages_village v ON v.division_id = s.village_id
        LEFT JOIN accounts_division c ON c.id = p.county_id
        LEFT JOIN heirs h ON h.code = s.successor
        LEFT JOIN accounts_division sd ON sd.code = s.successor
        LEFT JOIN villages_village sv ON sv.division_id = sd.id
    ) planned
"""  # noqa: S608

FAULTS = """
    SELECT f.row, f.fault, s.code, s.county, s.township, s.successor, s.old_name, s.old_status, s.twin,
        p.fault_column, p.fault
    FROM roster_plan f JOIN roster_joined s USING (row) JOIN roster_place p USING (place)
    WHERE f.fault <> 'cell' ORDER BY f.row
"""

MISSING = """
    FROM villages_village v
    JOIN accounts_division d ON d.id = v.division_id
    JOIN accounts_division t ON t.id = v.township_id
    WHERE v.status = 'ACTIVE' AND v.county_id = ANY(%(covered)s)
        AND NOT EXISTS (SELECT FROM roster_stage s WHERE s.code = d.code)
"""


# A sheet that gathers what the others have: each of its rows stands in one of several other sheets as well.
SUMMARIES = f"""
    SELECT row / {SHEET_ROWS} AS sheet FROM roster_joined GROUP BY 1
    HAVING bool_and(twin IS NOT NULL AND twin / {SHEET_ROWS} <> row / {SHEET_ROWS})
        AND count(DISTINCT twin / {SHEET_ROWS}) > 1
    ORDER BY 1
"""  # noqa: S608


def summaries(cursor: Any) -> list[int]:
    """Places of the sheets that only repeat the rows of others."""
    cursor.execute(SUMMARIES)
    return [sheet for (sheet,) in cursor.fetchall()]


def join(cursor: Any) -> None:
    """Put beside each staged row what the database knows about its code."""
    cursor.execute(JOINED)
    cursor.execute("ANALYZE roster_joined")


def compare(cursor: Any, outcome: Outcome, scope: Scope, today: date) -> None:
    """Make roster_plan from what is joined and placed; count and tell. Four statements, however many rows there are."""
    cursor.execute(PLAN, {"today": today})
    cursor.execute("SELECT change, count(*) FROM roster_plan WHERE change IS NOT NULL GROUP BY change")
    for change, count in cursor.fetchall():
        setattr(outcome, COUNTED[change], count)
    cursor.execute(FAULTS)
    for row in cursor.fetchall():
        _tell(outcome, *row)
    outcome.refusals.told.sort(key=lambda one: one.row)
    outcome.covered = _covered(cursor, scope)
    if outcome.covered:
        cursor.execute(f"SELECT count(*) {MISSING}", {"covered": outcome.covered})
        outcome.missing = cursor.fetchone()[0]


def _covered(cursor: Any, scope: Scope) -> list[int]:
    """The counties that the file is about: the importer's own, or those that its rows name."""
    if scope.county:
        return [scope.county.pk]
    cursor.execute("SELECT DISTINCT county_id FROM roster_plan WHERE county_id IS NOT NULL")
    return [row[0] for row in cursor.fetchall()]


def _tell(
    outcome: Outcome,
    row: int,
    fault: str,
    code: str,
    county: str,
    township: str,
    successor: str,
    registered: str,
    status: str,
    twin: int,
    place_column: str,
    place_fault: str,
) -> None:
    ended = "并入他村" if status == "MERGED" else "撤销"
    column, reason = {
        "duplicate": (
            "code",
            f"与{row_said(twin, outcome.sheets)}的代码重复：同一个村只保留一行，代码填错的请改正",
        ),
        "place": (place_column, place_fault),
        "tier": ("code", f"这个代码已用于“{registered}”，不是村级代码，请核对"),
        "township": ("township", "这是名册中还没有的村，请填写所在乡镇（街道）全称"),
        "inactive": (
            "adjustment",
            f"本村已{ended}；确需恢复请在“调整类型”填“保留”，否则填“合并”或“撤销”，或删去这一行",
        ),
        "unknown": ("successor", "名册和本文件中都没有这个村，请核对并入村代码"),
        "elsewhere": ("successor", "并入的村不在同一个县（市、区），请核对并入村代码"),
        "gone": ("successor", "并入的村本身也已合并或撤销，请填写最后并入的那个村的代码"),
    }[fault]
    value = {"code": code, "county": county, "township": township, "successor": successor}.get(column)
    outcome.refusals.add(row, BY_KEY[column].title, value, reason)


def missing_villages(cursor: Any, outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """(code, name, township) of active villages of the covered counties that the file does not have."""
    cursor.execute(f"SELECT d.code, d.name, t.name {MISSING} ORDER BY d.code", {"covered": outcome.covered})
    yield from cursor.fetchall()
