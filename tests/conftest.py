"""The fixed cast, and reference data where a test needs it."""

from typing import Any

import pytest

from mianyang_xuncha import reference
from tests.factories.world import World, build


@pytest.fixture
def world(db: Any) -> World:
    """One city, two counties, three townships, four villages, everybody of the cast (world.county_officer …)."""
    return build()


@pytest.fixture
def reference_data(db: Any) -> None:
    """Kinds, checklist, reminder rules, deadlines (not the divisions: `world` has its own few)."""
    reference.load_kinds_and_rules()


@pytest.fixture
def signed_in(client: Any) -> Any:
    """signed_in(world.county_officer) → a client in that person's session."""

    def sign_in(user: Any) -> Any:
        client.force_login(user)
        return client

    return sign_in
