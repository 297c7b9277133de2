"""What is due for a reminder and whom it would reach; what a digest still holds; how the runs went (E7)."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division, User
from common import policy
from common.calendar import is_workday, today
from common.models import Delivery, Message
from rectification.audiences import chain_rows, seat_rows
from rectification.models import CountySetting, RectificationItem, ReminderLine, ReminderRule, ReminderRun

GRACE = timedelta(minutes=30)
CATCH_UP_DAYS = 30

REROUTED_DAYS = 7

# The rules of each county that takes part: the city's, with what the county has changed of them.
EFFECTIVE = """
effective AS MATERIALIZED (
    SELECT f.county_id, f.after, f.since, f.beginning, r.id AS rule_id,
           COALESCE(c.offset_days, r.offset_days) AS offset_days, r.audience || COALESCE(c.more, '[]') AS audience
      FROM unnest(%(counties)s::bigint[], %(afters)s::date[], %(sinces)s::timestamptz[], %(beginnings)s::boolean[])
           AS f(county_id, after, since, beginning)
     CROSS JOIN rectification_reminderrule r
      LEFT JOIN rectification_countyrule c ON c.county_id = f.county_id AND c.rule_id = r.id
     WHERE r.is_active AND COALESCE(c.is_active, true)
)
"""

# One row for each item and rule whose day has come. What changed after the last run (an item handed over or
# extended that afternoon) is looked at for that run's own day once more. In counties that begin, an item that is
# overdue longer than the window reaches back is chased once, by the last rule that it has passed.
DUE = """
SELECT * FROM (
    SELECT i.id AS item_id, e.rule_id, i.deadline AS due_date, i.village_id, i.township_id, i.county_id,
           EXISTS (SELECT FROM rectification_reminder k
                    WHERE k.item_id = i.id AND k.rule_id = e.rule_id AND k.due_date = i.deadline) AS known,
           i.deadline > e.after - e.offset_days AS in_time,
           i.updated_at > e.since AND NOT e.beginning AS late
      FROM (SELECT DISTINCT rule_id, offset_days FROM effective) AS r
      JOIN rectification_rectificationitem i
        ON i.deadline >= %(after)s::date - r.offset_days AND i.deadline <= %(on)s::date - r.offset_days
      JOIN effective e
        ON e.county_id = i.county_id AND e.rule_id = r.rule_id AND e.offset_days = r.offset_days
     WHERE i.deadline >= e.after - e.offset_days AND i.status <> 'CLOSED' AND NOT i.is_long_term
     UNION ALL
    SELECT i.id, r.rule_id, i.deadline, i.village_id, i.township_id, i.county_id,
           EXISTS (SELECT FROM rectification_reminder k
                    WHERE k.item_id = i.id AND k.rule_id = r.rule_id AND k.due_date = i.deadline), true, false
      FROM rectification_rectificationitem i
     CROSS JOIN LATERAL (
           SELECT e.rule_id, e.offset_days, e.after FROM effective e
            WHERE e.county_id = i.county_id AND e.beginning AND e.offset_days > 0
              AND i.deadline <= %(on)s::date - e.offset_days
            ORDER BY e.offset_days DESC LIMIT 1) AS r
     WHERE i.county_id = ANY (%(beginning)s::bigint[]) AND i.status <> 'CLOSED' AND NOT i.is_long_term
       AND i.deadline <= r.after - r.offset_days
) AS candidate
 WHERE in_time OR (late AND NOT known)
"""

# Reminders of the last days that reach nobody any more although they still hold: whoever was to read them has left
# before they went out, or there was nobody at any tier. They go to whoever sits there now.
AGAIN = """
SELECT m.id AS reminder_id, m.item_id, m.rule_id, i.village_id, i.township_id, i.county_id
  FROM rectification_reminder m
  JOIN rectification_rectificationitem i ON i.id = m.item_id
 WHERE m.fired_on > %(on)s::date - %(rerouted)s::int AND m.fired_on <= %(on)s::date AND i.deadline = m.due_date
   AND i.status <> 'CLOSED' AND NOT i.is_long_term AND i.county_id = ANY (%(counties)s::bigint[])
   AND NOT EXISTS (
       SELECT FROM rectification_reminderline n JOIN accounts_user u ON u.id = n.recipient_id AND u.is_active
        WHERE n.reminder_id = m.id AND n.voided_at IS NULL)
