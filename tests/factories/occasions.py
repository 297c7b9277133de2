"""Occasions and what follows from them, made through the services."""

from datetime import timedelta
from typing import Any

from accounts.models import Organ
from common.calendar import today
from oversight import services
from oversight.models import FollowUp, Occasion
from tests.factories.world import World

HELD = {"people": "县委巡察办主要负责人、镇党委书记", "record": "通报超期情况，镇党委作了说明。"}


def talk(world: World, *, title: str = "整改超期约谈", held: bool = True) -> Occasion:
    """The county's head talks with the township's committee."""
    return services.arrange_occasion(
        kind="TALK",
        county=world.county,
        township=world.township,
        title=title,
        day=today(),
        actor=world.county_head,
        **(HELD if held else {}),
    )


def visit(world: World, **given: Any) -> Occasion:
    """The city visits the county."""
    values: dict[str, Any] = {"title": "指导督导", "day": today(), **HELD, **given}
    return services.arrange_occasion(kind="GUIDANCE_VISIT", county=world.county, actor=world.city_officer, **values)


def follow_up(world: World, occasion: Occasion, *, text: str = "五天内报整改方案", days: int = 5) -> FollowUp:
    """The township's committee is asked for something."""
    return services.add_follow_up(
        occasion=occasion,
        text=text,
        organ=Organ.objects.get(division=world.township, kind="PARTY_COMMITTEE"),
        due=today() + timedelta(days=days),
        actor=world.county_head,
    )
