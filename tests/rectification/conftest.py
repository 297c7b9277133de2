"""Items in each state, and who of the cast may not do what."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories import rectification as make


@pytest.fixture
def assigned(world: Any) -> Any:
    return make.assigned_items(world)[0]


@pytest.fixture
def item(world: Any) -> Any:
    """IN_PROGRESS."""
    return make.open_item(world)


@pytest.fixture
def submitted(world: Any) -> Any:
    return make.submitted_item(world)


@pytest.fixture
def supervised(world: Any) -> Any:
    return make.supervised_item(world)


@pytest.fixture
def closed(world: Any) -> Any:
    return make.closed_item(world)


@pytest.fixture
def let_through(world: Any) -> Callable[..., set[str]]:
    """let_through(call, except_for=[…]) → names of the cast for whom `call(user)` was not refused."""

    def names(call: Callable[[Any], Any], except_for: Iterable[str] = ()) -> set[str]:
        passed = set()
        for name, user in world.people.items():
            if name in except_for:
                continue
            try:
                call(user)
            except PermissionDenied:
                continue
            passed.add(name)
        return passed

    return names
