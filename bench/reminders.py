"""P7 in small: 10,000 items due out of 50,000, written as reminders, lines, digests and outbox rows.

- `scan_and_copy`: one indexed scan of the due items and a COPY of the rows that the run writes into their tables,
  foreign keys checked; who is to be told, and that nothing is there twice, is known beforehand.
- `scan_and_copy_bare`: the same scan and a COPY of the due items into a bare table; nobody is told.

Each round runs all of them and rolls back. Then one run is kept, repeated (it must write nothing), and some of its
letters are made and handed to a mail server that does nothing.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, Organ, User
from accounts.services import set_pinyin
from common import outbox
from common.calendar import today
from common.models import Delivery, Message
from inspections.enums import Mode
from inspections.models import AnnualPlan, Checklist, Feedback, Finding, Inspection, Round, Term
from rectification.models import CountySetting, RectificationItem, Reminder, ReminderLine
from rectification.services import send_reminders
from tests.factories.world import tell
from villages.enums import VillageClass
from villages.models import Village

from .measure import Sample, at_most, measure, ratio, summary
from .servers import without_triggers

ITEMS, DUE, VILLAGES, LETTERS = 50_000, 10_000, 1_000, 200
COUNTY = "510703000000"
TABLES = (Reminder, ReminderLine, Message, Delivery)


# ------------------------------------------------------------------------ data


@transaction.atomic
def build(day: date) -> None:
    """A county with 1,000 villages, its people, and items of which every fifth is due in seven days."""
    county = Division.objects.get(code=COUNTY)
    villages = build_villages(county)
    head = build_people(county, villages)
    inspections = build_inspections(county, villages, head)
    build_items(inspections, head, day)
    CountySetting.objects.create(county=county, reminders_on=True)


def build_villages(county: Division) -> list[Village]:
    townships = list(county.children.order_by("code"))
    places = []
    for number in range(VILLAGES):
        above = townships[number % len(townships)]
        code = f"{above.code[:9]}{800 + number // len(townships):03d}"
        place = Division(code=code, name=f"第{number}村", tier=Tier.VILLAGE, parent=above)
        set_pinyin(place)
        places.append(place)
    Division.objects.bulk_create(places)
    return Village.objects.bulk_create(Village(division=one, township=one.parent, county=county) for one in places)


def build_people(county: Division, villages: list[Village]) -> User:
    """One person in each village, three in each township committee, three in the county office."""
    townships = list(county.children.all())
    seats = [(one.division, OrganKind.VILLAGE_PARTY, 1) for one in villages]
    seats += [(one, OrganKind.PARTY_COMMITTEE, 3) for one in townships]
    seats += [(county, OrganKind.INSPECTION_OFFICE, 3)]
    organs = Organ.objects.bulk_create(
        Organ(division=place, kind=kind, name=f"{place.code}{kind}") for place, kind, _count in seats
    )
    people = User.objects.bulk_create(
        User(
            username=f"u{organ.pk}-{number}",
            full_name=f"人{organ.pk}",
            organ=organ,
            post=Post.OFFICER if number else Post.HEAD,
            email=f"u{organ.pk}-{number}@example.invalid",
            password="!",  # noqa: S106 (nobody signs in here)
        )
        for organ, (_place, _kind, count) in zip(organs, seats, strict=True)
        for number in range(count)
    )
    tell(people)
    return people[-1]


def build_inspections(county: Division, villages: list[Village], head: User) -> list[Inspection]:
    day = today()
    term = Term.objects.create(city=county.parent, name="届", starts_on=day, ends_on=day + timedelta(days=1800))
    plan = AnnualPlan.objects.create(county=county, term=term, year=day.year, created_by=head)
    wave = Round.objects.create(
        county=county, plan=plan, number=1, name="轮", starts_on=day, ends_on=day + timedelta(days=60)
    )
    checklist = Checklist.objects.get()
    return Inspection.objects.bulk_create(
        Inspection(
            **place(one),
            round=wave,
            checklist=checklist,
            number=f"B-{number}",
            klass=VillageClass.ORDINARY,
            mode=Mode.MOBILE,
            planned_from=day,
            planned_to=day + timedelta(days=20),
        )
        for number, one in enumerate(villages)
    )


def place(one: Any) -> dict[str, Any]:
    return {"county_id": one.county_id, "township_id": one.township_id, "village_id": one.pk}


def build_items(inspections: list[Inspection], head: User, day: date) -> None:
    each = ITEMS // len(inspections)
    question = Checklist.objects.get().items.first()
    scope = [
        {"county_id": one.county_id, "township_id": one.township_id, "village_id": one.village_id, "inspection": one}
        for one in inspections
    ]
    feedbacks = Feedback.objects.bulk_create(Feedback(**row, drafted_by=head) for row in scope)
    findings = Finding.objects.bulk_create(
        (
            Finding(**row, checklist_item=question, title="问题", facts="事实", inspector=head)
            for row in scope
            for _number in range(each)
        ),
        batch_size=5000,
    )
    RectificationItem.objects.bulk_create(
        (
            RectificationItem(
                **scope[at // each],
                feedback=feedbacks[at // each],
                finding=one,
                number=f"B-{at}",
                assigned_on=day,
                original_deadline=deadline(at, day),
                deadline=deadline(at, day),
            )
            for at, one in enumerate(findings)
        ),
        batch_size=5000,
    )


def deadline(at: int, day: date) -> date:
    """Every fifth is due in seven days, the others on days without a rule."""
    return day + timedelta(days=7 if at % (ITEMS // DUE) == 0 else 40 + at % 90)


# ------------------------------------------------------------------- contenders

SCAN = """SELECT id, county_id, township_id, village_id, deadline FROM rectification_rectificationitem
           WHERE deadline = %s AND status <> 'CLOSED'"""


def scan(cursor: Any, day: date) -> list[tuple[Any, ...]]:
    cursor.execute(SCAN, [day + timedelta(days=7)])
    return cursor.fetchall()  # type: ignore[no-any-return]


def scan_and_copy_bare(day: date) -> None:
    with connection.cursor() as cursor:
        rows = scan(cursor, day)
        cursor.execute("CREATE TEMP TABLE bench_due (a bigint, b bigint, c bigint, d bigint, e date) ON COMMIT DROP")
        with cursor.copy("COPY bench_due FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def scan_and_copy(day: date, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with connection.cursor() as cursor:
        scan(cursor, day)
        for table, content in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in content:
                    copy.write_row(row)


def written() -> dict[str, list[tuple[Any, ...]]]:
    """What one run writes, table by table."""
    with connection.cursor() as cursor:
        found = {}
        for model in TABLES:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608 (a model's own table)
            found[model._meta.db_table] = cursor.fetchall()
        return found


def undone(work: Any) -> Sample:
    """Foreign keys are checked inside the time measured, as a commit would; then everything is undone."""
    with transaction.atomic():
        sample = measure(lambda: (work(), connection.check_constraints()))
        transaction.set_rollback(True)
    return sample


def run(rounds: int) -> dict[str, Any]:
    day = today()
    build(day)
    with without_triggers() as cursor:  # only the owner of tables may analyse them
        cursor.execute("ANALYZE")
    with transaction.atomic():
        figures = send_reminders(on=day)
        rows = written()
        transaction.set_rollback(True)
    taken: dict[str, list[Sample]] = {"send_reminders": [], "scan_and_copy": [], "scan_and_copy_bare": []}
    for _round in range(rounds):
        taken["send_reminders"].append(undone(lambda: send_reminders(on=day)))
        taken["scan_and_copy"].append(undone(lambda: scan_and_copy(day, rows)))
        taken["scan_and_copy_bare"].append(undone(lambda: scan_and_copy_bare(day)))
    taken["kept"] = [measure(lambda: send_reminders(on=day))]
    taken["again"] = [measure(lambda: send_reminders(on=day))]
    taken[f"{LETTERS}_letters"] = [letters()]
    return told(taken, figures, {table: len(content) for table, content in rows.items()})


def letters() -> Sample:
    """Making some of the e-mails, each for its reader's scope of this moment."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    later = Delivery.objects.order_by("pk").values("pk")[LETTERS:]
    Delivery.objects.filter(pk__in=later).update(next_at=timezone.now() + timedelta(days=1))
    return measure(lambda: outbox.dispatch(seconds=300))


def told(taken: dict[str, list[Sample]], figures: dict[str, Any], rows: dict[str, int]) -> dict[str, Any]:
    thousands = rows[Message._meta.db_table] / 1000
    ours = taken["send_reminders"]
    return {
        "id": "P7-lite",
        "work": f"{figures['reminders']} reminders due out of {ITEMS} items, rows written: {rows}",
        "measured": {name: summary(samples) for name, samples in taken.items()},
        "ratios": {"send_reminders_to_scan_and_copy_bare": ratio(ours, taken["scan_and_copy_bare"])},
        "goals": {
            "send_reminders_to_scan_and_copy": at_most(ratio(ours, taken["scan_and_copy"]), 3),
            "sql_a_thousand_recipients": at_most(round(taken["kept"][0].sql / thousands, 1), 20),
            "reminders_of_a_second_run": at_most(send_reminders(on=today())["reminders"], 0),
        },
    }
