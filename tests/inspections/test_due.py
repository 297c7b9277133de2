"""By when each class is due: one rule, which suggestion and forecast share (A1)."""

from datetime import date

import pytest

from inspections.models import Term
from inspections.selectors import due, forecast, suggestion
from inspections.selectors.due import due_on, years_in_time
from villages.enums import VillageClass

KEY, RISK, ORDINARY = VillageClass.KEY_FOCUS, VillageClass.RISK, VillageClass.ORDINARY


def term(first, last):
    return Term(name="本届", starts_on=first, ends_on=last)


@pytest.mark.parametrize(
    ("first", "last", "key", "risk"),
    [
        (date(2024, 1, 1), date(2028, 12, 31), date(2026, 7, 2), date(2027, 12, 31)),
        (date(2021, 10, 1), date(2026, 9, 30), date(2024, 3, 31), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 7, 2), date(2026, 12, 31)),
    ],
)
def test_key_by_the_middle_risk_before_the_last_year_the_rest_by_the_end(first, last, key, risk):
    found = term(first, last)
    assert [due_on(found, klass) for klass in (KEY, RISK, ORDINARY, None)] == [key, risk, last, last]


def test_years_in_time_end_with_the_day_that_is_due():
    found = term(date(2024, 1, 1), date(2028, 12, 31))
    assert [years_in_time(found, KEY, year) for year in (2024, 2026, 2027)] == [3, 1, 0]
    assert [years_in_time(found, RISK, year) for year in (2024, 2027, 2028)] == [4, 1, 0]


def test_suggestion_and_forecast_ask_the_same_rule():
    assert suggestion.years_in_time is due.years_in_time
    assert forecast.due_on is due.due_on
