"""Builders for common issues and campaigns, each step by whom it falls to."""

from datetime import timedelta
from typing import Any

from accounts.enums import OrganKind, Tier
from accounts.models import Organ, User
from accounts.services import open_organ
from common.calendar import today
from inspections.models import ChecklistItem, Term
from oversight import services
from oversight.models import Campaign, Circular, CommonIssue, SelfCheck, SelfCheckItem, SelfCheckNotice
from tests.factories.world import World
from villages.models import Village


def department(world: World) -> Organ:
    """The county's 农业农村局; in the world's own county the cast's department_officer sits in it."""
    found = Organ.objects.filter(division=world.county, kind=OrganKind.FUNCTIONAL_DEPARTMENT).first()
    kind = OrganKind.FUNCTIONAL_DEPARTMENT
    return found or open_organ(division=world.county, kind=kind, name="农业农村局", actor=None)


def issue(world: World, code: str = "B1-01", **fields: Any) -> CommonIssue:
    """PROPOSED by county_officer, whatever the thresholds say."""
    item = ChecklistItem.objects.filter(code=code).order_by("id")[0]
    spread = {"villages": 1, "townships": 1, "inspected": 1, "findings": 1}
    values = {"code": code, "text": item.text, "point": item.point, "analysis": "公开制度没有落到报账环节。"} | spread
    values |= {"department": department(world), "deadline": today() + timedelta(days=60)}
    values |= {"opened_by": world.county_officer, "opened_on": today()}
    return CommonIssue.objects.create(county=world.county, **values | fields)


def campaign(world: World, code: str = "B1-01", **fields: Any) -> Campaign:
    """ASSIGNED: approved by the head of the leading group."""
    approved = services.approve_issue(issue=issue(world, code, **fields), actor=world.leading_group)
    return Campaign.objects.select_related("issue", "organ", "county").get(issue=approved)


def running_campaign(world: World, code: str = "B1-01", **fields: Any) -> Campaign:
    """RUNNING: taken on by the cast's department_officer."""
    return services.take_on(
        campaign=campaign(world, code, **fields),
        plan="修订补贴发放公开办法，逐村核对。",
        measure="补公示近三年补贴发放表，村民代表核对签字",
        deadline=today() + timedelta(days=30),
        actor=world.department_officer,
    )


def notice(world: World, villages: list[Village], **fields: Any) -> SelfCheckNotice:
    """A notice on one item to these villages, whether inspected or not; nobody has answered."""
    values = {"title": "对照共性问题自查", "text": "先改起来。", "due_on": today() + timedelta(days=10)}
    values |= {"term": Term.objects.get(city=world.city), "issued_by": world.county_officer, "issued_on": today()}
    made = SelfCheckNotice.objects.create(county=world.county, **values | fields)
    item = ChecklistItem.objects.order_by("code", "id")[0]
    SelfCheckItem.objects.create(notice=made, code=item.code, text=item.text)
    for one in villages:
        SelfCheck.objects.create(notice=made, county=world.county, township_id=one.township_id, village=one)
    return made


WRITTEN = "逐村核对，按月报送，限期销号。"


def circular(world: World, actor: User | None = None, **fields: Any) -> Circular:
    """A draft on the last hundred days, of county_officer or of the city's, every gap filled in."""
    actor = actor or world.county_officer
    given = {"kind": "CIRCULAR", "first_day": today() - timedelta(days=100), "last_day": today()} | fields
    return written(services.draft_circular(actor=actor, **given), actor)


def written(draft: Circular, actor: User) -> Circular:
    texts = [WRITTEN if "（请填写" in one["text"] else one["text"] for one in draft.sections]
    words = {"title": draft.title, "to": draft.to, "issuer": draft.issuer}
    return services.edit_circular(circular=draft, actor=actor, texts=texts, **words)


def report(world: World, subject: str = "item:B1-01", **fields: Any) -> Circular:
    """A special report to the county's department, a draft of county_officer; something must have been found."""
    return circular(world, kind="REPORT", department=department(world), subject=subject, **fields)


def issued(world: World, draft: Circular, **fields: Any) -> Circular:
    """By the head of the place; a circular goes to the own township's committee, the city's to both county offices."""
    of_city = draft.place.tier == Tier.CITY
    given: dict[str, Any] = {"actor": world.city_head if of_city else world.county_head, "cleared": True}
    if not draft.is_report:
        given["places"] = [world.county, world.other_county] if of_city else [world.township]
        given["kinds"] = ["INSPECTION_OFFICE" if of_city else "PARTY_COMMITTEE"]
    return services.issue_circular(circular=draft, **given | fields)
