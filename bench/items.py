"""The data of the page benchmarks: the real roster, the tests' cast, ten items by the services, then many twins."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.models import Division
from inspections.models import Finding
from rectification.models import RectificationItem
from tests.factories import rectification as make
from tests.factories.inspections import reload_people
from tests.factories.world import World, cast
from villages.models import Village
from villages.roster import imports

from . import servers

FEW, MANY, BATCH = 10, 10_000, 1_000


def world() -> World:
    """The 2,071 villages of 2023, and the cast of the tests in their offices."""
    roster = Path(settings.BASE_DIR) / "fixtures" / "roster_2023.csv"
    imports.import_file(path=roster, county=None, commit=True)
    at = {name: Division.objects.get(code=code) for name, code in PLACES.items()}
    own = villages_of(at["township"])
    made = World(
        **at,
        village=own[0],
        second_village=own[1],
        sibling_village=villages_of(at["sibling_township"])[0],
        other_village=villages_of(at["other_township"])[0],
    )
    made.people = cast(made)
    return made


PLACES = {
    "city": "510700000000",
    "county": "510703000000",
    "other_county": "510704000000",
    "township": "510703103000",
    "sibling_township": "510703100000",
    "other_township": "510704101000",
}


def villages_of(township: Division) -> list[Village]:
    found = Village.objects.filter(township=township).select_related("division", "township", "county")
    return list(found.order_by("division__code")[:2])


def few(made: World) -> list[RectificationItem]:
    """Ten items on the legal path; the first is in progress with a report, so that it can be submitted."""
    items = make.assigned_items(made, findings=FEW)
    reload_people(made)
    return [make.reported_item(made, make.open_item(made, items[0])), *items[1:]]


TWINS = """
WITH place AS (
    SELECT division_id, township_id, row_number() OVER (ORDER BY division_id) - 1 AS at, count(*) OVER () AS of
      FROM villages_village WHERE county_id = %(county)s
), twin AS (
    SELECT n, CASE WHEN n <= %(batch)s THEN %(village)s ELSE division_id END AS village_id,
           CASE WHEN n <= %(batch)s THEN %(township)s ELSE township_id END AS township_id,
           CASE WHEN n <= %(batch)s THEN 'ASSIGNED'
                ELSE (ARRAY['CLOSED', 'CLOSED', 'IN_PROGRESS', 'UNDER_SUPERVISION', 'UNDER_VERIFICATION'])[1 + n %% 5]
           END AS status
      FROM generate_series(1, %(count)s) n JOIN place ON place.at = n %% place.of
), finding AS (
    INSERT INTO inspections_finding (number, status, village_id, township_id, {finding})
    SELECT 'B-' || n, f.status, twin.village_id, twin.township_id, {f_finding}
      FROM inspections_finding f, twin WHERE f.id = %(finding)s RETURNING id, number
)
INSERT INTO rectification_rectificationitem
    (number, finding_id, village_id, township_id, status, deadline, accepted_at, accepted_by_id, submitted_at,
     submitted_by_id, closed_at, closed_by_id, {item})
SELECT 'B-' || n, finding.id, twin.village_id, twin.township_id, twin.status,
       i.original_deadline - CASE WHEN n > %(batch)s THEN n %% 150 ELSE 0 END,
       CASE WHEN twin.status <> 'ASSIGNED' THEN now() END, CASE WHEN twin.status <> 'ASSIGNED' THEN %(accepter)s END,
       CASE WHEN twin.status NOT IN ('ASSIGNED', 'IN_PROGRESS') THEN now() END,
       CASE WHEN twin.status NOT IN ('ASSIGNED', 'IN_PROGRESS') THEN %(accepter)s END,
       CASE WHEN twin.status = 'CLOSED' THEN now() END, CASE WHEN twin.status = 'CLOSED' THEN %(closer)s END, {i_item}
  FROM rectification_rectificationitem i, twin JOIN finding ON finding.number = 'B-' || twin.n
 WHERE i.id = %(item)s
"""
OWN = {
    "finding": {"id", "number", "status", "village_id", "township_id"},
    "item": {"id", "number", "finding_id", "village_id", "township_id", "status", "deadline"}
    | {f"{verb}_{what}" for verb in ("accepted", "submitted", "closed") for what in ("at", "by_id")},
}


def many(made: World, first: RectificationItem) -> None:
    """Up to 10,000 items of the county: 1,000 wait for one township, the others are in all villages and states.

    Written by INSERT … SELECT without triggers: only a bench's database may hold rows that no service made.
    """
    own = {"finding": columns(Finding, OWN["finding"]), "item": columns(RectificationItem, OWN["item"])}
    parts = {name: ", ".join(found) for name, found in own.items()}
    parts |= {f"{name[0]}_{name}": ", ".join(f"{name[0]}.{one}" for one in found) for name, found in own.items()}
    with servers.without_triggers() as cursor:
        cursor.execute(
            TWINS.format(**parts),
            {
                "county": made.county.pk,
                "village": made.village.pk,
                "township": made.township.pk,
                "count": MANY - FEW,
                "batch": BATCH,
                "finding": first.finding_id,
                "item": first.pk,
                "accepter": made.township_secretary.pk,
                "closer": made.county_officer.pk,
            },
        )
        cursor.execute("ANALYZE")
    assert RectificationItem.objects.count() == MANY  # noqa: S101


def columns(model: type[Finding] | type[RectificationItem], own: set[str]) -> list[str]:
    quote = connection.ops.quote_name
    return [quote(one.column) for one in model._meta.concrete_fields if one.column not in own]
