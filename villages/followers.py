"""Who must follow when villages merge, move, end or come back: rows of upper apps that carry a village's scope.

An upper app registers two functions in its `AppConfig.ready`: one that takes its rows along, and one that says what
hangs on villages before anybody decides. Rosters and decisions call `follow` inside their transaction, so that open
work and the village change together or not at all (domain.md, roster import 4).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Merged:
    """`village` is no more; its open work goes to `successor` (ids). `same`: it goes on there under another code."""

    village: int
    successor: int
    same: bool = False


@dataclass(frozen=True)
class Moved:
    """`village` now lies in `township` (ids); the scope columns of its rows that may still change follow."""

    village: int
    township: int


@dataclass(frozen=True)
class Readjustment:
    """What happened to villages in one transaction; the villages themselves are already as they are to be."""

    actor: Any
    merged: Sequence[Merged] = ()
    moved: Sequence[Moved] = ()
    withdrawn: Collection[int] = ()
    restored: Collection[int] = ()

    def goals(self) -> dict[int, int]:
        """Where the open work of each merged village goes: to the end of a chain that runs within this change."""
        following = {one.village: one.successor for one in self.merged}
        return {one: end_of(one, following) for one in following}


def end_of(start: int, following: Mapping[int, int]) -> int:
    """The last of a chain of villages; a circle, which the database refuses, would end where it closes."""
    seen = {start}
    while (step := following.get(start)) is not None and step not in seen:
        seen.add(step)
        start = step
    return start


@dataclass(frozen=True)
class Load:
    """Open work of one kind that hangs on villages: how much on each of them (those that have any)."""

    label: str
    unit: str
    counts: Mapping[int, int]
    bars_withdrawal: bool = False
    """It needs a village to be at: who has any cannot be withdrawn, only merged."""
    bars_leaving: bool = False
    """It belongs to the county: who has any cannot merge into a village of another one."""


Follower = Callable[[Readjustment], None]
Bearer = Callable[[Collection[int]], "Sequence[Load]"]
_followers: list[tuple[Follower, Bearer]] = []


def nothing(villages: Collection[int]) -> Sequence[Load]:
    return ()


def register(follower: Follower, bearer: Bearer = nothing) -> None:
    """`follower(readjustment)`, `bearer(villages)` → loads; registering twice counts once."""
    if (follower, bearer) not in _followers:
        _followers.append((follower, bearer))


def loads(villages: Collection[int]) -> list[Load]:
    """Everything open that hangs on these villages (ids), app by app."""
    return [load for _follower, bearer in _followers for load in bearer(villages)]


def follow(change: Readjustment) -> None:
    """Take everything along. Raises ValidationError when a withdrawn village still has work to be done."""
    if held := list(_held(change.withdrawn)):
        raise ValidationError(held)
    for follower, _bearer in _followers:
        follower(change)


def _held(withdrawn: Collection[int]) -> Iterator[str]:
    from .models import Village

    barring = [one for one in loads(withdrawn) if one.bars_withdrawal] if withdrawn else []
    busy = {village for one in barring for village in one.counts}
    for village in Village.objects.filter(pk__in=busy).select_related("division", "township").order_by("pk"):
        told = "、".join(
            f"{one.label} {one.counts[village.pk]} {one.unit}" for one in barring if village.pk in one.counts
        )
        yield _("“%(village)s”还有%(work)s，不能撤销：请先办结，或改为并入接续工作的村。") % {
            "village": village.full_name,
            "work": told,
        }
