"""P2, P9: all villages of the country imported, and the pages of one city among them beside that city alone.

The two files (villages and townships of 2023, with codes) are too many for the repository: `XUNCHA_NATION` names the
folder that holds them (docs/adr/0007). Without it this part is left out.
"""

import csv
import gc
import gzip
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from django.db.models import Count, Q

from accounts.models import Division
from accounts.services import pinyin_of
from tests.factories.world import World
from villages.models import Village
from villages.selectors.villages import named

from . import items, servers
from .measure import Sample, at_least, at_most, measure, p95, summary
from .pages import get, signed_in

FOLDER = "XUNCHA_NATION"
VILLAGES, TOWNSHIPS = "china_villages_2023.csv.gz", "china_townships_2023.csv.gz"
HEAD = ("县(市、区)", "乡镇(街道)", "村(社区)名称", "统计区划代码")
FEW = 5_000
SAMPLES = 40
WORDS = {"hanzi": "团结", "pinyin": "tuanjie", "initials": "tj", "code": "510703"}
COUNTRY, CITY = "bench_nation", "bench_city"


def missing() -> str:
    """Why this part cannot be measured here; empty when it can."""
    folder = os.environ.get(FOLDER, "")
    if folder and all(Path(folder, name).is_file() for name in (VILLAGES, TOWNSHIPS)):
        return ""
    return f"{FOLDER} names no folder with {VILLAGES} and {TOWNSHIPS}"


def run(rounds: int) -> list[dict[str, Any]]:
    world = items.world()
    servers.copy(COUNTRY, CITY)
    try:
        with TemporaryDirectory() as folder:
            imported = importing(Path(folder), rounds)
        return [imported, *reading(world)]
    finally:
        servers.drop(CITY)


# ---------------------------------------------------------------------- import


class Run(NamedTuple):
    wall: float
    cpu: float
    peak_mb: int


def importing(folder: Path, rounds: int) -> dict[str, Any]:
    """What `import_roster FILE --commit` does, with 5,000 rows and with all, into a tree of cities and counties."""
    tree()
    few, all_ = folder / "few.csv", folder / "all.csv"
    count = write(all_, rows())
    write(few, islice(rows(), FEW))
    taken = []
    for _round in range(rounds):
        servers.copy(COUNTRY, "bench_few")
        try:
            taken.append(import_apart("bench_few", few))
        finally:
            servers.drop("bench_few")
    connections.close_all()
    whole = import_apart(COUNTRY, all_)
    servers.tidy()
    assert Village.objects.count() >= count  # noqa: S101
    slow, fast = count / whole.wall, FEW / statistics.median(one.wall for one in taken)
    return {
        "id": "P2",
        "work": f"{count} villages imported from csv, previewed and written at once, one history row each",
        "measured": {
            f"import_{FEW}": summary([Sample(one.wall, one.cpu, 0) for one in taken]),
            f"import_{count}": summary([Sample(whole.wall, whole.cpu, 0)]),
        },
        "rows_a_second": round(slow),
        f"rows_a_second_of_{FEW}": round(fast),
        f"peak_rss_mb_of_{FEW}": max(one.peak_mb for one in taken),
        "goals": {
            "rows_a_second_to_few": at_least(round(slow / fast, 2), 0.8),
            "peak_rss_mb": at_most(whole.peak_mb, 600),
        },
    }


def tree() -> None:
    """Cities and counties of the country beside those that are there; townships come with the roster."""
    known = dict(Division.objects.values_list("code", "pk"))
    found = {row["county_code"]: row for row in townships()}
    for tier in ("CITY", "COUNTY"):
        named = {place(row, tier): row for row in found.values()}
        made = [made_of(code, tier, row, known) for code, row in named.items() if code not in known]
        known |= {one.code: one.pk for one in Division.objects.bulk_create(made)}


def place(row: dict[str, str], tier: str) -> str:
    """The code of the row's city or county. A city without counties (东莞) is both, and its own code the county's."""
    county = f"{row['county_code']}000000"
    city = f"{row['city_code']}00000000"
    return county if tier == "COUNTY" else city if city != county else f"{row['city_code']}00000001"


def made_of(code: str, tier: str, row: dict[str, str], known: dict[str, int]) -> Division:
    name = row["county"] if tier == "COUNTY" else f"{row['province']}{row['city']}"
    parent = known[place(row, "CITY")] if tier == "COUNTY" else None
    full, initials = pinyin_of(name)
    return Division(code=code, name=name, tier=tier, parent_id=parent, pinyin=full, initials=initials)


def townships() -> Iterator[dict[str, str]]:
    yield from table(TOWNSHIPS)


