"""A small world for tests: one city, two counties, three townships, four villages and the fixed cast.

Names of divisions are real; the people are invented. Everything is dull: one row each, no surprises.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, Organ, User
from accounts.services import set_pinyin
from common import audit
from villages.models import Village

PASSWORD = "Xuncha-2026-test"


def division(code: str, name: str, tier: Tier, parent: Division | None = None) -> Division:
    one = Division(code=code, name=name, tier=tier, parent=parent)
    set_pinyin(one)
    one.save()
    return one


def village(code: str, name: str, township: Division, **fields: Any) -> Village:
    place = division(code, name, Tier.VILLAGE, township)
    return Village.objects.create(division=place, township=township, county=township.parent, **fields)


def person(
    username: str, name: str, place: Division, kind: OrganKind, post: Post = Post.OFFICER, **fields: Any
) -> User:
    with transaction.atomic():
        user = _person(username, name, place, kind, post, **fields)
        tell([user])
    return user


def _person(
    username: str, name: str, place: Division, kind: OrganKind, post: Post = Post.OFFICER, **fields: Any
) -> User:
    organ, _ = Organ.objects.get_or_create(division=place, kind=kind, defaults={"name": f"{place.name}{kind.label}"})
    fields = {"email": f"{username}@example.invalid", "must_change_password": False} | fields
    user = User(username=username, full_name=name, organ=organ, post=post, **fields)
    user.set_unusable_password()  # tests sign in by force_login; hashing a password for each would cost seconds
    user.save()
    return User.objects.select_related("organ__division__parent").get(pk=user.pk)


def tell(users: Iterable[User]) -> None:
    """The events without which the database takes neither the people nor their organs, nor a change of them."""
    known = list(users)
    organs = {one.organ_id: one.organ for one in known}
    audit.record_many([audit.row("cast", one, actor=None) for one in [*organs.values(), *known]])


@contextmanager
def told() -> Iterator[None]:
    """Around rows that a test writes beside the services: the event that the database asks for."""
    with transaction.atomic():
        audit.record("cast", "accounts.Division", actor=None)
        yield


@transaction.atomic
def change(*users: User, **fields: Any) -> None:
    """Other accounts than the services would make of them, where each transaction stands for itself."""
    tell(users)
    User.objects.filter(pk__in=[one.pk for one in users]).update(**fields)


def moved(user: User, *, to: User) -> User:
    """The same person in the other's organ and post, as the next request would load them."""
    change(user, organ=to.organ, post=to.post)
    return User.objects.select_related("organ__division__parent").get(pk=user.pk)


@dataclass
class World:
    city: Division
    county: Division
    other_county: Division
    township: Division
    sibling_township: Division
    other_township: Division
    village: Village
    second_village: Village
    sibling_village: Village
    other_village: Village
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def build() -> World:
    city = division("510700000000", "绵阳市", Tier.CITY)
    county = division("510703000000", "涪城区", Tier.COUNTY, city)
    other_county = division("510704000000", "游仙区", Tier.COUNTY, city)
    township = division("510703103000", "青义镇", Tier.TOWNSHIP, county)
    sibling = division("510703100000", "丰谷镇", Tier.TOWNSHIP, county)
    other = division("510704101000", "沉抗镇", Tier.TOWNSHIP, other_county)
    world = World(
        city=city,
        county=county,
        other_county=other_county,
        township=township,
        sibling_township=sibling,
        other_township=other,
        village=village("510703103201", "龙门村", township),
        second_village=village("510703103202", "方水村", township),
        sibling_village=village("510703100201", "二社村", sibling),
        other_village=village("510704101201", "抗香村", other),
    )
    world.people = cast(world)
    return world


@transaction.atomic
def cast(w: World) -> dict[str, User]:
    """The fixed cast; `other_…` sit in the other county or township."""
    k, p = OrganKind, Post
    who = {
        "city_officer": ("市巡察办干部", w.city, k.INSPECTION_OFFICE, p.OFFICER),
        "city_roster_admin": ("市名册管理员", w.city, k.INSPECTION_OFFICE, p.ROSTER_ADMINISTRATOR),
        "county_officer": ("县巡察办干部", w.county, k.INSPECTION_OFFICE, p.OFFICER),
        "county_head": ("县巡察办主任", w.county, k.INSPECTION_OFFICE, p.HEAD),
        "roster_admin": ("县名册管理员", w.county, k.INSPECTION_OFFICE, p.ROSTER_ADMINISTRATOR),
        "other_county_officer": ("邻县巡察办干部", w.other_county, k.INSPECTION_OFFICE, p.OFFICER),
        "other_county_head": ("邻县巡察办主任", w.other_county, k.INSPECTION_OFFICE, p.HEAD),
        "leading_group": ("县委领导", w.county, k.LEADING_GROUP, p.HEAD),
        "team_leader": ("巡察组组长", w.county, k.INSPECTION_TEAM, p.TEAM_LEADER),
        "team_member": ("巡察组组员", w.county, k.INSPECTION_TEAM, p.OFFICER),
        "spare_member": ("待派组员", w.county, k.INSPECTION_TEAM, p.OFFICER),
        "county_discipline": ("县纪委干部", w.county, k.DISCIPLINE_COMMISSION, p.OFFICER),
        "org_officer": ("组织部干部", w.county, k.ORGANISATION_DEPARTMENT, p.OFFICER),
        "department_officer": ("农业农村局干部", w.county, k.FUNCTIONAL_DEPARTMENT, p.OFFICER),
        "township_secretary": ("镇党委书记", w.township, k.PARTY_COMMITTEE, p.HEAD),
        "township_officer": ("镇党委干部", w.township, k.PARTY_COMMITTEE, p.OFFICER),
        "sibling_township_secretary": ("邻镇党委书记", w.sibling_township, k.PARTY_COMMITTEE, p.HEAD),
        "other_township_secretary": ("外县镇党委书记", w.other_township, k.PARTY_COMMITTEE, p.HEAD),
        "discipline_officer": ("镇纪检专干", w.township, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_OFFICER),
        "discipline_member": ("镇纪委委员", w.township, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_MEMBER),
        "sibling_discipline_officer": ("邻镇纪检专干", w.sibling_township, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_OFFICER),
        "village_secretary": ("村书记", w.village.division, k.VILLAGE_PARTY, p.HEAD),
        "other_village_secretary": ("邻村书记", w.second_village.division, k.VILLAGE_PARTY, p.HEAD),
        "supervisor": ("村监委主任", w.village.division, k.VILLAGE_SUPERVISORY, p.HEAD),
        "other_supervisor": ("邻村监委主任", w.second_village.division, k.VILLAGE_SUPERVISORY, p.HEAD),
        "sysadmin": ("系统管理员", w.city, k.SYSTEM_ADMINISTRATION, p.OFFICER),
        "auditor": ("安全审计员", w.city, k.SECURITY_AUDIT, p.OFFICER),
    }
    people = {name: _person(name, *fields) for name, fields in who.items()}
    tell(people.values())
    return people
