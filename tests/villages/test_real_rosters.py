"""The rosters of Mianyang before and after the mergers: every count adds up, nothing vanishes, history is kept."""

import csv
from collections import Counter

import pytest
from django.conf import settings

from accounts.enums import Tier
from accounts.models import Division
from mianyang_xuncha import reference
from villages.models import RosterChange, Village
from villages.roster.imports import import_file

FIXTURES = settings.BASE_DIR / "fixtures"
BEFORE, AFTER = FIXTURES / "roster_before_merger.csv", FIXTURES / "roster_2023.csv"


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["统计区划代码"]: row for row in csv.DictReader(file)}


def run(path, *, commit=True, county=None):
    return import_file(path=path, county=county, commit=commit)


@pytest.fixture
def divisions(db):
    reference.load_divisions()


def test_the_old_roster_then_the_new_one_on_top(divisions):
    old, new = read(BEFORE), read(AFTER)
    same = old.keys() & new.keys()
    kept = sum(old[code]["村(社区)名称"] == new[code]["村(社区)名称"] for code in same)

    first = run(BEFORE)
    assert (first.rows, first.created, first.refusals.told, first.missing) == (3788, 3788, [], 0)
    assert Village.objects.count() == 3788
    townships = Village.objects.values("township").distinct().count()
    assert townships == 294

    second = run(AFTER)
    assert second.rows == 2071 == second.created + second.unchanged + second.renamed
    assert (second.created, second.renamed, second.unchanged) == (2071 - len(same), len(same) - kept, kept)
    assert (second.created, second.renamed, second.unchanged) == (960, 905, 206)
    assert second.missing == 3788 - len(same) == 2677
    assert (second.merged, second.withdrawn, second.refusals.told) == (0, 0, [])

    assert Village.objects.count() == len(old.keys() | new.keys()) == 4748
    assert Village.objects.filter(status="ACTIVE").count() == 4748
    history = Counter(RosterChange.objects.values_list("change", flat=True))
    assert history == {"CREATED": 4748, "RENAMED": 905}
    names = dict(Village.objects.values_list("division__code", "division__name"))
    assert all(names[code] == row["村(社区)名称"] for code, row in (old | new).items())
    assert all(
        fields["name"] == [old[code]["村(社区)名称"], new[code]["村(社区)名称"]]
        for code, fields in RosterChange.objects.filter(change="RENAMED").values_list(
            "village__division__code", "fields"
        )
    )

    again = run(AFTER)
    assert (again.unchanged, again.created, again.renamed, again.missing) == (2071, 0, 0, 2677)
    assert RosterChange.objects.count() == 4748 + 905


def test_the_new_roster_needs_no_other_townships_than_the_reference(divisions):
    outcome = run(AFTER)
    assert (outcome.created, outcome.townships_created, outcome.townships_renamed) == (2071, [], [])
    assert Village.objects.values("township").distinct().count() == 167
    assert Division.objects.filter(tier=Tier.TOWNSHIP).count() == 167


def test_a_county_takes_its_own_part_of_a_citys_file_only(divisions):
    county = Division.objects.get(code="510703000000")
    outcome = run(AFTER, county=county)
    assert (outcome.committed, Village.objects.count()) == (False, 0)
    assert (outcome.created, len(outcome.refusals.rows)) == (162, 2071 - 162)
    assert {one.column for one in outcome.refusals.told} == {"县(市、区)"}