def table(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(Path(os.environ[FOLDER], name), "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def rows() -> Iterator[tuple[str, ...]]:
    """A roster as a clerk would have it: county, township, village, code; not the one line that is no village (000)."""
    places = {row["code"]: (row["county"], row["name"]) for row in townships()}
    for row in table(VILLAGES):
        if not row["code"].endswith("000"):
            yield (*places[row["code"][:9]], row["name"], row["code"])


def write(path: Path, found: Iterator[tuple[str, ...]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        count = 0
        for count, row in enumerate(found, 1):  # noqa: B007
            writer.writerow(row)
    return count


IMPORT = """
import sys, time, django
django.setup()
from pathlib import Path
from villages.roster.imports import import_file
wall, cpu = time.perf_counter(), time.process_time()
assert not import_file(path=Path(sys.argv[1]), county=None, commit=True).refusals.rows
print(time.perf_counter() - wall, time.process_time() - cpu)
"""


def import_apart(database: str, path: Path) -> Run:
    """An import in a process of its own: its time without that of starting, and the most memory it held."""
    command = [sys.executable, "-c", IMPORT, str(path)]
    process = subprocess.Popen(  # noqa: S603
        command, env=servers.environment(database), cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    told = process.stdout.read() if process.stdout else ""
    _pid, status, used = os.wait4(process.pid, 0)
    assert status == 0, path  # noqa: S101
    return Run(*map(float, told.split()), used.ru_maxrss // 1024)


# ----------------------------------------------------------------------- pages


def reading(world: World) -> list[dict[str, Any]]:
    """The same pages of the same people, by turns in the city alone and among the whole country."""
    sides = {"city": CITY, "nation": COUNTRY}
    taken = servers.by_turns(sides, lambda: pages(world), SAMPLES)
    return [told(taken), searching(world)]


def pages(world: World) -> dict[str, Callable[[], Any]]:
    city, county = (signed_in(world.people[name]) for name in ("city_officer", "county_officer"))
    township, admin = (signed_in(world.people[name]) for name in ("township_secretary", "roster_admin"))
    village = world.village.get_absolute_url()
    return {
        "villages": get(city, "/villages/"),
        "villages_deep": get(city, "/villages/?after=510727000000"),
        "villages_filtered": get(city, f"/villages/?county={world.county.pk}&category=COMMUNITY&survey=none"),
        "villages_county": get(county, "/villages/"),
        "villages_township": get(township, "/villages/"),
        **{f"find_{name}": get(city, f"/villages/?q={word}") for name, word in WORDS.items()},
        "find_in_county": get(county, f"/villages/?q={WORDS['initials']}"),
        "search_box": get(city, f"/search/?q={WORDS['hanzi']}"),
        "village": get(city, village),
        "village_county": get(county, village),
        "unclassified": get(county, "/villages/classes/"),
        "adjustments": get(admin, "/villages/adjustments/"),
    }


def told(taken: dict[str, list[Sample]]) -> dict[str, Any]:
    names = [name.removesuffix("@city") for name in taken if name.endswith("@city")]
    ratios = {name: p95(taken[f"{name}@nation"]) / p95(taken[f"{name}@city"]) for name in names}
    least = {name: min(one.sql for one in samples) for name, samples in taken.items()}  # a session out of the cache
    grown = sum(least[f"{name}@nation"] != least[f"{name}@city"] for name in names)  # costs one more now and then
    return {
        "id": "P3-nation",
        "work": f"pages of one city alone and among 620,573 villages, {SAMPLES} times by turns",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "ratios": {f"{name}_p95_nation_to_city": round(value, 2) for name, value in ratios.items()},
        "goals": {
            "worst_p95_nation_to_city": at_most(round(max(ratios.values()), 2), 1.5),
            "pages_whose_sql_differs": at_most(grown, 0),
        },
    }


# ---------------------------------------------------------------------- search


def searching(world: World) -> dict[str, Any]:
    """The statement of a search, without the page: in one county, in the largest city, over all villages.

    A city is the widest that anybody sees; over all villages nobody may search.
    """
    taken: dict[str, list[Sample]] = {}
    largest = Village.objects.values_list("county__parent").annotate(number=Count("pk")).order_by("-number").first()
    assert largest is not None  # noqa: S101
    places = {"county": Q(county=world.county), "largest_city": Q(county__parent=largest[0]), "all": Q()}
    gc.freeze()  # looking through all that this process holds takes 0.2 s, which is not the database's time
    for _sample in range(SAMPLES // 4):
        for name, word in WORDS.items():
            found = Village.objects.filter(named(word)).select_related("division", "township", "county")
            for where, place in places.items():
                rows_ = found.filter(place)
                chosen = rows_.order_by("division__code")[:51]
                taken.setdefault(f"{name}@{where}", []).append(measure(lambda chosen=chosen: list(chosen.all())))
    county, city, all_ = (max(p95(taken[f"{name}@{where}"]) for name in WORDS) for where in places)
    return {
        "id": "P9",
        "note": "没有哪个角色能看到全国的村，最多看到一个市；`all` 是没有范围的搜索，产品里走不到，没有为它加索引"
        "（自带的 PostgreSQL 没有 pg_trgm）。",
        "work": f"search by 汉字, 全拼, initials and code among 620,573 villages; largest city: {largest[1]}",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "goals": {
            "county_p95_ms": at_most(round(1000 * county, 1), 50),
            "largest_city_p95_ms": at_most(round(1000 * city, 1), 200),
            "all_p95_ms": at_most(round(1000 * all_, 1), 200),
        },
    }
