import pytest

from tests.factories.villages import lacking


@pytest.fixture
def waiting(world):
    """Two villages that a roster lacked wait for a decision."""
    lacking(world.village, world.second_village)
    return world