"""

# What the planner must not do: it takes the people found on the way for a handful and would loop over all of them.
PLANNER = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off"

# Who sits where, and for the villages of `told` the nearest manned seat of each audience.
PEOPLE = """
holder AS MATERIALIZED (
    SELECT s.audience, o.division_id, u.id AS person
      FROM unnest(%(seats)s::text[], %(kinds)s::text[], %(tiers)s::text[], %(posts)s::text[])
           AS s(audience, kind, tier, post)
      JOIN accounts_organ o ON o.kind = s.kind
      JOIN accounts_division d ON d.id = o.division_id AND d.tier = s.tier
      JOIN accounts_user u ON u.organ_id = o.id AND u.post = s.post AND u.is_active
), manned AS (
    SELECT DISTINCT audience, division_id FROM holder
), place AS (
    SELECT DISTINCT village_id, township_id, county_id FROM told
), nearest AS MATERIALIZED (
    SELECT DISTINCT ON (p.village_id, p.township_id, p.county_id, c.audience)
           p.village_id, p.township_id, p.county_id, c.audience, c.step, c.seat, m.division_id
      FROM place p
      JOIN accounts_division county ON county.id = p.county_id
     CROSS JOIN LATERAL (VALUES ('VILLAGE', p.village_id), ('TOWNSHIP', p.township_id), ('COUNTY', p.county_id),
                                ('CITY', county.parent_id)) AS at(tier, division_id)
      JOIN unnest(%(chain_audiences)s::text[], %(chain_steps)s::int[], %(chain_seats)s::text[],
                  %(chain_tiers)s::text[]) AS c(audience, step, seat, tier) ON c.tier = at.tier
      JOIN manned m ON m.audience = c.seat AND m.division_id = at.division_id
     ORDER BY p.village_id, p.township_id, p.county_id, c.audience, c.step
), wanted AS MATERIALIZED (
    SELECT e.county_id, e.rule_id, a.audience
      FROM effective e CROSS JOIN LATERAL jsonb_array_elements_text(e.audience) AS a(audience)
), reached AS (
    SELECT t.reminder_id, t.item_id, h.person, bool_or(n.step > 0) AS escalated
      FROM told t
      JOIN wanted w ON w.rule_id = t.rule_id AND w.county_id = t.county_id
      JOIN nearest n ON n.village_id = t.village_id AND n.township_id = t.township_id
       AND n.county_id = t.county_id AND n.audience = w.audience
      JOIN holder h ON h.audience = n.seat AND h.division_id = n.division_id
     GROUP BY t.reminder_id, t.item_id, h.person
)
"""

PREVIEW = f"""
WITH {EFFECTIVE}, due AS MATERIALIZED ({DUE}),
told AS (
    SELECT -row_number() OVER () AS reminder_id, item_id, rule_id, village_id, township_id, county_id
      FROM due WHERE NOT known
     UNION ALL {AGAIN}
), {PEOPLE},
each AS (SELECT person, count(DISTINCT item_id) AS items, bool_or(escalated) AS escalated FROM reached GROUP BY person)
SELECT (SELECT count(DISTINCT item_id) FROM due), (SELECT count(*) FROM due WHERE NOT known),
       (SELECT count(*) FROM due WHERE known),
       (SELECT count(*) FROM told WHERE NOT EXISTS (SELECT FROM reached r WHERE r.reminder_id = told.reminder_id)),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(person, items, escalated)), '[]') FROM each)
