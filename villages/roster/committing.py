"""Carries out roster_plan: set-based, in the caller's transaction, one history row for each village it touches."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from accounts.services import pinyin_of
from villages import followers
from villages.enums import VillageStatus
from villages.followers import Merged, Moved, Readjustment
from villages.models import RosterRow

from .columns import PROFILE, Column
from .comparing import COUNTED, Outcome, missing_villages
from .progress import Tell, silent

LOCK = 0x786E6375  # one roster is written at a time; edits by hand share it
DATES = (Column("valid_from", "", "date"), Column("valid_to", "", "date"))
TYPED = (*PROFILE, *DATES)
DEFAULTS = {"category": "'VILLAGE'"}


def lock(cursor: Any, *, shared: bool = False) -> None:
    """Wait for other imports (or, for an edit by hand, for imports only); held to the end of the transaction."""
    cursor.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", [LOCK])


def data_version(cursor: Any, counties: list[int]) -> str:
    """Changes whenever a village or township of these counties does; binds a preview to what it saw."""
    cursor.execute(
        """
        SELECT md5(concat_ws('-', count(*), sum(version), max(updated_at),
            (SELECT md5(string_agg(code || name, ',' ORDER BY code)) FROM accounts_division
             WHERE tier = 'TOWNSHIP' AND parent_id = ANY(%(counties)s))))
        FROM villages_village WHERE county_id = ANY(%(counties)s)
        """,
        {"counties": counties},
    )
    return str(cursor.fetchone()[0])


# ----------------------------------------------------------------------- apply


def stored(column: Column, at: int, *, of: str = "u", blank: str = "''") -> str:
    """A value of [old, new] in `fields`, as the column of the table has it."""
    value = f"{of}.fields->'{column.key}'->>{at}"
    return f"coalesce({value}, {blank})" if column.sql_type == "text" else f"({value})::{column.sql_type}"


def _inserted(column: Column) -> str:
    return stored(column, 1, of="p", blank=DEFAULTS.get(column.key, "''"))


def _updated(column: Column) -> str:
    new = stored(column, 1, of="p")
    return f"{column.key} = CASE WHEN p.fields ? '{column.key}' THEN {new} ELSE v.{column.key} END"


NEW_TOWNSHIPS = """
    INSERT INTO accounts_division (code, name, tier, parent_id, pinyin, initials)
    SELECT t.code, t.name, 'TOWNSHIP', t.county_id, s.pinyin, s.initials
    FROM roster_township t JOIN roster_spelling s USING (name) WHERE t.is_new
"""
RENAMED_TOWNSHIPS = """
    UPDATE accounts_division d SET name = t.name, pinyin = s.pinyin, initials = s.initials
    FROM roster_township t JOIN roster_spelling s USING (name) WHERE NOT t.is_new AND d.code = t.code
"""
NEW_DIVISIONS = """
    INSERT INTO accounts_division (code, name, tier, parent_id, pinyin, initials)
    SELECT p.code, p.name, 'VILLAGE', t.id, s.pinyin, s.initials
    FROM roster_plan p JOIN accounts_division t ON t.code = p.township_code JOIN roster_spelling s ON s.name = p.name
    WHERE p.change = 'CREATED' ORDER BY p.code
"""
CHANGED_DIVISIONS = """
    UPDATE accounts_division d SET name = p.name, parent_id = t.id,
        pinyin = coalesce(s.pinyin, d.pinyin), initials = coalesce(s.initials, d.initials)
    FROM roster_plan p
    JOIN accounts_division t ON t.code = p.township_code
    LEFT JOIN roster_spelling s ON s.name = p.name
    WHERE d.id = p.village_id AND (p.fields ? 'name' OR p.fields ? 'township')
        AND p.change IN ('CHANGED', 'RENAMED', 'MERGED', 'WITHDRAWN')
"""
NEW_VILLAGES = f"""
    INSERT INTO villages_village (division_id, county_id, township_id, status, successor_id, mark, version, updated_at,
        {", ".join(one.key for one in TYPED)})
    SELECT d.id, p.county_id, d.parent_id, coalesce(p.fields->'status'->>1, 'ACTIVE'), n.id, '', 1, now(),
        {", ".join(_inserted(one) for one in TYPED)}
    FROM roster_plan p
    JOIN accounts_division d ON d.code = p.code
    LEFT JOIN accounts_division n ON n.code = p.fields->'successor'->>1
    WHERE p.change = 'CREATED'
