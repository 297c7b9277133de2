"""P3, P5, P6: pages, one move and a batch, at 10 and at 10,000 items, each beside a bare table of the same rows.

- `bare_table`: session, person and fifty rows read by the ledger's own query, put into a plain table of six columns.
"""

import sys
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.template import Context, engines
from django.test import Client

from accounts.models import User
from common.calendar import today
from rectification import selectors, services
from rectification.enums import ItemStatus
from rectification.models import Measure, RectificationItem
from tests.factories import rectification as make
from tests.factories.world import World

from . import items
from .measure import Sample, at_most, measure, ratio, summary

DESKS = ("county_officer", "township_secretary", "supervisor", "city_officer")
TABLE = """<table>{% for i in rows %}<tr><td>{{ i.number }}</td><td>{{ i.finding.title }}</td><td>
{{ i.village.division.name }}</td><td>{{ i.township.name }}</td><td>
{{ i.status }}</td><td>{{ i.deadline }}</td></tr>{% endfor %}</table>"""
Work = Callable[[], Any]


def run(rounds: int) -> list[dict[str, Any]]:
    world = items.world()
    first = items.few(world)[0]
    at_few = timed(pages(world) | moves(world, first), rounds)
    items.many(world, first)
    at_many = timed(pages(world) | moves(world, first), rounds)
    batch = timed(batches(world), rounds)
    return [told(at_few, at_many), told_moves(at_few, at_many), told_batch(batch)]


def timed(works: dict[str, Work], rounds: int) -> dict[str, list[Sample]]:
    """All works by turns, each once unmeasured before (caches, plans, templates)."""
    for name, work in works.items():
        print(f"  {name}: {sampled(work).wall:.2f} s", file=sys.stderr)
    taken: dict[str, list[Sample]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            taken[name].append(sampled(work))
    return taken


def sampled(work: Work) -> Sample:
    """Works that write give their own sample, taken before they are undone."""
    found: list[Sample] = []
    sample = measure(lambda: found.append(work()))
    return found[0] if isinstance(found[0], Sample) else sample


# ----------------------------------------------------------------------- pages


def pages(world: World) -> dict[str, Work]:
    """Each finds rows at ten items as well: an empty page asks less, and would seem to grow."""
    county, township = (signed_in(world.people[name]) for name in ("county_officer", "township_secretary"))
    city = signed_in(world.city_officer)
    works: dict[str, Work] = {
        "bare_table": lambda: bare_table(world.county_officer.pk),
        "ledger": get(county, "/rectification/"),
        "ledger_township": get(township, "/rectification/"),
        "ledger_filtered": get(county, "/rectification/?tab=progress&common=no&light=green"),
        "ledger_text": get(county, f"/rectification/?q={world.village.division.name}"),
        "ledger_deep": get(county, f"/rectification/?after={deep_mark(world.county_officer)}"),
        "villages": get(city, "/villages/"),
        "villages_filtered": get(city, f"/villages/?county={world.county.pk}&q=村"),
        "healthz": get(Client(SERVER_NAME="127.0.0.1"), "/healthz"),
    }
    desks = {f"workbench_{name}": get(signed_in(world.people[name]), "/") for name in DESKS}
    return works | desks


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def get(client: Client, path: str) -> Work:
    def work() -> None:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)  # noqa: S101

    return work


def bare_table(pk: int) -> str:
    user = User.objects.select_related("organ__division").get(pk=pk)
    rows = list(selectors.Ledger(user).rows()[:50])
    return str(engines["django"].engine.from_string(TABLE).render(Context({"rows": rows})))  # type: ignore[attr-defined]


