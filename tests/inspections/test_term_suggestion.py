"""The roster of 2023 planned over a term: every village, class before class, and what cannot be had (A1)."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division
from common.calendar import today
from common.models import AuditEvent
from inspections import services
from inspections.models import PlanEntry
from inspections.selectors.suggestion import term_suggestion
from tests.factories.world import person
from villages.enums import VillageClass
from villages.models import Village

KEY, RISK, PLAIN = VillageClass.values
MIX = (KEY, RISK, PLAIN, PLAIN, KEY, PLAIN, PLAIN, RISK, PLAIN, PLAIN)
YEARS, FIRST_HALF = 5, 3
FUCHENG = "510703000000"


def lines(name):
    with (Path(settings.BASE_DIR) / "fixtures" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def county(db):
    """All villages of the fixture in their nine counties, a fixed mix of classes, and a term from this year on.

    Gives the county by its code, with the officer of its office.
    """
    places = {}
    for row in lines("divisions.csv"):
        places[row["code"]] = Division.objects.create(
            code=row["code"], name=row["name"], tier=row["tier"], parent=places.get(row["parent_code"])
        )
    by_name = {(one.parent.name, one.name): one for one in places.values() if one.tier == Tier.TOWNSHIP}
    roster = [(row, by_name[row["县(市、区)"], row["乡镇(街道)"]]) for row in lines("roster_2023.csv")]
    divisions = Division.objects.bulk_create(
        Division(code=row["统计区划代码"], name=row["村(社区)名称"], tier=Tier.VILLAGE, parent=township)
        for row, township in roster
    )
    Village.objects.bulk_create(
        Village(division=one, township=one.parent, county=one.parent.parent, klass=MIX[index % len(MIX)])
        for index, one in enumerate(divisions)
    )
    city = person("city", "市办", places["510700000000"], OrganKind.INSPECTION_OFFICE)
    first = today().replace(month=1, day=1)
    services.create_term(
        city=places["510700000000"],
        name="本届",
        starts_on=first,
        ends_on=first.replace(year=first.year + YEARS - 1, month=12, day=31),
        targets={first.year + index: 20 * (index + 1) for index in range(YEARS)},
        actor=city,
    )
    counties = {one.code: one for one in places.values() if one.tier == Tier.COUNTY}
    for one in counties.values():
        one.officer = person(f"o{one.code[:6]}", "县办", one, OrganKind.INSPECTION_OFFICE)
    return counties


def draft(county, year=None):
    return services.create_plan(county=county, year=year or today().year, actor=county.officer)


def forces(county, **values):
    head = person("head", "主任", county, OrganKind.INSPECTION_OFFICE, Post.HEAD)
    values = {"waves": 2, "teams": 2, "villages_per_team": 5, "member_days": 120, "days": {}} | values
    return services.set_forces(county=county, actor=head, **values)


def codes(found):
    return [one.code for one in found.unmet]


def test_following_it_year_by_year_covers_all_2071_villages_class_by_class(county):
    years = defaultdict(Counter)
    for year in range(today().year, today().year + YEARS):
        for one in county.values():
            services.suggest_plan(plan=draft(one, year), actor=one.officer)
        for klass, count in Counter(PlanEntry.objects.filter(plan__year=year).values_list("klass", flat=True)).items():
            years[year - today().year][klass] = count
    assert PlanEntry.objects.count() == PlanEntry.objects.values("village").distinct().count() == 2071
    assert sum(years[index][KEY] for index in range(FIRST_HALF)) == MIX.count(KEY) * 207 + 1
    assert years[YEARS - 1][RISK] == 0
    total = 0
    for index in range(YEARS):
        total += sum(years[index].values())
        assert total >= 2071 * 20 * (index + 1) // 100


def test_one_look_ahead_finds_a_place_for_every_village_and_leaves_no_wish_open(county):
    planned = 0
    for one in county.values():
        found = term_suggestion(draft(one))
        assert found.unmet == []
        planned += sum(year.total for year in found.years)
        for year in found.years:
            townships = defaultdict(set)
            for village, wave in year.entries:
                townships[village.township_id].add(wave)
            assert all(len(waves) == 1 for waves in townships.values())
    assert planned == 2071


def test_statements_do_not_grow_with_the_county(county):
    by_size = sorted(county.values(), key=lambda one: Village.objects.filter(county=one).count())
    asked = {}
    for one in (by_size[0], by_size[-1]):
        plan = draft(one)
        with CaptureQueriesContext(connection) as looked:
            term_suggestion(plan)
        with CaptureQueriesContext(connection) as done:
            services.suggest_plan(plan=plan, actor=one.officer)
        asked[one] = (len(looked), len(done))
    assert asked[by_size[0]] == asked[by_size[-1]] == (12, 17)


def test_few_teams_take_key_first_and_the_rest_is_told(county):
    one = county[FUCHENG]
    forces(one)
    found = term_suggestion(draft(one))
    villages = Village.objects.filter(county=one)
    assert [year.total for year in found.years] == [20] * YEARS
    key = villages.filter(klass=KEY).count()
    assert sum(year.by_class[0] for year in found.years[:FIRST_HALF]) == min(key, 20 * FIRST_HALF)
    assert {"capacity", "target"} <= set(codes(found))
    [told] = [remark.text for remark in found.unmet if remark.code == "capacity"]
    assert f"还有 {villages.count() - 100} 个村" in told
    assert "每年最多 20 个村" in told


def test_no_wave_holds_more_than_the_teams_can_do(county):
    one = county[FUCHENG]
    forces(one, teams=3, villages_per_team=4)
    plan = draft(one)
    services.suggest_plan(plan=plan, actor=one.officer)
    assert max(Counter(plan.entries.values_list("wave", flat=True)).values()) <= 12
    assert "排不进去" in AuditEvent.objects.filter(action="suggest_plan").get().note


def test_key_villages_that_miss_the_first_half_are_named(county):
    one = county[FUCHENG]
    forces(one, teams=1, villages_per_team=1)
    found = term_suggestion(draft(one))
    late = next(remark for remark in found.unmet if remark.code == "key_focus")
    assert late.text.startswith(f"{Village.objects.filter(county=one, klass=KEY).count() - 6} 个")
    assert late.villages


def test_villages_that_no_own_team_may_inspect_are_named(county):
    one = county[FUCHENG]
    plan = draft(one)
    village = next(village for village, _wave in term_suggestion(plan).entries if village.klass == KEY)
    for number in range(2):
        person(f"m{number}", f"组员{number}", one, OrganKind.INSPECTION_TEAM, native_township=village.township)
    found = term_suggestion(plan)
    told = next(remark for remark in found.unmet if remark.code == "recused")
    assert any(village.township.name in name for name in told.villages)
    person("m9", "外地组员", one, OrganKind.INSPECTION_TEAM)
    person("m8", "外地组员", one, OrganKind.INSPECTION_TEAM)
    assert "recused" not in codes(term_suggestion(plan))


def test_the_page_shows_it_and_puts_on_what_is_ticked(county, client):
    one = county[FUCHENG]
    forces(one)
    plan = draft(one)
    client.force_login(one.officer)
    url = reverse("inspections:plan_suggest", args=[plan.pk])
    page = client.get(url).content.decode()
    assert "建议列入 20 个村" in page
    assert "满足不了的" in page
    township = term_suggestion(plan).entries[0][0].township_id
    assert client.post(url, {"ids": []}).status_code == 422
    for unknown in ([987654321], [township, Division.objects.exclude(parent=one.pk).first().pk]):
        refused = client.post(url, {"ids": unknown})
        assert refused.status_code == 422
        assert "所选的乡镇不在现在的建议之内" in refused.content.decode()
    assert not plan.entries.exists()
    assert client.post(url, {"ids": [township]}).status_code == 302
    assert set(plan.entries.values_list("village__township", flat=True)) == {township}
    services.submit_plan(plan=plan, actor=one.officer)
    assert client.get(url).status_code == client.post(url, {"ids": [township]}).status_code == 409
