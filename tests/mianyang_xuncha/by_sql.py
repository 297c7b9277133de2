"""The figures of the whole city counted by hand-written SQL: none of it knows the app's selectors or its ORM.

Texts are what a page writes: “12 / 30”, “40.0%”. A share without a whole is “—”.
"""

from datetime import date
from typing import Any

from django.db import connection

ITEM = """
  SELECT i.*, n.round_id, (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed, p.year,
         coalesce(s.amber_days, 7) AS amber_days
    FROM rectification_rectificationitem i
    JOIN inspections_inspection n ON n.id = i.inspection_id
    JOIN inspections_round r ON r.id = n.round_id
    JOIN inspections_annualplan p ON p.id = r.plan_id
    LEFT JOIN rectification_countysetting s ON s.county_id = i.county_id
"""
# Villages that stand on a day, when each was first covered in the term (itself, or what has become it), its place.
STANDING = """
  WITH RECURSIVE term AS (
    SELECT * FROM inspections_term WHERE starts_on <= %(today)s ORDER BY starts_on DESC LIMIT 1
  ), closed AS (
    SELECT coalesce(n.origin_id, n.village_id) AS village, n.closed_on
      FROM inspections_inspection n JOIN inspections_round r ON r.id = n.round_id
      JOIN inspections_annualplan p ON p.id = r.plan_id JOIN term ON term.id = p.term_id
     WHERE n.status = 'CLOSED' AND n.closed_on <= %(day)s
  ), into_what AS (
    SELECT village, closed_on FROM closed
    UNION
    SELECT v.successor_id, w.closed_on FROM into_what w JOIN villages_village v ON v.division_id = w.village
     WHERE v.successor_id IS NOT NULL AND v.valid_to <= %(day)s
  )
  SELECT v.division_id, v.county_id, v.township_id, coalesce(v.klass, '') AS klass,
         (SELECT min(closed_on) FROM into_what w WHERE w.village = v.division_id) AS covered_on
    FROM villages_village v
   WHERE coalesce(v.valid_from, '-infinity') <= %(day)s AND coalesce(v.valid_to, 'infinity') > %(day)s
"""


