"""Builders that walk an item through its life: assigned → accepted → reported → submitted → supervised → closed."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from accounts.models import User
from common import audit, workflow
from common.calendar import today
from inspections import services as inspections
from inspections.models import Feedback, Inspection
from mianyang_xuncha import reference
from rectification import services
from rectification.enums import CheckMethod, CheckResult, ItemStatus, ResponsibleKind
from rectification.models import CaseResult, Clue, DeadlineSetting, Lesson, Lookback, RectificationItem
from tests.factories.inspections import confirmed_finding, leave, running_inspection
from tests.factories.world import World
from villages.models import Village

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 64 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
TITLES = ("惠民补贴发放没有公示", "集体鱼塘承包费未入账", "低保评议走过场", "水渠淤塞无人管护")


def photo(name: str = "整改后公开栏.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, JPEG, "image/jpeg")


@transaction.atomic
def deadlines() -> None:
    """The shipped durations, where a test has not loaded the reference data."""
    if not DeadlineSetting.objects.exists():
        audit.record("load_reference", DeadlineSetting._meta.label, actor=None)
        for row in reference.read("deadlines.csv"):
            DeadlineSetting.objects.create(
                kind=row["kind"],
                amount=int(row["amount"]),
                unit=row["unit"],
                effective_from=reference.DEADLINES_IN_FORCE,
            )


def drafted_feedback(
    world: World, findings: int = 2, village: Village | None = None, inspection: Inspection | None = None
) -> Feedback:
    """Ready for the head to issue; the second finding is immediate and about Party building, the third common."""
    deadlines()
    inspection = inspection or running_inspection(world, village)
    items = list(inspection.checklist.items.order_by("code"))
    party_building = next(one for one in items if one.party_building)
    for number in range(findings):
        confirmed_finding(
            world,
            inspection,
            title=TITLES[number % len(TITLES)],
            checklist_item=party_building if number == 1 else items[0],
            is_immediate=number == 1,
            is_common=number == 2,
        )
    inspection = leave(world, inspection)
    return inspections.draft_feedback(inspection=inspection, actor=world.county_officer)


def assigned_items(
    world: World, findings: int = 2, on: date | None = None, village: Village | None = None
) -> list[RectificationItem]:
    """ASSIGNED items of the village: the first ordinary, the second immediate and about Party building."""
    return services.hand_over(feedback=drafted_feedback(world, findings, village), actor=world.county_head, on=on)


def measures(item: RectificationItem, due_on: date | None = None) -> list[dict[str, Any]]:
    due = due_on or item.deadline or today()
    return [
        {"text": "把补贴名单在公开栏补公示七天", "owner": "村党组织书记", "due_on": due},
        {"text": "修订公示制度并逐项登记", "owner": "村务监督委员会主任", "due_on": due},
    ]


def people() -> dict[str, dict[str, str]]:
    return {
        ResponsibleKind.OVERALL: {"name": "张建国", "post": "镇党委书记", "phone": "0816-0000001"},
        ResponsibleKind.LEADER: {"name": "王丽", "post": "副镇长", "phone": "0816-0000002"},
        ResponsibleKind.SECTION: {"name": "镇财政所", "post": "", "phone": ""},
        ResponsibleKind.SUPERVISION: {"name": "赵明", "post": "镇纪委书记", "phone": "0816-0000003"},
    }


def open_item(world: World, item: RectificationItem | None = None, on: date | None = None) -> RectificationItem:
    """IN_PROGRESS: accepted by the township secretary with measures and the four responsible."""
    item = item or assigned_items(world, on=on)[0]
    return services.accept_item(item=item, actor=world.township_secretary, measures=measures(item), people=people())


def reported_item(world: World, item: RectificationItem | None = None) -> RectificationItem:
    """IN_PROGRESS with a report of the village that carries a photograph."""
    if item is None or item.status == ItemStatus.ASSIGNED:
        item = open_item(world, item)
    services.report_progress(
        item=item, actor=world.village_secretary, text="名单已公示七天，群众没有异议。", files=[photo()]
    )
    return answered(world, item)


def answered(world: World, item: RectificationItem) -> RectificationItem:
    """A Party-building item with the replies of both who answer for it, as far as they are outstanding."""
    if item.finding.checklist_item.party_building:
        sides = set(item.replies.values_list("side", flat=True))
        for side, name in (("TOWNSHIP", "township_secretary"), ("ORGANISATION", "org_officer")):
            if side not in sides:
                services.reply_to_item(item=item, actor=world.people[name], text="已按支部工作条例整改。")
    return item


def immediate_item(world: World, inspection: Inspection | None = None, **fields: Any) -> RectificationItem:
    """立巡立改: ASSIGNED, handed over by the team's leader while the team is in the village."""
    deadlines()
    inspection = inspection or running_inspection(world)
    finding = confirmed_finding(world, inspection, is_immediate=True, **({"title": TITLES[1]} | fields))
    return services.hand_over_now(finding=finding, actor=world.team_leader)


def submitted_item(world: World, item: RectificationItem | None = None) -> RectificationItem:
    """UNDER_SUPERVISION."""
    return services.submit_item(item=reported_item(world, item), actor=world.township_secretary)


def sign(item: RectificationItem, actor: User, result: str = CheckResult.PASS, **fields: Any) -> Any:
    usual = {"method": CheckMethod.ON_SITE, "checked_on": today(), "place": "村务公开栏"}
    values = usual | {"opinion": "到村查看，公示属实。"} | fields
    return services.sign_check(item=item, actor=actor, result=result, **values)