"""  # noqa: S608
CHANGED_VILLAGES = f"""
    UPDATE villages_village v SET county_id = p.county_id, township_id = t.id, version = v.version + 1,
        updated_at = now(), status = coalesce(p.fields->'status'->>1, v.status),
        successor_id = CASE WHEN p.fields ? 'successor' THEN n.id ELSE v.successor_id END,
        {", ".join(_updated(one) for one in TYPED)}
    FROM roster_plan p
    JOIN accounts_division t ON t.code = p.township_code
    LEFT JOIN accounts_division n ON n.code = p.fields->'successor'->>1
    WHERE v.division_id = p.village_id AND p.change IN ('CHANGED', 'RENAMED', 'MERGED', 'WITHDRAWN')
"""  # noqa: S608
HISTORY = """
    INSERT INTO villages_rosterchange (roster_id, actor_id, village_id, county_id, township_id, township_before_id,
        code, change, fields, at)
    SELECT %(roster)s, %(actor)s, v.division_id, v.county_id, v.township_id, p.township_before_id,
        p.code, p.change, p.fields, now()
    FROM roster_plan p
    JOIN accounts_division d ON d.code = p.code
    JOIN villages_village v ON v.division_id = d.id
    WHERE p.change IN ('CREATED', 'CHANGED', 'RENAMED', 'MERGED', 'WITHDRAWN')
"""
FOLLOWED = """
    SELECT p.village_id, n.id, d.parent_id, p.fields ? 'township' OR p.fields ? 'county', p.fields->'status'->>1
    FROM roster_plan p
    JOIN accounts_division d ON d.id = p.village_id
    LEFT JOIN accounts_division n ON n.code = p.fields->'successor'->>1
    WHERE p.change IN ('CHANGED', 'RENAMED', 'MERGED', 'WITHDRAWN')
        AND (p.fields ? 'township' OR p.fields ? 'county' OR p.fields ? 'successor' OR p.fields ? 'status')
"""


STATEMENTS = (
    NEW_TOWNSHIPS,
    RENAMED_TOWNSHIPS,
    NEW_DIVISIONS,
    CHANGED_DIVISIONS,
    NEW_VILLAGES,
    CHANGED_VILLAGES,
    HISTORY,
)


def apply(cursor: Any, *, roster: UUID, actor: Any, tell: Tell = silent) -> None:
    """Write what roster_plan and roster_township say. About a dozen statements, however many rows there are."""
    _spell(cursor)
    for done, statement in enumerate(STATEMENTS, 1):
        tell(cursor, "write", 95 * done / len(STATEMENTS))
        cursor.execute(statement, {"roster": roster, "actor": actor.pk if actor else None})
    _follow(cursor, actor)


def _spell(cursor: Any) -> None:
    cursor.execute(
        """
        SELECT name FROM roster_plan WHERE change IN ('CREATED', 'RENAMED', 'CHANGED', 'MERGED', 'WITHDRAWN')
            AND fields ? 'name' UNION SELECT name FROM roster_township
        """
    )
    spell(cursor, [row[0] for row in cursor.fetchall()])


def spell(cursor: Any, names: Iterable[str]) -> None:
    """roster_spelling: the pinyin of new and changed names, for search."""
    cursor.execute("CREATE TEMP TABLE roster_spelling (name text, pinyin text, initials text) ON COMMIT DROP")
    with cursor.copy("COPY roster_spelling FROM STDIN") as copy:
        for name in names:
            full, initials = pinyin_of(name)
            copy.write_row((name, full[:240], initials[:60]))


def _follow(cursor: Any, actor: Any) -> None:
    cursor.execute(FOLLOWED)
    rows = cursor.fetchall()
    if rows:
        followers.follow(
            Readjustment(
                actor=actor,
                merged=[Merged(village, successor) for village, successor, *_rest in rows if successor],
                moved=[Moved(village, township) for village, _, township, is_moved, _ in rows if is_moved],
                withdrawn=[row[0] for row in rows if row[4] == VillageStatus.WITHDRAWN],
                restored=[row[0] for row in rows if row[4] == VillageStatus.ACTIVE],
            )
        )


MARK_MISSING = """
    WITH marked AS (
        SELECT v.division_id AS village, v.missing_from_id AS lacking FROM villages_village v
        JOIN accounts_division d ON d.id = v.division_id
        WHERE v.county_id = ANY(%(covered)s) AND v.status = 'ACTIVE'
            AND (v.missing_from_id IS NULL) = (d.code = ANY(%(codes)s))
            AND (%(whole)s OR v.missing_from_id IS NOT NULL)
    ), written AS (
        UPDATE villages_village v SET missing_from_id = CASE WHEN m.lacking IS NULL THEN %(roster)s::uuid END
        FROM marked m WHERE m.village = v.division_id
    )
    SELECT lacking, array_agg(village) FROM marked WHERE lacking IS NOT NULL GROUP BY lacking