def deep_mark(user: User) -> str:
    """The page mark nine tenths down the ledger."""
    rows = selectors.Ledger(user).rows()
    one = rows[rows.count() * 9 // 10]
    return f"{one.deadline}_{one.pk}"


# -------------------------------------------------------------- moves, batches


def moves(world: World, first: RectificationItem) -> dict[str, Work]:
    secretary = world.township_secretary
    client = signed_in(secretary)

    def post() -> None:
        response = client.post(f"/rectification/{first.pk}/submit/", {"version": first.version, "confirmed": "1"})
        assert response.status_code == 302, response.status_code  # noqa: S101

    def submit() -> None:
        services.submit_item(item=first, actor=secretary)

    return {"move": lambda: undone(submit), "move_page": lambda: undone(post)}


def batches(world: World) -> dict[str, Work]:
    secretary = world.township_secretary
    wanted = RectificationItem.objects.filter(township=world.township, status=ItemStatus.ASSIGNED).order_by("id")

    def accept(count: int) -> Sample:
        chosen = selectors.chosen(secretary, list(wanted.values_list("pk", flat=True)[:count]), "accept")
        assert len(chosen) == count  # noqa: S101
        measures = {one.pk: make.measures(one, min(today(), one.deadline)) for one in chosen}
        return undone(
            lambda: services.accept_items(items=chosen, actor=secretary, people=make.people(), measures=measures)
        )

    return {
        "batch_of_100": lambda: accept(100),
        "batch_of_1000": lambda: accept(items.BATCH),
        "insert_measures": lambda: undone(lambda: insert_measures(list(wanted[: items.BATCH]))),
    }


def insert_measures(chosen: list[RectificationItem]) -> None:
    """The floor of a batch: two measures an item in one statement, nothing locked, asked or recorded."""
    orders = (8, 9)
    Measure.objects.bulk_create(
        Measure(item=one, order=order, text="措施", owner="责任人", due_on=today())
        for one in chosen
        for order in orders
    )


def undone(work: Work) -> Sample:
    with transaction.atomic():
        sample = measure(work)
        transaction.set_rollback(True)
    return sample


# ------------------------------------------------------------------------ told


def told(few: dict[str, list[Sample]], many: dict[str, list[Sample]]) -> dict[str, Any]:
    names = [name for name in few if not name.startswith("move")]
    desks = [name for name in names if name.startswith("workbench")]
    ledgers = [name for name in names if name.startswith("ledger")]
    sql = {at: {name: found[name][-1].sql for name in names} for at, found in (("few", few), ("many", many))}
    return {
        "id": "P3",
        "work": f"pages at {items.FEW} and at {items.MANY} items, 2,071 villages",
        "measured": {f"{name}@{size}": summary(found[name]) for name in names for size, found in sizes(few, many)},
        "ratios": {
            f"{name}_to_bare_table": ratio(many[name], many["bare_table"]) for name in names if name != "bare_table"
        },
        "goals": {
            "ledger_sql": at_most(max(sql["many"][name] for name in ledgers), 10),
            "workbench_sql": at_most(max(sql["many"][name] for name in desks), 15),
            "pages_whose_sql_grew": at_most(sum(sql["many"][name] > sql["few"][name] for name in names), 0),
            "list_cpu_ms": at_most(max(cpu_ms(many[name]) for name in [*ledgers, "villages", "villages_filtered"]), 60),
        },
    }


def told_moves(few: dict[str, list[Sample]], many: dict[str, list[Sample]]) -> dict[str, Any]:
    return {
        "id": "P5",
        "work": "one item submitted: by the service, and by its page",
        "measured": {
            f"{name}@{size}": summary(found[name]) for name in ("move", "move_page") for size, found in sizes(few, many)
        },
        "ratios": {"move_page_to_move": ratio(many["move_page"], many["move"])},
        "goals": {"move_sql": at_most(many["move"][-1].sql, 12), "move_cpu_ms": at_most(cpu_ms(many["move"]), 30)},
    }


def told_batch(taken: dict[str, list[Sample]]) -> dict[str, Any]:
    few, many = taken["batch_of_100"][-1].sql, taken["batch_of_1000"][-1].sql
    return {
        "id": "P6",
        "work": "1,000 items accepted in one batch: measures, four responsible, move and events of each",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "ratios": {"batch_of_1000_to_insert_measures": ratio(taken["batch_of_1000"], taken["insert_measures"])},
        "goals": {
            "batch_wall_s": at_most(summary(taken["batch_of_1000"])["wall_s"], 1.5),
            "sql_of_1000_less_sql_of_100": at_most(many - few, 0),
        },
    }


def sizes(few: dict[str, list[Sample]], many: dict[str, list[Sample]]) -> tuple[tuple[int, Any], ...]:
    return (items.FEW, few), (items.MANY, many)


def cpu_ms(samples: list[Sample]) -> float:
    return round(1000 * float(summary(samples)["cpu_s"]), 1)