"""  # noqa: S608 (all parts are constants)


@dataclass(frozen=True)
class Span:
    """What a county takes part with: the days after `after`; `beginning`, also what has been overdue for longer."""

    county: int
    after: date
    since: datetime | None
    beginning: bool


@dataclass(frozen=True)
class Window:
    """Up to which day a run takes reminders, and since when in which county; `quiet` ones wait for a working day."""

    on: date
    spans: list[Span]
    switched_on: list[int]
    quiet: list[int]

    def parameters(self) -> dict[str, Any]:
        return {
            "on": self.on,
            "after": min((one.after for one in self.spans), default=self.on),
            "counties": [one.county for one in self.spans],
            "afters": [one.after for one in self.spans],
            "sinces": [one.since for one in self.spans],
            "beginnings": [one.beginning for one in self.spans],
            "beginning": [one.county for one in self.spans if one.beginning],
            "rerouted": REROUTED_DAYS,
            **seat_rows(),
            **chain_rows(),
        }


def window(*, on: date, county: Division | None = None) -> Window:
    """For each county that is on, from the last completed run that it took part in, at most 30 days back.

    With `county`, that one as if it were on. A day is missed, and caught up, when a run should have been and was
    not, or was on a quiet day. What was overdue before anybody ran (the first run ever, a county that has switched on
    since the last run, an interruption of more than 30 days) is not reminded of every threshold it has passed, but
    once of the last.
    """
    settings_on = list(
        CountySetting.objects.filter(reminders_on=True).only("county_id", "reminders_since", "quiet_days")
    )
    switched = {one.county_id: one for one in settings_on}
    quiet = []
    if county is None and any(one.quiet_days for one in settings_on) and not is_workday(on):
        quiet = [one.county_id for one in settings_on if one.quiet_days]
    wanted = [county.pk] if county else [one for one in switched if one not in quiet]
    latest = list(ReminderRun.objects.filter(on__lt=on).order_by("-on")[: CATCH_UP_DAYS + 1])
    runs = [one for one in latest if one.on >= on - timedelta(days=CATCH_UP_DAYS)]
    spans = [_span(one, switched.get(one), runs, on, bool(latest)) for one in wanted]
    return Window(on, spans, list(switched), quiet)


def _span(county: int, setting: CountySetting | None, runs: list[ReminderRun], on: date, ever: bool) -> Span:
    last = next((one for one in runs if county not in one.figures.get("quiet", ())), None)
    if last is None:
        return Span(county, on - timedelta(days=CATCH_UP_DAYS if ever else 1), None, True)
    started = _started(last)
    begins = setting is None or (setting.reminders_since or started) > started
    return Span(county, last.on, started, begins)


def _started(run: ReminderRun) -> datetime:
    started = run.figures.get("started")
    return datetime.fromisoformat(started) if started else run.finished_at


@dataclass(frozen=True)
class Reached:
    """One person whom the run would write to."""

    person: User
    items: int
    escalated: bool


@dataclass(frozen=True)
class Preview:
    on: date
    items: int
    reminders: int
    already: int
    unreached: int
    digests: int
    people: dict[int, tuple[int, bool]]

    @property
    def fingerprint(self) -> str:
        """What somebody has seen who switches on: day, items and people."""
        return f"{self.on:%Y%m%d}-{self.items}-{self.reminders}-{len(self.people)}"

    def reached(self, limit: int | None = None) -> list[Reached]:
        """The people with their organs, most items first."""
        order = sorted(self.people, key=lambda pk: (-self.people[pk][0], pk))[:limit]
        users = User.objects.select_related("organ__division").in_bulk(order)
        return [Reached(users[pk], *self.people[pk]) for pk in order if pk in users]


def preview(*, on: date, county: Division | None = None) -> Preview:
    """What `send_reminders` would do on that day, without writing; for one county as if it were switched on."""
    frame = window(on=on, county=county)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLANNER)
        cursor.execute(PREVIEW, frame.parameters())
        items, reminders, already, unreached, rows = cursor.fetchone()
    people = {person: (count, escalated) for person, count, escalated in json.loads(rows)}
    return Preview(on, items, reminders, already, unreached, _new_digests(on, set(people), county), people)


def _new_digests(on: date, people: set[int], county: Division | None) -> int:
    if county is None:
        people = people | set(waiting_lines().values_list("recipient_id", flat=True))
    have = Message.objects.filter(key=digest_key(on), recipient_id__in=people)
    return len(people) - have.count()


def digest_key(on: date) -> str:
    return f"digest:{on:%Y-%m-%d}"


def waiting_lines() -> "QuerySet[ReminderLine]":
    """Lines that no digest has taken yet."""
    return ReminderLine.objects.filter(digest=None, voided_at=None)


ITEM_FIELDS = tuple(
    f"reminder__item__{name}" for name in ("number", "status", "deadline", "is_long_term", "is_immediate", "is_common")
)


def lines_of(digest: Message) -> "QuerySet[ReminderLine]":
    """The lines of a digest that are not void, with item and rule, and whether the county still sends reminders."""
    on = CountySetting.objects.filter(county=OuterRef("reminder__item__county"), reminders_on=True)
    return (
        ReminderLine.objects.filter(digest=digest, voided_at=None)
        .select_related("reminder__item", "reminder__rule")
        .only("escalated", "reminder__due_date", "reminder__rule__offset_days", *ITEM_FIELDS)
        .annotate(county_on=Exists(on))
        .order_by("reminder__item__deadline", "reminder__item_id", "-reminder__rule__offset_days")
    )


def seen_items(user: Any, lines: list[ReminderLine]) -> set[int]:
    """Which of the lines' items this person may see at this moment."""
    ids = {one.reminder.item_id for one in lines}
    return set(policy.visible(user, RectificationItem.objects.filter(pk__in=ids)).values_list("pk", flat=True))


