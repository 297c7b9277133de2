"""届期: opened by the city, with yearly targets (A1)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from inspections import services
from inspections.models import Term

DATES = {"starts_on": date(2026, 1, 1), "ends_on": date(2030, 12, 31)}
TARGETS = {2026: 20, 2027: 40, 2028: 60, 2029: 80, 2030: 100}


def create(world, **changes):
    values = {"city": world.city, "name": "八届", "targets": TARGETS, "actor": world.city_officer} | DATES | changes
    return services.create_term(**values)


def test_city_opens_a_term_with_targets(world):
    term = create(world)
    assert dict(term.targets.values_list("year", "percent")) == TARGETS


@pytest.mark.parametrize(
    "name", ["county_head", "leading_group", "city_roster_admin", "township_secretary", "sysadmin"]
)
def test_nobody_else_opens_a_term(world, name):
    with pytest.raises(PermissionDenied):
        create(world, actor=getattr(world, name))


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": date(2025, 1, 1)},
        {"targets": {2025: 10}},
        {"targets": {2026: 50, 2027: 40}},
        {"targets": {2026: 101}},
    ],
)
def test_a_term_that_makes_no_sense_is_refused(world, changes):
    with pytest.raises(ValidationError):
        create(world, **changes)


def test_overlapping_term_is_refused(world):
    create(world)
    with pytest.raises(ValidationError, match="重叠"):
        create(world, name="又一届", starts_on=date(2030, 1, 1), ends_on=date(2034, 12, 31), targets={})


def test_the_next_term_may_follow(world):
    create(world)
    create(world, name="九届", starts_on=date(2031, 1, 1), ends_on=date(2035, 12, 31), targets={})
    assert Term.objects.count() == 2


def test_page_opens_a_term(world, signed_in):
    values = {"name": "八届", "starts_on": "2026-01-01", "ends_on": "2030-12-31", "targets": "20 40，60 80 100%"}
    response = signed_in(world.city_officer).post(reverse("inspections:term_new"), values)
    assert response.status_code == 302
    assert Term.objects.get().targets.count() == 5


def test_page_says_what_is_wrong_with_the_targets(world, signed_in):
    values = {"name": "八届", "starts_on": "2026-01-01", "ends_on": "2030-12-31", "targets": "二十"}
    response = signed_in(world.city_officer).post(reverse("inspections:term_new"), values)
    assert response.status_code == 422
    assert "整数" in response.content.decode()
