"""Drill of the reminders (E7): weeks of simulated days with all that goes wrong, against a plain model of what is due.

In the suite with a few hundred items; `make drill` takes 10,000 items and 60 days and keeps the figures.
"""

import json
import multiprocessing
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import redis
import time_machine
from django.conf import settings as configured
from django.db import connection, transaction

from accounts.enums import OrganKind, Post, Tier
from accounts.models import User
from common import calendar, outbox
from common.models import Delivery, WorkdayOverride
from inspections.models import Finding
from mianyang_xuncha import reference
from rectification import services, tasks
from rectification.enums import OPEN
from rectification.models import CountyRule, CountySetting, RectificationItem, Reminder, ReminderLine, ReminderRule
from rectification.services import reminders
from tests.factories import rectification as make
from tests.factories import world as casting
from tests.faults import drill_child

ITEMS, DAYS = int(os.environ.get("DRILL_ITEMS", 300)), int(os.environ.get("DRILL_DAYS", 30))
FIRST = date(2026, 9, 14)  # the National Day holiday and its make-up days lie within
SHANGHAI = ZoneInfo("Asia/Shanghai")
AWAY = range(DAYS // 2, DAYS // 2 + 3)  # beat is away for three days
STYLES = ("plain", "two beats", "worker killed", "Redis flushed", "clock back", "cap", "sender killed")
TROUBLES = (
    *("extensions", "changes of seat", "vacancies", "processes killed", "holidays on weekdays", "make-up days"),
    *("made long-term", "closed", "lines made void"),
)

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([drill_child.__name__])

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Shadow:
    """What should happen, by plain loops: which item is due when, and which rule falls on which day."""

    rules: dict[int, list[tuple[int, int]]]  # county → (rule, offset)
    quiet: set[int]
    deadlines: dict[int, date] = field(default_factory=dict)
    county: dict[int, int] = field(default_factory=dict)
    last: dict[int, date] = field(default_factory=dict)
    changed: dict[int, set[int]] = field(default_factory=dict)
    expected: set[tuple[int, int, date]] = field(default_factory=set)

    def change(self, item: int, deadline: date | None) -> None:
        if deadline is None:
            self.deadlines.pop(item, None)
        else:
            self.deadlines[item] = deadline
        self.changed.setdefault(self.county[item], set()).add(item)

    def run(self, on: date) -> None:
        taking_part = {one for one in self.rules if not (one in self.quiet and not calendar.is_workday(on))}
        for item, deadline in self.deadlines.items():
            county = self.county[item]
            if county not in taking_part:
                continue
            last = self.last.get(county, on - timedelta(days=1))
            for rule, offset in self.rules[county]:
                day = deadline + timedelta(days=offset)
                late = day == last and item in self.changed.get(county, ())
                if last < day <= on or late:
                    self.expected.add((item, rule, deadline))
        for county in taking_part:
            self.last[county] = on
            self.changed[county] = set()


class Drill:
    def __init__(self, world, as_owner, clock, settings, folder):
        self.world, self.as_owner, self.clock, self.settings = world, as_owner, clock, settings
        self.random, self.count = random.Random(42), Counter()
        self.folder, self.day = folder, FIRST
        self.absent: list[User] = []

    # ------------------------------------------------------------------ the stage

    def build(self) -> None:
        townships = 10 if ITEMS > 1000 else 3
        self.villages, self.people = [], []
        for number, county in enumerate((self.world.county, self.world.other_county)):
            for n in range(townships):
                town = casting.division(f"51070{3 + number}{300 + n}000", f"{number}{n}镇", Tier.TOWNSHIP, county)
                self._seats(town, (OrganKind.PARTY_COMMITTEE, Post.HEAD), (OrganKind.PARTY_COMMITTEE, Post.OFFICER))
                self._seats(town, (OrganKind.TOWNSHIP_DISCIPLINE, Post.DISCIPLINE_OFFICER))
                for v in range(townships):
                    one = casting.village(f"{town.code[:9]}{200 + v}", f"{number}{n}{v}村", town)
                    self._seats(one.division, (OrganKind.VILLAGE_PARTY, Post.HEAD))
                    self.villages.append(one)
        self._items()
        self._rules()

    def _seats(self, place, *seats) -> None:
        for kind, post in seats:
            name = f"d{place.pk}-{kind[:9]}-{post[:4]}"
            self.people.append(casting.person(name, name, place, kind, post))

    def _items(self) -> None:
        first = make.open_item(self.world)
        findings = [self._twin(first.finding, number=f"D{n}") for n in range(ITEMS)]
        with self.as_owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            RectificationItem.objects.filter(pk=first.pk).update(is_long_term=True, deadline=None, review_on=FIRST)
            RectificationItem.objects.exclude(pk=first.pk).update(is_long_term=True, deadline=None, review_on=FIRST)
            made = Finding.objects.bulk_create(findings, batch_size=1000)
            RectificationItem.objects.bulk_create([self._item(first, one) for one in made], batch_size=1000)

    def _twin(self, one, **changed):
        values = {f.attname: getattr(one, f.attname) for f in one._meta.concrete_fields if not f.primary_key}
        return type(one)(**values | {"key": None} | changed)

    def _item(self, first, finding):
        place = self.random.choice(self.villages)
        deadline = FIRST + timedelta(days=self.random.randint(9, DAYS + 15))
        values = {f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields if not f.primary_key}
        scope = {"county_id": place.county_id, "township_id": place.township_id, "village_id": place.pk}
        dates = {"deadline": deadline, "original_deadline": deadline, "assigned_on": FIRST}
        return RectificationItem(**values | scope | dates | {"finding_id": finding.pk, "number": finding.number})

    @transaction.atomic
    def _rules(self) -> None:
        """The other county reminds ten days before instead of seven, tells the secretary too, and keeps quiet days."""
        casting.tell([self.world.county_officer])
        other = self.world.other_county
        rule = ReminderRule.objects.get(code="BEFORE_7")
        CountyRule.objects.create(county=other, rule=rule, offset_days=-10, more=["TOWNSHIP_SECRETARY"])
        for county, quiet in ((self.world.county, False), (other, True)):
            CountySetting.objects.create(
                county=county, reminders_on=True, quiet_days=quiet, reminders_since=self.at(0, 1)
            )
        WorkdayOverride.objects.create(day=FIRST + timedelta(days=5), is_workday=True, note="演练：临时上班")
        rules = {self.world.county.pk: [(one.pk, one.offset_days) for one in ReminderRule.objects.all()]}
        rules[other.pk] = [(pk, -10 if pk == rule.pk else days) for pk, days in rules[self.world.county.pk]]
        self.shadow = Shadow(rules, {other.pk})
        for item in RectificationItem.objects.exclude(deadline=None):
            self.shadow.county[item.pk], self.shadow.deadlines[item.pk] = item.county_id, item.deadline

    # ------------------------------------------------------------------- the days

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day, datetime.min.time(), SHANGHAI).replace(hour=hour, minute=minute)

    def play(self) -> None:
        for n in range(DAYS):
            self.day = FIRST + timedelta(days=n)
            self.clock.move_to(self.at(8, 30))
            if n in AWAY:
                self.count["days without beat"] += 1
            else:
                self.morning(STYLES[n % len(STYLES)])
            self.clock.move_to(self.at(15))
            self.life()
        self.day += timedelta(days=1)
        self.clock.move_to(self.at(8, 30))
        self.morning("plain")

    def morning(self, style: str) -> None:
        self.shadow.run(self.day)
        self.count[style] += 1
        weekend, works = self.day.weekday() >= 5, calendar.is_workday(self.day)
        self.count["make-up days"] += weekend and works
        self.count["holidays on weekdays"] += not weekend and not works
        getattr(self, f"run_{style.replace(' ', '_')}")()
        if self.random.random() < 0.6:
            self.clock.move_to(self.at(8, 32))
            self.people_move()  # between the writing and the sending
            self.extend(1)
        self.clock.move_to(self.at(8, 35))
        if style == "sender killed":
            self.killed(drill_child.send_and_die)
        drill_child.dispatch()

    def run_plain(self) -> None:
        tasks.remind()

    run_sender_killed = run_plain

    def run_two_beats(self) -> None:
        both = [self.process(drill_child.remind) for _ in range(2)]
        assert [self.end_of(one) for one in both] == [0, 0]
        tasks.remind_sweep()

    def run_worker_killed(self) -> None:
        self.killed(drill_child.remind_and_die)
        assert not reminders.reads.done(on=self.day)
        tasks.remind_sweep()

    def run_Redis_flushed(self) -> None:
        tasks.remind.delay()
        redis.from_url(configured.REDIS_URL).flushdb()
        tasks.remind_sweep()

    def run_clock_back(self) -> None:
        tasks.remind()
        self.clock.move_to(self.at(7, 30))
        tasks.remind()
        tasks.remind_sweep()
        self.clock.move_to(self.at(8, 30))
        tasks.remind()

    def run_cap(self) -> None:
        self.settings.REMINDER_CAP = max(2, ITEMS // 60)
        for _ in range(400):
            tasks.remind_sweep()
            if reminders.reads.done(on=self.day):
                break
        self.settings.REMINDER_CAP = 200_000

    def process(self, work) -> BaseProcess:
        one = PROCESSES.Process(target=work, args=(datetime.now(SHANGHAI),))
        one.start()
        return one

    def end_of(self, process) -> int:
        process.join(60)
        assert process.exitcode is not None, "a process of the drill hangs"
        return process.exitcode

    def killed(self, work) -> None:
        """A process that is killed on the way, unless there was nothing to do."""
        self.count["processes killed"] += self.end_of(self.process(work)) < 0

    # -------------------------------------------------------------------- the life

    def life(self) -> None:
        self.people_move()
        self.extend(max(1, ITEMS // 600))
        for item in self.some(max(1, ITEMS // 1000)):
            services.mark_long_term(item=item, actor=self.office(item), note="长期坚持")
            self.shadow.change(item.pk, None)
            self.count["made long-term"] += 1
        with self.as_owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for item in self.some(max(1, ITEMS // 600)):
                fields = {"status": "CLOSED", "closed_at": self.at(15), "closed_by": self.office(item)}
                fields |= {"submitted_at": self.at(15), "submitted_by": item.accepted_by}
                RectificationItem.objects.filter(pk=item.pk).update(**fields, updated_at=self.at(15))
                self.shadow.change(item.pk, None)
                self.count["closed"] += 1

    def some(self, number: int) -> list[RectificationItem]:
        pks = self.random.sample(sorted(self.shadow.deadlines), min(number, len(self.shadow.deadlines)))
        return list(RectificationItem.objects.filter(pk__in=pks, status__in=OPEN).select_related("county"))

    def office(self, item) -> User:
        mine = item.county_id == self.world.county.pk
        return self.world.county_officer if mine else self.world.other_county_officer

    def extend(self, number: int) -> None:
        for item in self.some(number):
            heads = User.objects.filter(
                organ__division=item.township_id, organ__kind="PARTY_COMMITTEE", post="HEAD", is_active=True
            )
            head = heads.select_related("organ__division").first()
            if head is None:
                continue
            later = max(item.deadline, self.day) + timedelta(days=self.random.randint(1, 12))
            asked = services.ask_extension(item=item, actor=head, new_deadline=later, reason="汛期")
            services.grant_extension(extension=asked, actor=self.office(item))
            self.shadow.change(item.pk, later)
            self.count["extensions"] += 1

    def people_move(self) -> None:
        """Two change seats, somebody leaves, somebody comes back."""
        here = [one for one in self.people if one not in self.absent]
        one, other = self.random.sample([x for x in here if x.organ.kind == "VILLAGE_PARTY"], 2)
        one.organ, other.organ = other.organ, one.organ
        gone = self.random.choice([x for x in here if x not in (one, other)])
        gone.is_active = False
        self.absent.append(gone)
        back = self.absent.pop(0) if len(self.absent) > max(3, len(self.people) // 12) else None
        if back:
            back.is_active = True
        moved = [x for x in (one, other, gone, back) if x]
        with transaction.atomic():
            casting.tell(moved)
            User.objects.bulk_update(moved, ["organ", "is_active"])
        self.count["changes of seat"] += 2
        self.count["vacancies"] += 1

    # ------------------------------------------------------------------ the account

    def account(self) -> dict[str, object]:
        fired = set(Reminder.objects.values_list("item_id", "rule_id", "due_date"))
        letters = [json.loads(line) for line in Path(os.environ["DRILL_MAIL"]).read_text().splitlines()]
        deadlines = self.shadow.deadlines
        reached = set(
            ReminderLine.objects.filter(voided_at=None, digest__deliveries__status=Delivery.Status.SENT).values_list(
                "reminder_id", flat=True
            )
        )
        silent = [one for one in Reminder.objects.exclude(pk__in=reached) if deadlines.get(one.item_id) == one.due_date]
        return {
            "items": ITEMS,
            "days": DAYS,
            "reminders expected": len(self.shadow.expected),
            "reminders written": len(fired),
            "missing": len(self.shadow.expected - fired),
            "not expected": len(fired - self.shadow.expected),
            "still due and sent to nobody": len(silent),
            "lines": ReminderLine.objects.count(),
            "lines to the next tier up": ReminderLine.objects.filter(escalated=True).count(),
            "lines made void": ReminderLine.objects.exclude(voided_at=None).count(),
            "lines without digest": ReminderLine.objects.filter(digest=None, voided_at=None).count(),
            "letters": len({one["id"] for one in letters}),
            "sent again by a killed sender, same Message-ID": len(letters) - len({one["id"] for one in letters}),
            "items shown to somebody out of scope": sum(one["astray"] for one in letters),
            "letters not sent": Delivery.objects.exclude(status__in=["SENT", "VOID"]).count(),
        } | dict(self.count)


def test_every_reminder_once_to_a_person_in_scope_and_none_lost(
    process_environment, transactional_db, as_owner, settings, tmp_path, monkeypatch, capsys
):
    for name, value in process_environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("XUNCHA_DB_ROLE", raising=False)
    monkeypatch.setenv("DRILL_MAIL", str(tmp_path / "mail.jsonl"))
    (tmp_path / "mail.jsonl").touch()
    settings.EMAIL_BACKEND = "tests.faults.drill_mail.Backend"
    began = time.monotonic()
    with time_machine.travel(datetime.combine(FIRST, datetime.min.time(), SHANGHAI), tick=False) as clock:
        reference.load_kinds_and_rules()
        drill = Drill(casting.build(), as_owner, clock, settings, tmp_path)
        drill.build()
        drill.play()
        figures = drill.account()
    figures["seconds"] = round(time.monotonic() - began)
    with capsys.disabled():
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    keep(figures)
    for never in ("missing", "not expected", "still due and sent to nobody", "lines without digest"):
        assert figures[never] == 0, never
    assert figures["items shown to somebody out of scope"] == figures["letters not sent"] == 0
    assert figures["sent again by a killed sender, same Message-ID"] <= figures["sender killed"] * outbox.BATCH
    assert figures["reminders written"] == figures["reminders expected"] > ITEMS
    assert all(figures[what] for what in (*STYLES, *TROUBLES))
    assert figures["days without beat"] == len(AWAY)
    assert figures["lines to the next tier up"] > 0


def keep(figures: dict[str, object]) -> None:
    """`make drill` writes the figures where those of the benchmarks stand."""
    target = os.environ.get("DRILL_KEEP")
    if not target:
        return
    file = Path(target)
    head, *known = file.read_text(encoding="utf-8").split("\n## ")
    mine = "提醒演练　reminder drill"
    rows = "".join(f"| {key} | {value} |\n" for key, value in figures.items())
    what = f"{figures['items']} 件、{figures['days']} 个模拟日，`make drill`。"
    text = f"{mine}\n\n{what}\n\n| 项目 | 数 |\n|---|--:|\n{rows}"
    parts = [one for one in known if not one.startswith(mine)]
    file.write_text("\n## ".join([head, *(one.rstrip() + "\n" for one in parts), text]), encoding="utf-8")
