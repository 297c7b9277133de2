"""Where the audiences of reminders sit, and who is told instead when nobody sits there (E7)."""

from dataclasses import dataclass

from accounts.enums import OrganKind, Post, Tier

from .enums import Audience


@dataclass(frozen=True)
class Seat:
    """Active people with one of these posts, in the organ of this kind, at the item's division of this tier."""

    kind: OrganKind
    tier: Tier
    posts: frozenset[str]
    next_up: Audience | None = None


ANY_POST = frozenset(Post.values)
# An office is its head and officers, who urge and close. Its roster administrator keeps villages: told nothing,
# and an office with nobody else counts as vacant, so that the reminder climbs instead of ending there.
OFFICE_POSTS = frozenset({Post.HEAD, Post.OFFICER})

SEATS = {
    Audience.VILLAGE_ORGANISATION: Seat(
        OrganKind.VILLAGE_PARTY, Tier.VILLAGE, ANY_POST, next_up=Audience.TOWNSHIP_COMMITTEE
    ),
    Audience.TOWNSHIP_COMMITTEE: Seat(
        OrganKind.PARTY_COMMITTEE, Tier.TOWNSHIP, ANY_POST, next_up=Audience.COUNTY_OFFICE
    ),
    Audience.TOWNSHIP_SECRETARY: Seat(
        OrganKind.PARTY_COMMITTEE, Tier.TOWNSHIP, frozenset({Post.HEAD}), next_up=Audience.COUNTY_OFFICE
    ),
    Audience.TOWNSHIP_DISCIPLINE: Seat(
        OrganKind.TOWNSHIP_DISCIPLINE, Tier.TOWNSHIP, ANY_POST, next_up=Audience.COUNTY_OFFICE
    ),
    Audience.COUNTY_OFFICE: Seat(OrganKind.INSPECTION_OFFICE, Tier.COUNTY, OFFICE_POSTS, next_up=Audience.CITY_OFFICE),
    Audience.CITY_OFFICE: Seat(OrganKind.INSPECTION_OFFICE, Tier.CITY, OFFICE_POSTS),
}


def chain(audience: Audience) -> list[Audience]:
    """The audience itself, then whoever takes its reminders while it is vacant."""
    found: list[Audience] = []
    following: Audience | None = audience
    while following is not None:
        found.append(following)
        following = SEATS[following].next_up
    return found


def seat_rows() -> dict[str, list[str]]:
    """SEATS as parallel columns for SQL."""
    rows = [(one, seat.kind, seat.tier, post) for one, seat in SEATS.items() for post in sorted(seat.posts)]
    return {name: [str(row[place]) for row in rows] for place, name in enumerate(("seats", "kinds", "tiers", "posts"))}


def chain_rows() -> dict[str, list[str]]:
    """The chains as parallel columns for SQL: audience, how far up, whose seat, at which tier."""
    rows = [(one, step, seat, SEATS[seat].tier) for one in SEATS for step, seat in enumerate(chain(one))]
    names = ("chain_audiences", "chain_steps", "chain_seats", "chain_tiers")
    return {name: [str(row[place]) for row in rows] for place, name in enumerate(names)}
