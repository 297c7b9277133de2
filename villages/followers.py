"""Who must follow when a village merges into another or moves: rows of upper apps that carry its scope.

An upper app registers a function in its `AppConfig.ready`; the roster calls it inside its transaction, so that
open work and the village change together or not at all (domain.md, roster import 4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merged:
    """`village` is no more; its open work goes to `successor` (ids)."""

    village: int
    successor: int


@dataclass(frozen=True)
class Moved:
    """`village` now lies in `township` (ids); the scope columns of its rows that may still change follow."""

    village: int
    township: int


Follower = Callable[[Sequence[Merged], Sequence[Moved], Any], None]
_followers: list[Follower] = []


def register(follower: Follower) -> Follower:
    """`follower(merged, moved, actor)`; registering twice counts once."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def follow(*, merged: Sequence[Merged], moved: Sequence[Moved], actor: Any) -> None:
    for follower in _followers:
        follower(merged, moved, actor)
