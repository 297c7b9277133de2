"""P4: the boards at 50,000 and at 5,000,000 items (BOARD_ITEMS), 2,071 villages and three plan years.

Each is asked for as a page, in both by turns; beside them one table counted from the items themselves (`direct`),
which is what the counters replace. Counters are measured as a day leaves them: with changes not yet summed up.
"""

import os
from typing import Any

from django.db import connection
from django.db.models import Count

from inspections.models import AnnualPlan, Finding, Inspection, Round
from oversight.models import ItemTally
from oversight.selectors.tallies import COUNTS, counted, kept, rows
from oversight.services import recount
from rectification.models import RectificationItem, SatisfactionCount
from tests.factories.world import World

from . import items, servers
from .measure import Sample, at_most, p95, summary
from .pages import Work, get, signed_in

FEW, MANY, CHUNK = 50_000, int(os.environ.get("BOARD_ITEMS", "5000000")), 500_000
DAY = 10_000  # changes of a day that have not been summed up
HALVES = 6  # in each half year every village is inspected
ROUNDS = 20  # at least, for a 95th percentile
KEYS = ", ".join((*ItemTally.PLACE, *ItemTally.FACETS))
COPY = "bench_boards_few"
BOARDS = ("city", "city_year", "county", "screen")
TWINS = """
WITH place AS (
    SELECT id, village_id, township_id, county_id, (id - 1000000) / 10000 AS half,
           row_number() OVER (ORDER BY md5(id::text)) - 1 AS at
      FROM inspections_inspection WHERE id >= 1000000
), question AS (
    SELECT id, row_number() OVER (ORDER BY code) - 1 AS at
      FROM inspections_checklistitem WHERE checklist_id = (SELECT min(id) FROM inspections_checklist)
), twin AS (
    SELECT n, p.id AS inspection_id, p.village_id, p.township_id, p.county_id, q.id AS checklist_item_id,
           CASE WHEN p.half > 0 AND n %% 10 > 0 THEN 'CLOSED'
                ELSE (ARRAY['ASSIGNED', 'IN_PROGRESS', 'UNDER_SUPERVISION', 'UNDER_VERIFICATION'])[1 + n / 10 %% 4]
           END AS status,
           (now() - make_interval(days => (p.half * 182 + 10 + (p.id %% 40))::int))::date AS assigned
      FROM generate_series(%(from)s::int, %(to)s::int) n
      JOIN place p ON p.at = n %% (SELECT count(*) FROM place)
      JOIN question q ON q.at = (n / 7) %% (SELECT count(*) FROM question)
), finding AS (
    INSERT INTO inspections_finding
           (number, status, inspection_id, village_id, township_id, county_id, checklist_item_id, {finding})
    SELECT 'B-' || n, f.status, t.inspection_id, t.village_id, t.township_id, t.county_id, t.checklist_item_id,
           {f_finding}
      FROM inspections_finding f, twin t WHERE f.id = %(finding)s RETURNING id, number
), made AS (
    INSERT INTO rectification_rectificationitem
           (number, finding_id, inspection_id, village_id, township_id, county_id, status, assigned_on,
            original_deadline, deadline, accepted_at, accepted_by_id, submitted_at, submitted_by_id, closed_at,
            closed_by_id, {item})
    SELECT 'B-' || n, f.id, t.inspection_id, t.village_id, t.township_id, t.county_id, t.status, t.assigned,
           t.assigned + 60, t.assigned + 60, now(), %(accepter)s, now(), %(accepter)s,
           CASE WHEN t.status = 'CLOSED' THEN t.assigned + make_interval(days => (20 + t.n %% 90)::int) END,
           CASE WHEN t.status = 'CLOSED' THEN %(closer)s END, {i_item}
      FROM rectification_rectificationitem i, twin t JOIN finding f ON f.number = 'B-' || t.n WHERE i.id = %(item)s
    RETURNING id, attempt, status
)
INSERT INTO rectification_satisfactioncount
       (item_id, attempt, key, channel, asked, satisfied, fair, polled_on, recorded_by_id, created_at)
SELECT id, attempt, gen_random_uuid(), 'VISIT', 20, 12, 5, now(), %(closer)s, now()
  FROM made WHERE status = 'CLOSED' AND id %% 3 = 0
"""
PLACE = {"id", "number", "status", "inspection_id", "village_id", "township_id", "county_id"}
OWN = {
    "finding": PLACE | {"checklist_item_id"},
    "item": PLACE
    | {"finding_id", "assigned_on", "original_deadline", "deadline"}
    | {f"{verb}_{what}" for verb in ("accepted", "submitted", "closed") for what in ("at", "by_id")},
}