def signers(world: World) -> list[User]:
    return [world.discipline_officer, world.discipline_member, world.supervisor]


def supervised_item(world: World, item: RectificationItem | None = None) -> RectificationItem:
    """UNDER_VERIFICATION: all three links have signed PASS."""
    item = submitted_item(world, item)
    for signer in signers(world):
        sign(item, signer)
    item.refresh_from_db()
    assert item.status == ItemStatus.UNDER_VERIFICATION
    return item


def closed_item(world: World, item: RectificationItem | None = None) -> RectificationItem:
    """CLOSED by the county officer."""
    return services.verify_item(
        item=supervised_item(world, item), actor=world.county_officer, opinion="核对公示照片和登记，同意销号。"
    )


def poll(world: World, item: RectificationItem, *, asked: int, satisfied: int, fair: int, **fields: Any) -> Any:
    """Villagers asked at their doors, by the county's office."""
    given = {"key": uuid.uuid4(), "channel": "VISIT", "polled_on": today(), "actor": world.county_officer} | fields
    return services.record_poll(item=item, asked=asked, satisfied=satisfied, fair=fair, **given)


def due_on(world: World, item: RectificationItem, deadline: date) -> RectificationItem:
    """The item with another deadline, by the county's "extend" (later) for tests of lights and reminders."""
    return workflow.apply(item, "extend", actor=world.county_officer, note="按方案调整", deadline=deadline)


@transaction.atomic
def dated(world: World, *items: RectificationItem, **dates: Any) -> None:
    """Give the items dates that no move would (past ones, for lights and reminders), told as the database demands."""
    for item in items:
        old = RectificationItem.objects.get(pk=item.pk)
        changes = audit.diff({key: getattr(old, key) for key in dates}, dates)
        audit.record("extend", old, actor=world.county_officer, source=old.status, target=old.status, changes=changes)
    RectificationItem.objects.filter(pk__in=[one.pk for one in items]).update(**dates)


def copies(item: RectificationItem, count: int) -> None:
    """Rows like this one, in one statement as the owner: the list does not care where they came from."""
    finding = [one.column for one in item.finding._meta.concrete_fields if one.column not in ("id", "number", "status")]
    other = [one.column for one in item._meta.concrete_fields if one.column not in ("id", "number", "finding_id")]
    names, columns = (", ".join(f'"{one}"' for one in part) for part in (finding, other))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"""WITH made AS (INSERT INTO inspections_finding (number, status, {names})
                  SELECT 'F' || n, status, {names} FROM inspections_finding, generate_series(1, %s) n WHERE id = %s
                  RETURNING id, number)
                INSERT INTO rectification_rectificationitem (number, finding_id, {columns})
                SELECT made.number, made.id, {columns} FROM rectification_rectificationitem i, made WHERE i.id = %s""",
            [count, item.finding_id, item.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def clue(world: World, inspection: Inspection, **fields: Any) -> Clue:
    """PROPOSED by the team's leader, on paper unless a `body` is given."""
    paper = {} if "body" in fields else {"seal_number": "密封 0001", "pages": 3}
    values = {"inspection": inspection, "actor": world.team_leader, "key": uuid.uuid4()} | paper | fields
    return services.propose_clue(**values)


def sent_clue(world: World, inspection: Inspection, **fields: Any) -> Clue:
    """HANDED_OVER to county_discipline."""
    made = services.approve_clue(
        clue=clue(world, inspection, **fields), actor=world.county_head, receiver=world.county_discipline
    )
    return services.hand_over_clue(clue=made, actor=world.county_officer)


def received_clue(world: World, inspection: Inspection, **fields: Any) -> Clue:
    return services.receive_clue(clue=sent_clue(world, inspection, **fields), actor=world.county_discipline)


def closed_clue(world: World, inspection: Inspection, **fields: Any) -> Clue:
    received = received_clue(world, inspection, **fields)
    answered = services.answer_clue(clue=received, actor=world.county_discipline, result="DEALT")
    return services.close_clue(clue=answered, actor=world.county_officer)


def lookback(world: World, size: int = 1, **fields: Any) -> Lookback:
    """Drawn by the county's officer of what was closed this year."""
    days = {"closed_from": today() - timedelta(days=365), "closed_to": today()}
    values = {"county": world.county, "actor": world.county_officer, "key": uuid.uuid4(), "size": size} | days | fields
    return services.draw_lookback(**values)


def case_result(world: World, **about: Any) -> CaseResult:
    """Recorded by county_discipline of a `clue` or a `finding`."""
    given = {"key": uuid.uuid4(), "outcome": "DISCIPLINE", "people": 1, "concluded_on": today()} | about
    return services.record_case(actor=world.county_discipline, **given)


def lesson(world: World, mark: str = "", **fields: Any) -> Lesson:
    """A draft of the county's officer."""
    given = {"title": f"{mark}惠民资金教训通报", "text": "一、教训\n账目不公开。\n二、要求\n对照检查。"} | fields
    return services.save_lesson(**{"actor": world.county_officer, "county": world.county} | given)


def issued_lesson(world: World, mark: str = "", with_villages: bool = False) -> Lesson:
    return services.issue_lesson(
        lesson=lesson(world, mark), actor=world.county_head, townships=[world.township], with_villages=with_villages
    )