"""


def mark_missing(
    cursor: Any, *, roster: UUID, covered: Sequence[int], codes: Sequence[str], whole: bool = True
) -> dict[str, dict[str, list[int]]]:
    """Active villages of the covered counties that this roster lacks wait for a decision; those it has no more.

    Of a roster that is not `whole` only the latter. Returns these by the roster that lacked them, to be kept: undoing
    the import lets them wait again.
    """
    cursor.execute(MARK_MISSING, {"roster": roster, "covered": list(covered), "codes": list(codes), "whole": whole})
    found_again = {str(lacking): villages for lacking, villages in cursor.fetchall()}
    return {"found_again": found_again} if found_again else {}


# ----------------------------------------------------------- keep and fetch a plan


def keep_plan(cursor: Any, roster: UUID, outcome: Outcome) -> None:
    """Put the plan beside the import, so that confirming carries out what was shown."""
    shown = [change for change in COUNTED if change != "UNCHANGED"]
    cursor.execute(
        """
        INSERT INTO villages_rosterrow (roster_id, change, row, code, name, county_id, township, township_code,
            successor, fields, "column", value, reason)
        SELECT %s, change, row, code, name, county_id, township_name, township_code, coalesce(successor, ''), fields,
            '', '', '' FROM roster_plan WHERE change = ANY(%s) ORDER BY row
        """,
        [roster, shown],
    )
    missing, named = missing_villages(cursor, outcome), outcome.refusals.named
    RosterRow.objects.bulk_create(
        [
            RosterRow(roster_id=roster, change="MISSING", code=code, name=name, township=township)
            for code, name, township in missing
        ]
        + [
            RosterRow(
                roster_id=roster,
                change="REFUSED",
                row=one.row,
                township=named.get(one.row, ("", ""))[0],
                name=named.get(one.row, ("", ""))[1],
                column=one.column,
                value=one.value,
                reason=one.reason[:300],
            )
            for one in outcome.refusals.told
        ],
        batch_size=5_000,
    )
    cursor.execute(
        """
        UPDATE villages_rosterrow r SET code = s.code, name = coalesce(s.name, ''), township = coalesce(s.township, '')
        FROM roster_stage s WHERE r.roster_id = %s AND r.change = 'REFUSED' AND s.row = r.row
        """,
        [roster],
    )


def fetch_plan(cursor: Any, roster: UUID, townships: list[dict[str, Any]]) -> None:
    """Make roster_plan and roster_township again from what was kept."""
    cursor.execute(
        """
        CREATE TEMP TABLE roster_plan ON COMMIT DROP AS
        SELECT r.row, r.code, r.name, r.county_id, r.township_code, r.fields, r.change, v.division_id AS village_id,
            v.township_id AS township_before_id
        FROM villages_rosterrow r
        LEFT JOIN accounts_division d ON d.code = r.code
        LEFT JOIN villages_village v ON v.division_id = d.id
        WHERE r.roster_id = %s AND r.county_id IS NOT NULL
        """,
        [roster],
    )
    cursor.execute(
        "CREATE TEMP TABLE roster_township (code text, name text, county_id bigint, is_new boolean) ON COMMIT DROP"
    )
    with cursor.copy("COPY roster_township FROM STDIN") as copy:
        for one in townships:
            copy.write_row((one["code"], one["name"], one["county"], one["is_new"]))