def ask(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def one(statement: str, **values: Any) -> tuple[Any, ...]:
    (row,) = ask(statement, **values)
    return row


def pct(part: str, whole: str) -> str:
    """SQL of a percentage as it is written."""
    return f"coalesce(round({part} * 100.0 / nullif({whole}, 0), 1) || '%%', '—')"


def texts(rows: list[tuple[Any, ...]]) -> dict[str, list[str]]:
    return {str(row[0]): ["" if cell is None else str(cell) for cell in row[1:]] for row in rows}


def grouped(select: str, source: str, level: str, where: str = "true", **values: Any) -> dict[str, list[str]]:
    """`select` for each place and for all together (“合计”)."""
    names = f"SELECT d.name, {select} FROM ({source}) x JOIN accounts_division d ON d.id = x.{level}_id"
    every = f"SELECT '合计', {select} FROM ({source}) x"
    return texts(
        ask(f"{names} WHERE {where} GROUP BY d.id, d.name", **values) + ask(f"{every} WHERE {where}", **values)
    )


def covered(level: str, day: date, today: date, where: str = "true") -> dict[str, list[str]]:
    """[share, done / standing, left, done / standing of each class, without class]."""
    done = "count(*) FILTER (WHERE covered_on IS NOT NULL"
    of_class = ", ".join(
        f"CASE WHEN count(*) FILTER (WHERE klass = '{k}') = 0 THEN '0' ELSE {done} AND klass = '{k}') || ' / ' ||"
        f" count(*) FILTER (WHERE klass = '{k}') END"
        for k in ("KEY_FOCUS", "RISK", "ORDINARY", "")
    )
    select = (
        f"{pct(done + ')', 'count(*)')}, {done}) || ' / ' || count(*), count(*) - {done}), '' AS picture, {of_class}"
    )
    return grouped(select, STANDING, level, where, day=day, today=today)


AGES = ((1, 7), (8, 30), (31, 90), (91, 100_000))


def rectified(level: str, day: date, where: str = "true") -> dict[str, list[str]]:
    """[light, all, closed, share closed, open, due soon, overdue, overdue by age]."""
    late = "status <> 'CLOSED' AND deadline < %(day)s"
    soon = "status <> 'CLOSED' AND deadline >= %(day)s AND deadline <= %(day)s + amber_days"
    ages = ", ".join(
        f"count(*) FILTER (WHERE {late} AND %(day)s - deadline BETWEEN {first} AND {last})" for first, last in AGES
    )
    light = (
        f"CASE WHEN count(*) FILTER (WHERE {late}) > 0 THEN '红灯' WHEN count(*) FILTER (WHERE {soon}) > 0 THEN '黄灯'"
        " WHEN count(*) FILTER (WHERE status <> 'CLOSED') > 0 THEN '绿灯' ELSE '已销号' END"
    )
    closed = "count(*) FILTER (WHERE status = 'CLOSED')"
    select = (
        f"{light}, count(*), {closed}, {pct(closed, 'count(*)')}, count(*) - {closed},"
        f" count(*) FILTER (WHERE {soon}), count(*) FILTER (WHERE {late}), {ages}"
    )
    return grouped(select, ITEM, level, where, day=day)


STEPS = ("ASSIGNED", "IN_PROGRESS", "UNDER_SUPERVISION", "UNDER_VERIFICATION", "CLOSED")


def funnel(where: str = "true") -> list[list[int]]:
    """For each step: how many have come so far, how many stand there."""
    found = dict(ask(f"SELECT status, count(*) FROM ({ITEM}) x WHERE {where} GROUP BY 1"))
    stands = [found.get(step, 0) for step in STEPS]
    return [[sum(stands[at:]), stands[at]] for at in range(len(STEPS))]


def took(where: str = "true") -> list[str]:
    """How many closed items took up to 30, 60, 90, 180 days, more."""
    edges = "width_bucket(closed - assigned_on, ARRAY[31, 61, 91, 181])"
    found = dict(ask(f"SELECT {edges}, count(*) FROM ({ITEM}) x WHERE status = 'CLOSED' AND {where} GROUP BY 1"))
    return [str(found.get(at, 0)) for at in range(5)]


FOUND = """
  SELECT f.county_id, f.township_id, f.village_id, f.amount, p.year, k.aspect_code, k.point_code, k.code, k.text
    FROM inspections_finding f JOIN inspections_checklistitem k ON k.id = f.checklist_item_id
    JOIN inspections_inspection n ON n.id = f.inspection_id JOIN inspections_round r ON r.id = n.round_id
    JOIN inspections_annualplan p ON p.id = r.plan_id
   WHERE f.status = 'FED_BACK'
"""


def heat(level: str, where: str = "true") -> dict[str, list[str]]:
    """A column for each point in the order of the checklist, and the sum; nought of a place is “·”."""
    points = [code for (code,) in ask("SELECT DISTINCT point_code FROM inspections_checklistitem ORDER BY 1")]
    columns = ", ".join(f"count(*) FILTER (WHERE point_code = '{point}')" for point in points)
    rows = grouped(f"{columns}, count(*)", FOUND, level, where)
    return {name: row if name == "合计" else ["·" if n == "0" else n for n in row] for name, row in rows.items()}


def often(where: str = "true") -> list[list[str]]:
    rows = ask(
        f"SELECT code || ' ' || max(text), count(*) FROM ({FOUND}) x WHERE {where} GROUP BY code"
        " ORDER BY 2 DESC, code LIMIT 8"
    )
    return [[text, str(n)] for text, n in rows]


POLLED = """
  SELECT i.id, i.county_id, i.township_id, i.deadline, p.year, c.asked, c.satisfied + c.fair AS good
    FROM rectification_satisfactioncount c JOIN rectification_rectificationitem i ON i.id = c.item_id
    JOIN inspections_inspection n ON n.id = i.inspection_id JOIN inspections_round r ON r.id = n.round_id
    JOIN inspections_annualplan p ON p.id = r.plan_id
   WHERE c.attempt = i.attempt
"""
ASKED, BAD = "sum(asked) / 5 * 5", "sum(asked - good) / 5 * 5"  # as they are told outside the office


def content(level: str, *, exact: bool, where: str = "true") -> dict[str, list[str]]:
    """[items, how many were asked, share content]; outside the county's office in whole fives."""
    told = "sum(asked)::text" if exact else f"CASE WHEN sum(asked) < 5 THEN '少于 5' ELSE {ASKED} || ' 以上' END"
    share = pct("sum(good)", "sum(asked)") if exact else pct(f"({ASKED} - {BAD})", f"({ASKED})")
    return grouped(f"count(DISTINCT x.id), {told}, {share}", POLLED, level, where)


def months(column: str, day: date, where: str = "true") -> dict[str, int]:
    """The last twelve months up to the day: how many items were assigned, or closed, in each."""
    rows = ask(
        f"SELECT to_char(m, 'YYYY-MM'), (SELECT count(*) FROM ({ITEM}) x WHERE date_trunc('month', {column}) = m"
        f" AND {where}) FROM generate_series(date_trunc('month', %(day)s::date) - interval '11 months',"
        " date_trunc('month', %(day)s::date), interval '1 month') m",
        day=day,
    )
    return dict(rows)


def average_days(where: str = "true") -> str:
    (found,) = one(f"SELECT round(avg(closed - assigned_on)) FROM ({ITEM}) x WHERE status = 'CLOSED' AND {where}")
    return str(found)


def ranked_coverage(level: str, first: date, last: date, where: str = "true") -> dict[str, list[str]]:
    """[rank, standing, covered, of them within the days, share] on the last day; the sum has no rank."""
    done = "count(*) FILTER (WHERE covered_on IS NOT NULL)"
    newly = "count(*) FILTER (WHERE covered_on >= %(first)s)"
    columns = f"count(*), {done}, {newly}, {pct(done, 'count(*)')}"
    found = grouped(columns, STANDING, level, where, first=first, day=last, today=last)
    return _ranked(found, 3)


def ranked_items(level: str, first: date, last: date, where: str = "true") -> dict[str, list[str]]:
    """[rank, assigned so far, closed, share, due in the days, closed in time, share, overdue] on the last day."""
    shut = "(status = 'CLOSED' AND closed <= %(last)s)"
    due = "deadline BETWEEN %(first)s AND %(last)s"
    kept = f"{due} AND status = 'CLOSED' AND closed <= deadline"
    late = f"{due} AND (status = 'CLOSED' AND closed > deadline OR status <> 'CLOSED' AND deadline < %(last)s)"
    count = "count(*) FILTER (WHERE {})".format
    columns = (
        f"count(*), {count(shut)}, {pct(count(shut), 'count(*)')}, {count(f'{kept} OR {late}')}, {count(kept)},"
        f" {pct(count(kept), count(f'{kept} OR {late}'))}, {count(f'deadline < %(last)s AND NOT {shut}')}"
    )
    return _ranked(grouped(columns, ITEM, level, f"assigned_on <= %(last)s AND {where}", first=first, last=last), 2)


def _ranked(rows: dict[str, list[str]], at: int) -> dict[str, list[str]]:
    """By the exact share of the two counts that the text at `at` is made of: more of them is the better rank."""

    def share(row: list[str]) -> float:
        return int(row[1]) / int(row[0])

    every = [share(row) for name, row in rows.items() if name != "合计" and row[at] != "—"]
    return {
        name: ["" if name == "合计" else str(1 + sum(one > share(row) for one in every)), *row]
        for name, row in rows.items()
    }


def flow(first: date, last: date, where: str = "true") -> tuple[int, int]:
    """(assigned, closed) within the days."""
    return one(
        "SELECT count(*) FILTER (WHERE assigned_on BETWEEN %(first)s AND %(last)s),"
        " count(*) FILTER (WHERE status = 'CLOSED' AND closed BETWEEN %(first)s AND %(last)s)"
        f" FROM ({ITEM}) x WHERE {where}",
        first=first,
        last=last,
    )


# An assessment: for each county (rows that count, rows in all).
DUE = "deadline BETWEEN %(first)s AND %(last)s"
MEASURES = {
    "COVERAGE": f"SELECT county_id, count(*) FILTER (WHERE covered_on IS NOT NULL), count(*) FROM ({STANDING}) x"
    " GROUP BY 1",
    "ON_TIME": "SELECT county_id, count(*) FILTER (WHERE status = 'CLOSED' AND closed <= deadline), count(*)"
    f" FROM ({ITEM}) x WHERE {DUE} GROUP BY 1",
    "CLOSED": f"SELECT county_id, count(*) FILTER (WHERE status = 'CLOSED'), count(*) FROM ({ITEM}) x WHERE {DUE}"
    " GROUP BY 1",
    "CONTENT": f"SELECT county_id, {ASKED} - {BAD}, {ASKED} FROM ({POLLED}) x WHERE {DUE} GROUP BY 1",
    "CLUES": "SELECT county_id, count(*) / 5 * 5 - count(*) FILTER (WHERE"
    " status IN ('PROPOSED', 'APPROVED') AND handover_due_on < %(day)s"
    " OR status IN ('HANDED_OVER', 'RECEIVED') AND answer_due_on < %(day)s) / 5 * 5, count(*) / 5 * 5"
    " FROM rectification_clue WHERE extract(year FROM created_at AT TIME ZONE 'Asia/Shanghai') = %(year)s GROUP BY 1",
    "TRUTHFUL": """
      SELECT c.county_id, count(*) FILTER (WHERE NOT EXISTS (
               SELECT 1 FROM inspections_finding f JOIN inspections_checklistitem k ON k.id = f.checklist_item_id
                 JOIN inspections_inspection n ON n.id = f.inspection_id
                WHERE f.status = 'FED_BACK' AND f.village_id = c.village_id AND k.code = q.code
                  AND n.entered_on >= o.issued_on AND extract(year FROM n.entered_on) = %(year)s)), count(*)
        FROM oversight_selfcheckanswer a JOIN oversight_selfcheckitem q ON q.id = a.item_id
        JOIN oversight_selfcheck c ON c.id = a.check_of_id JOIN oversight_selfchecknotice o ON o.id = c.notice_id
       WHERE a.answer = 'NONE' AND c.status = 'CONFIRMED' AND EXISTS (
               SELECT 1 FROM inspections_inspection n JOIN inspections_feedback b ON b.inspection_id = n.id
                WHERE n.village_id = c.village_id AND n.entered_on >= o.issued_on AND b.status = 'ISSUED'
                  AND extract(year FROM n.entered_on) = %(year)s)
       GROUP BY 1""",
}


def assessed(measure: str, **days: Any) -> dict[int, tuple[int, int]]:
    return {county: (part, whole) for county, part, whole in ask(MEASURES[measure], **days)}


REPORTED = """
  SELECT f.township_id, d.name AS township, f.village_id, f.amount, k.code, k.text, i.deadline,
         i.status = 'CLOSED' AND (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= %(last)s AS shut
    FROM inspections_finding f JOIN rectification_rectificationitem i ON i.finding_id = f.id
    JOIN inspections_checklistitem k ON k.id = f.checklist_item_id JOIN accounts_division d ON d.id = f.township_id
   WHERE f.status = 'FED_BACK' AND f.county_id = %(county)s AND i.assigned_on BETWEEN %(first)s AND %(last)s
"""


def reported(code: str, **days: Any) -> dict[str, list[str]]:
    """By township and in all: [villages given feedback, with the item, share, findings, yuan, closed, overdue]."""
    about = f"x.code = '{code}'"
    has, all_of = f"count(DISTINCT village_id) FILTER (WHERE {about})", "count(DISTINCT village_id)"
    columns = (
        f"{all_of}, {has}, {pct(has, all_of)}, count(*) FILTER (WHERE {about}),"
        f" coalesce(trim(to_char(sum(amount) FILTER (WHERE {about}), 'FM999999999')), '0'),"
        f" count(*) FILTER (WHERE {about} AND shut), count(*) FILTER (WHERE {about} AND NOT shut"
        " AND deadline < %(last)s)"
    )
    rows = ask(f"SELECT township, {columns} FROM ({REPORTED}) x GROUP BY 1 HAVING {has} > 0", **days)
    return texts(rows + ask(f"SELECT '合计', {columns} FROM ({REPORTED}) x", **days))


def worked(county: int, year: int) -> list[list[str]]:
    """Teams of the county's rounds: [name, entered, closed, confirmed findings, ever sent back, good, fair, poor,
    commendations]."""
    rows = ask(
        """
        SELECT t.name, (SELECT count(*) FROM inspections_inspection n WHERE n.team_id = t.id
                           AND n.status IN ('DURING', 'AFTER', 'CLOSED')),
               (SELECT count(*) FROM inspections_inspection n WHERE n.team_id = t.id AND n.status = 'CLOSED'),
               (SELECT count(*) FROM inspections_finding f JOIN inspections_inspection n ON n.id = f.inspection_id
                 WHERE n.team_id = t.id AND f.status IN ('CONFIRMED', 'FED_BACK')),
               (SELECT count(*) FROM inspections_finding f JOIN inspections_inspection n ON n.id = f.inspection_id
                 WHERE n.team_id = t.id AND f.status <> 'REFERRED' AND EXISTS (
                   SELECT 1 FROM common_auditevent e WHERE e.object_type = 'inspections.Finding'
                      AND e.object_id = f.id::text AND e.action = 'reopen' AND e.source IN ('SIGNED', 'REVIEWED'))),
               (SELECT count(*) FROM oversight_qualitymark m JOIN inspections_inspection n ON n.id = m.inspection_id
                 WHERE n.team_id = t.id AND m.grade = 'GOOD'),
               (SELECT count(*) FROM oversight_qualitymark m JOIN inspections_inspection n ON n.id = m.inspection_id
                 WHERE n.team_id = t.id AND m.grade = 'POOR'),
               (SELECT count(*) FROM oversight_commendation c WHERE c.team_id = t.id)
          FROM inspections_team t JOIN inspections_round r ON r.id = t.round_id
          JOIN inspections_annualplan p ON p.id = r.plan_id
         WHERE p.county_id = %(county)s AND p.year = %(year)s ORDER BY r.number, t.name, t.id""",
        county=county,
        year=year,
    )
    return [[str(cell) for cell in row] for row in rows]
