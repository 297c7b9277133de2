"""The invented people of the demo and the organs they sit in."""

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, User
from accounts.services import create_user, open_organ

PASSWORD = "Xuncha-demo-2026"  # shown on purpose; the demo is refused in production
STORY_COUNTY, OTHER_COUNTY = "涪城区", "游仙区"


class Cast:
    """Opens organs and creates accounts, each person with the next invented name of fixtures/demo_names.csv."""

    def __init__(self) -> None:
        self.names = _names()
        self.encoded = make_password(PASSWORD)
        self.users: dict[str, User] = {}

    def add(self, username: str, place: Division, kind: OrganKind, post: Post, organ: str = "") -> User:
        body = open_organ(division=place, kind=kind, actor=None, name=organ)
        user = create_user(
            organ=body,
            username=username,
            full_name=next(self.names),
            post=post,
            encoded=self.encoded,
            actor=None,
            must_change=False,
            email=f"{username}@demo.invalid",
            phone="0816-0000-000",
        )
        self.users[username] = user
        return user

    def __getitem__(self, username: str) -> User:
        """A fresh copy, so that memberships made meanwhile count."""
        return User.objects.select_related("organ__division__parent").get(username=username)


def _names() -> Iterator[str]:
    with (settings.BASE_DIR / "fixtures" / "demo_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["name"]


def city_and_counties(cast: Cast, city: Division, county: Division, other: Division) -> None:
    """The offices above the townships."""
    k, p = OrganKind, Post
    cast.add("city", city, k.INSPECTION_OFFICE, p.OFFICER, "市委巡察办")
    cast.add("cityroster", city, k.INSPECTION_OFFICE, p.ROSTER_ADMINISTRATOR, "市委巡察办")
    cast.add("cityhead", city, k.INSPECTION_OFFICE, p.HEAD, "市委巡察办")
    cast.add("admin", city, k.SYSTEM_ADMINISTRATION, p.OFFICER, "系统管理岗")
    cast.add("admin2", city, k.SYSTEM_ADMINISTRATION, p.OFFICER, "系统管理岗")
    cast.add("auditor", city, k.SECURITY_AUDIT, p.OFFICER, "安全审计岗")
    for prefix, place in (("", county), ("yx", other)):
        short = place.name.removesuffix("区")
        cast.add(f"{prefix}county", place, k.INSPECTION_OFFICE, p.OFFICER, f"{short}区委巡察办")
        cast.add(f"{prefix}head", place, k.INSPECTION_OFFICE, p.HEAD, f"{short}区委巡察办")
        cast.add(f"{prefix}roster", place, k.INSPECTION_OFFICE, p.ROSTER_ADMINISTRATOR, f"{short}区委巡察办")
        cast.add(f"{prefix}leader", place, k.LEADING_GROUP, p.HEAD, f"{short}区委巡察工作领导小组")
        cast.add(f"{prefix}team1", place, k.INSPECTION_TEAM, p.TEAM_LEADER, f"{short}区委巡察组")
        cast.add(f"{prefix}team2", place, k.INSPECTION_TEAM, p.OFFICER, f"{short}区委巡察组")
    cast.add("team3", county, k.INSPECTION_TEAM, p.TEAM_LEADER, "涪城区委巡察组")
    cast.add("team4", county, k.INSPECTION_TEAM, p.OFFICER, "涪城区委巡察组")
    cast.add("discipline", county, k.DISCIPLINE_COMMISSION, p.OFFICER, "涪城区纪委监委")
    cast.add("orgdept", county, k.ORGANISATION_DEPARTMENT, p.OFFICER, "涪城区委组织部")
    cast.add("agri", county, k.FUNCTIONAL_DEPARTMENT, p.OFFICER, "涪城区农业农村局")
    cast.add("team5", county, k.INSPECTION_TEAM, p.OFFICER, "涪城区委巡察组")
    cast.add("yxteam3", other, k.INSPECTION_TEAM, p.OFFICER, "游仙区委巡察组")


def township(cast: Cast, place: Division, prefix: str) -> None:
    """A township's committee and discipline committee."""
    k, p = OrganKind, Post
    cast.add(f"{prefix}secretary", place, k.PARTY_COMMITTEE, p.HEAD, f"{place.name}党委")
    cast.add(f"{prefix}officer", place, k.PARTY_COMMITTEE, p.OFFICER, f"{place.name}党委")
    cast.add(f"{prefix}discipline", place, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_OFFICER, f"{place.name}纪委")
    cast.add(f"{prefix}member", place, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_MEMBER, f"{place.name}纪委")


def village(cast: Cast, place: Division, prefix: str) -> None:
    """A village's Party organisation and supervisory committee."""
    cast.add(f"{prefix}v", place, OrganKind.VILLAGE_PARTY, Post.HEAD, f"{place.short_name}党组织")
    cast.add(f"{prefix}s", place, OrganKind.VILLAGE_SUPERVISORY, Post.HEAD, watchers(place))


def watchers(place: Division) -> str:
    """What a village's supervisory committee is called, a community's otherwise."""
    return place.short_name + ("居务监督委员会" if "社区" in place.name else "村务监督委员会")


def accounts(users: Any) -> list[dict[str, str]]:
    """What `seed_demo --json` prints."""
    return [
        {
            "username": one.username,
            "password": PASSWORD,
            "role": str(one.organ.role or one.organ.kind),
            "division": one.organ.division.name,
            "name": one.full_name,
            "organ": one.organ.name,
            "post": one.get_post_display(),
            "place": str(one.organ.division.parent if one.organ.division.tier == Tier.VILLAGE else one.organ.division),
        }
        for one in users
    ]
