import pytest

from rectification.services.reminders import set_reminders
from tests.factories import rectification as make
from tests.rectification.reminders.given import assigned, days


@pytest.fixture
def switched_on(world):
    return set_reminders(county=world.county, on=True, actor=world.county_head)


@pytest.fixture
def item(world, switched_on):
    return assigned(world)[0]


@pytest.fixture
def twins(world, switched_on):
    """Two items of the same deadline; the immediate one is far off."""
    items = assigned(world, findings=3)
    (immediate,) = [one for one in items if one.is_immediate]
    make.due_on(world, immediate, days(items[0], 200))
    return [one for one in items if one != immediate]
