"""However stale the statistics are, a roster is written by joins that stay linear."""

import pytest
from django.db import connection

from villages.roster import committing, staging

PLAN = (
    "row int, code text, name text, county_id bigint, township_code text, fields jsonb, change text, village_id bigint"
)
STATEMENTS = ("CHANGED_DIVISIONS", "NEW_VILLAGES", "CHANGED_VILLAGES", "FOLLOWED")


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_of_an_import_joins_by_nested_loops(world, name):
    with connection.cursor() as cursor:
        staging.clear(cursor)
        cursor.execute(f"CREATE TEMP TABLE roster_plan ({PLAN}) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE roster_spelling (name text, pinyin text, initials text) ON COMMIT DROP")
        cursor.execute(f"EXPLAIN {getattr(committing, name)}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Nested Loop" not in plan
