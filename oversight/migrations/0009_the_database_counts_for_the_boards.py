from django.db import migrations

ITEM, FINDING, POLL = "rectification_rectificationitem", "inspections_finding", "rectification_satisfactioncount"
DAY = "(i.closed_at AT TIME ZONE 'Asia/Shanghai')::date"
TOOK = f"{DAY} - i.assigned_on"
YEAR = """(SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
           JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id)"""
ITEMS = f"""
INSERT INTO oversight_itemtally (county_id, township_id, year, status, deadline, assigned, closed, span, n, days)
SELECT i.county_id, i.township_id, {YEAR}, i.status, CASE WHEN i.status <> 'CLOSED' THEN i.deadline END,
       date_trunc('month', i.assigned_on)::date, date_trunc('month', {DAY})::date,
       CASE WHEN {TOOK} >= 0 THEN width_bucket({TOOK}, ARRAY[31, 61, 91, 181]) END,
       sum(sign), sum(sign * coalesce({TOOK}, 0))
  FROM (@ROWS@) i GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
HAVING sum(sign) <> 0 OR sum(sign * coalesce({TOOK}, 0)) <> 0"""
FINDINGS = f"""
INSERT INTO oversight_findingtally (county_id, township_id, year, checklist_item_id, n)
SELECT i.county_id, i.township_id, {YEAR}, i.checklist_item_id, sum(sign)
  FROM (@ROWS@) i WHERE i.status = 'FED_BACK' GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0"""
# What villagers said goes with the item to another place, and no longer counts in its next attempt.
TAKEN_ALONG = f"""
INSERT INTO oversight_contenttally (county_id, township_id, year, n, asked, content)
SELECT i.county_id, i.township_id, {YEAR}, sum(sign), sum(sign * said.asked), sum(sign * said.content)
  FROM (@ROWS@) i CROSS JOIN LATERAL (SELECT sum(c.asked) AS asked, sum(c.satisfied + c.fair) AS content
       FROM {POLL} c WHERE c.item_id = i.id AND c.attempt = i.attempt) said
 WHERE said.asked IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(sign) <> 0 OR sum(sign * said.asked) <> 0"""
SAID = f"""
INSERT INTO oversight_contenttally (county_id, township_id, year, n, asked, content)
SELECT i.county_id, i.township_id, {YEAR}, count(*) FILTER (WHERE NOT EXISTS
       (SELECT 1 FROM {POLL} e WHERE e.item_id = c.item_id AND e.attempt = c.attempt AND e.id < c.id)),
       sum(c.asked), sum(c.satisfied + c.fair)
  FROM @POLLS@ c JOIN {ITEM} i ON i.id = c.item_id AND i.attempt = c.attempt GROUP BY 1, 2, 3"""
SIGNED = "SELECT 1 AS sign, n.* FROM {} n"
ADDED = SIGNED.format("added")
CHANGED = f"{ADDED} UNION ALL SELECT -1, o.* FROM gone o"
SEEN = {"INSERT": "NEW TABLE AS added", "UPDATE": "OLD TABLE AS gone NEW TABLE AS added"}


def counted(table: str, name: str, first: str, **on: str) -> list[migrations.RunSQL]:
    """Rows that are there already, by `first`; then each statement that adds or changes some, by those of `on`.

    No row of these tables is ever deleted.
    """
    branches = "\n".join(f"  IF TG_OP = '{event}' THEN {statement}; END IF;" for event, statement in on.items())
    function = f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
{branches}
  RETURN NULL;
END $$;
"""
    triggers = "".join(
        f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} REFERENCING {SEEN[event]}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();\n"
        for event in on
    )
    undone = "".join(f"DROP TRIGGER {name}_{event.lower()} ON {table};\n" for event in on)
    return [
        migrations.RunSQL(function + triggers, undone + f"DROP FUNCTION {name}()"),
        migrations.RunSQL(first, migrations.RunSQL.noop),
    ]


def with_rows(statement: str, rows: str) -> str:
    return statement.replace("@ROWS@", rows)


class Migration(migrations.Migration):
    """Statement by statement, so that no row is locked and a batch costs one insert; ADR 0009."""

    dependencies = [
        ("oversight", "0008_boards_are_counted_as_rows_change"),
        ("rectification", "0026_who_records_issues_and_reads"),
    ]
    operations = [
        *counted(
            ITEM,
            "oversight_count_items",
            with_rows(ITEMS, SIGNED.format(ITEM)),
            INSERT=with_rows(ITEMS, ADDED),
            UPDATE=f"{with_rows(ITEMS, CHANGED)};\n{with_rows(TAKEN_ALONG, CHANGED)}",
        ),
        *counted(
            FINDING,
            "oversight_count_findings",
            with_rows(FINDINGS, SIGNED.format(FINDING)),
            INSERT=with_rows(FINDINGS, ADDED),
            UPDATE=with_rows(FINDINGS, CHANGED),
        ),
        *counted(
            POLL, "oversight_count_content", SAID.replace("@POLLS@", POLL), INSERT=SAID.replace("@POLLS@", "added")
        ),
    ]
