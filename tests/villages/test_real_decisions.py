"""Mianyang before and after the mergers, with people's decisions for one whole county: everything adds up."""

from collections import Counter
from datetime import date

import pytest
from django.conf import settings as project

from accounts.enums import OrganKind, Post
from accounts.models import Division
from common import integrity
from inspections.models import Term
from inspections.selectors.coverage import coverage
from mianyang_xuncha import reference
from tests.factories.world import person
from villages.enums import Act, Confidence
from villages.models import RosterChange, Village
from villages.roster.imports import import_file
from villages.selectors.likeness import suggest_successors
from villages.selectors.undecided import progress, townships_with_counts, undecided
from villages.services import Decision, Order, decide

FIXTURES = project.BASE_DIR / "fixtures"
DAY = date(2020, 6, 1)
ORDER = Order("川民函〔2020〕8号", DAY, "两项改革")


@pytest.fixture
def city(db, settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    reference.load_divisions()
    for name in ("roster_before_merger.csv", "roster_2023.csv"):
        import_file(path=FIXTURES / name, county=None, commit=True)
    place = Division.objects.get(code="510700000000")
    Term.objects.create(city=place, name="七届市委", starts_on=date(2017, 1, 1), ends_on=date(2021, 12, 31))
    return person("city_admin", "市名册管理员", place, OrganKind.INSPECTION_OFFICE, Post.ROSTER_ADMINISTRATOR)


def admin_of(code):
    place = Division.objects.get(code=code)
    return person("county_admin", "县名册管理员", place, OrganKind.INSPECTION_OFFICE, Post.ROSTER_ADMINISTRATOR)


def by_suggestion(villages):
    """The likeliest suggestion where there is one; the few without a clue are withdrawn."""
    found = suggest_successors(villages)
    codes = {one.place.code for places in found.values() for one in places}
    ids = dict(Village.objects.filter(division__code__in=codes).values_list("division__code", "pk"))
    for village in villages:
        best = next(iter(found[village.pk]), None)
        goal = ids[best.place.code] if best else None
        yield Decision(village.pk, best.act if best else Act.WITHDRAW, village.version, goal)


def test_every_village_that_the_new_roster_lacks_waits_and_no_other(city):
    assert undecided(city).count() == 2677
    assert progress(city) == {"waiting": 2677, "decided": 0}
    assert sum(one.waiting for one in townships_with_counts(city)) == 2677
    assert Village.objects.filter(missing_from=None).count() == 2071


def test_suggestions_say_how_sure_they_are(city):
    villages = list(undecided(city).select_related("division", "township"))
    best = Counter(found[0].confidence if found else None for found in suggest_successors(villages).values())
    assert best == {Confidence.HIGH: 445, Confidence.MEDIUM: 458, Confidence.LOW: 1711, None: 63}


def test_one_county_decided_township_by_township_adds_up(city):
    admin = admin_of("510703000000")
    term = Term.objects.get()
    county = admin.division
    before = {one.key: one.total for one in coverage(term, admin).by_year}
    whole = {one.key: one.total for one in coverage(term, city).by_year}
    assert before == dict.fromkeys(range(2017, 2022), 254)
    assert whole == dict.fromkeys(range(2017, 2022), 3788)

    for township in list(townships_with_counts(admin)):
        villages = list(undecided(admin).filter(township=township).select_related("division", "township"))
        decide(decisions=list(by_suggestion(villages)), order=ORDER, actor=admin)

    own = Village.objects.filter(county=county)
    assert Counter(own.values_list("status", flat=True)) == {"ACTIVE": 162, "MERGED": 155, "WITHDRAWN": 8}
    assert progress(admin) == {"waiting": 0, "decided": 163}
    assert undecided(city).count() == 2677 - 163
    history = Counter(RosterChange.objects.filter(roster=None, village__in=own).values_list("change", flat=True))
    assert history["MERGED"] + history["RECODED"] == 155
    assert history["WITHDRAWN"] == 8
    assert set(own.exclude(status="ACTIVE").values_list("valid_to", flat=True)) == {DAY}

    after = {one.key: one.total for one in coverage(term, admin).by_year}
    assert {year: after[year] for year in (2017, 2018, 2019)} == {2017: 254, 2018: 254, 2019: 254}
    stand = own.filter(status="ACTIVE").exclude(valid_from__gt=date(2020, 12, 31)).count()
    assert after[2020] == after[2021] == stand
    assert {one.key: one.total for one in coverage(term, city).by_year}[2019] == 3788
    assert [line for answer in integrity.ask() for line in answer.found] == []


def test_the_same_roster_once_more_leaves_decided_villages_alone(city):
    admin = admin_of("510703000000")
    villages = list(undecided(admin).select_related("division", "township"))
    decide(decisions=list(by_suggestion(villages)), order=ORDER, actor=admin)
    again = import_file(path=FIXTURES / "roster_2023.csv", county=None, commit=True)
    assert (again.unchanged, again.created, again.missing) == (2071, 0, 2677 - 163)
    assert not undecided(admin).exists()