def holds(line: ReminderLine, seen: set[int]) -> bool:
    """Is there still reason to remind this person: item open, date unchanged, county on, person in scope?"""
    item = line.reminder.item
    unchanged = item.is_open and not item.is_long_term and item.deadline == line.reminder.due_date
    return bool(unchanged and item.pk in seen and line.county_on)  # type: ignore[attr-defined]


def digest_items(user: Any, digest: Message) -> list[ReminderLine]:
    """One line for each item of the digest that the reader may see today, the most urgent first."""
    lines = list(
        ReminderLine.objects.filter(digest=digest)
        .select_related("reminder__rule", "reminder__item__village__division", "reminder__item__township")
        .order_by("reminder__item__deadline", "reminder__item_id", "-reminder__rule__offset_days")
    )
    seen = seen_items(user, lines)
    return list({one.reminder.item_id: one for one in reversed(lines) if one.reminder.item_id in seen}.values())[::-1]


def item_counts(digests: list[int]) -> dict[int, int]:
    """How many items each of these digests was about when it was written."""
    rows = ReminderLine.objects.filter(digest_id__in=digests).values("digest_id")
    return dict(rows.annotate(n=Count("reminder__item", distinct=True)).values_list("digest_id", "n"))


def rules() -> "QuerySet[ReminderRule]":
    return ReminderRule.objects.filter(is_active=True).order_by("offset_days")


def recent_runs(user: Any, limit: int = 10) -> list[dict[str, Any]]:
    """The last runs; a county reads its own figures, the city those of all."""
    runs = policy.visible(user, ReminderRun.objects.all()).order_by("-on")[:limit]
    place = user.division
    return [_figures(one, None if place.tier == Tier.CITY else place) for one in runs]


def _figures(run: ReminderRun, county: Division | None) -> dict[str, Any]:
    if county is None:
        keys = ("items", "reminders", "digests", "unreached")
        numbers = {key: run.figures.get(key, 0) for key in keys}
    else:
        items, reminders = run.figures.get("counties", {}).get(str(county.pk), [0, 0])
        numbers = {"items": items, "reminders": reminders}
    return {"on": run.on, "finished_at": run.finished_at} | numbers


def late(now: datetime | None = None) -> str:
    """The alarm, or an empty text: today's run is not there though its time has passed."""
    now = timezone.localtime(now)
    last = ReminderRun.objects.filter(on__lte=now.date()).order_by("-on").first()
    ran = last is not None and last.on == now.date()
    if ran or now < timezone.make_aware(datetime.combine(now.date(), settings.REMIND_AT)) + GRACE:
        return ""
    when = f"{last.on:%Y-%m-%d}" if last else _("从未运行")
    return (
        _("今天 08:30 的提醒还没有运行（最近一次：%s）。请检查定时任务和任务进程；恢复后会自动补上，不会漏发。") % when
    )


def is_time(now: datetime | None = None) -> bool:
    """Has the hour of today's run come?"""
    return timezone.localtime(now).time() >= settings.REMIND_AT


def done(*, on: date) -> bool:
    return ReminderRun.objects.filter(on=on).exists()


def outbox_counts() -> dict[str, int]:
    """How many letters wait and how many were set aside."""
    states = (Delivery.Status.PENDING, Delivery.Status.PARKED)
    rows = Delivery.objects.filter(status__in=states).values_list("status").annotate(n=Count("pk"))
    return {str(state): 0 for state in states} | dict(rows)


def next_day() -> date:
    """The day that the next run will be for: today until its run is done, then tomorrow."""
    return today() + timedelta(days=1) if done(on=today()) else today()


def switched_on(user: Any) -> int:
    """How many counties of the city have switched reminders on."""
    mine = Division.objects.filter(parent=user.organ.division_id, tier=Tier.COUNTY)
    return CountySetting.objects.filter(county__in=mine, reminders_on=True).count()
