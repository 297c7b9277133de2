"""People at browsers, on data that the factories made and committed."""

from collections.abc import Callable
from typing import Any

import pytest

from mianyang_xuncha import reference
from tests.e2e.visitors import Visit, Visitor
from tests.factories import world as place
from tests.factories.world import World


@pytest.fixture
def cast(transactional_db: Any) -> World:
    """The cast and the reference data, where the server can see them."""
    reference.load_kinds_and_rules()
    return place.build()


@pytest.fixture
def visitor(live_server: Any, new_page: Callable[..., Any]) -> Visit:
    """visitor(width=390) → a person who has not signed in yet."""

    def come(**options: Any) -> Visitor:
        return Visitor(new_page(**options), live_server.url)

    return come