def run(rounds: int) -> dict[str, Any]:
    world = items.world()
    first = items.few(world)[0]
    past_years()
    grow(world, first, 0, FEW)
    many = str(connection.settings_dict["NAME"])
    servers.copy(many, COPY)
    try:
        grow(world, first, FEW, MANY)
        taken = servers.by_turns({str(FEW): COPY, str(MANY): many}, lambda: boards(world), max(rounds, ROUNDS))
        unlike = len(set(rows(counted(ItemTally))) ^ set(rows(kept(ItemTally))))
        return told(taken, unlike)
    finally:
        servers.drop(COPY)


def past_years() -> None:
    """Plans of the two years before, two rounds of each year, and inspections of every village in each round."""
    with servers.without_triggers() as cursor:
        cursor.execute(copied(AnnualPlan, year="t.year - n"), {"from": 1, "to": 2})
        plan = f"(SELECT id FROM {AnnualPlan._meta.db_table} ORDER BY id LIMIT 1 OFFSET n / 2)"  # noqa: S608
        cursor.execute(copied(Round, number="10 + n", plan_id=plan), {"from": 0, "to": HALVES - 1})
        given = {"village_id": "v.division_id", "township_id": "v.township_id", "county_id": "v.county_id"}
        given |= {"id": "1000000 + n * 10000 + v.at", "number": "'B-' || n || '-' || v.at"}
        given |= {"round_id": f"(SELECT id FROM {Round._meta.db_table} WHERE number = 10 + n)"}  # noqa: S608
        villages = ", (SELECT *, row_number() OVER (ORDER BY division_id) AS at FROM villages_village) v"
        cursor.execute(copied(Inspection, beside=villages, **given), {"from": 0, "to": HALVES - 1})


def copied(model: Any, beside: str = "", **other: str) -> str:
    """SQL that copies the first row of a table for each n from %(from)s to %(to)s, with `other` columns."""
    table, same = model._meta.db_table, items.columns(model, {"id", *other})
    columns, values = ", ".join([*other, *same]), ", ".join([*other.values(), *(f"t.{one}" for one in same)])
    source = f"(SELECT * FROM {table} ORDER BY id LIMIT 1) t, generate_series(%(from)s::int, %(to)s::int) n{beside}"  # noqa: S608
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {source}"  # noqa: S608


def grow(world: World, first: RectificationItem, have: int, to: int) -> None:
    """Written without triggers, hence counted anew; then a day's changes, as many rows as people would leave."""
    own = {"finding": items.columns(Finding, OWN["finding"]), "item": items.columns(RectificationItem, OWN["item"])}
    parts = {name: ", ".join(found) for name, found in own.items()}
    parts |= {f"{name[0]}_{name}": ", ".join(f"{name[0]}.{one}" for one in found) for name, found in own.items()}
    given = {"finding": first.finding_id, "item": first.pk}
    given |= {"accepter": world.township_secretary.pk, "closer": world.county_officer.pk}
    tables = [one._meta.db_table for one in (Finding, RectificationItem, SatisfactionCount)]
    with servers.without_triggers() as cursor, servers.without_indexes(cursor, *tables):
        for start in range(have, to, CHUNK):
            cursor.execute(TWINS.format(**parts), given | {"from": start + 1, "to": min(start + CHUNK, to)})
    servers.tidy()
    recount()
    # as the triggers add them: each with all facets
    added, values = COUNTS[ItemTally]()[:DAY].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO oversight_itemtally ({KEYS}, n, days) SELECT {KEYS}, s, 0"  # noqa: S608
            f" FROM ({added}) AS t({KEYS}, n, days), (VALUES (1), (-1)) v(s)",
            values,
        )
    servers.tidy()


def boards(world: World) -> dict[str, Work]:
    city, county = signed_in(world.city_officer), signed_in(world.county_officer)
    year = AnnualPlan.objects.order_by("year")[0].year
    return {
        "city": get(city, "/oversight/board/"),
        "city_year": get(city, f"/oversight/board/?year={year}"),
        "county": get(county, "/oversight/board/"),
        "screen": get(city, "/oversight/board/screen/"),
        "direct": direct,
    }


def direct() -> None:
    """What one of the board's tables costs without counters."""
    list(RectificationItem.objects.order_by().values_list("county_id", "status").annotate(n=Count("pk")))


def told(taken: dict[str, list[Sample]], unlike: int) -> dict[str, Any]:
    slow = {name: p95(samples) for name, samples in taken.items()}
    ratios = {name: slow[f"{name}@{MANY}"] / slow[f"{name}@{FEW}"] for name in BOARDS}
    grown = sum(taken[f"{name}@{MANY}"][-1].sql > taken[f"{name}@{FEW}"][-1].sql for name in BOARDS)
    return {
        "id": "P4",
        "work": f"boards at {FEW} and at {MANY} items by turns, 2,071 villages, three plan years",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "ratios": {f"{name}_p95_ms": round(value * 1000) for name, value in slow.items()},
        "goals": {f"{name}_p95_ratio": at_most(round(value, 2), 1.5) for name, value in ratios.items()}
        | {"boards_whose_sql_grew": at_most(grown, 0), "counters_unlike_a_recount": at_most(unlike, 0)},
    }
