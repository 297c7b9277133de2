"""提醒 (E7): each item, rule and due date reminds once, in one digest a person and day, written before it is sent."""

import json
import logging
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Division, User
from common import audit, inbox, outbox, policy
from common.calendar import today
from common.models import Delivery, Heartbeat, Message
from rectification.enums import OPEN
from rectification.models import CountySetting, RectificationItem, ReminderLine, ReminderRun
from rectification.selectors import reminders as reads

log = logging.getLogger(__name__)
LISTED = 50  # items written out in one e-mail; the digest's page has all of them

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('rectification.send_reminders'))"

STALE = """
UPDATE rectification_reminderline AS line SET voided_at = %(now)s
  FROM rectification_reminder m
  JOIN rectification_rectificationitem i ON i.id = m.item_id, accounts_user u
 WHERE line.digest_id IS NULL AND line.voided_at IS NULL AND m.id = line.reminder_id AND u.id = line.recipient_id
   AND NOT (i.status <> 'CLOSED' AND NOT i.is_long_term AND i.deadline IS NOT DISTINCT FROM m.due_date AND u.is_active
            AND i.county_id = ANY (%(switched)s::bigint[]))
"""

STAGE = """
DROP TABLE IF EXISTS pg_temp.reminder_stage;
CREATE TEMP TABLE reminder_stage (reminder_id bigint, person bigint, escalated boolean) ON COMMIT DROP
"""

FIRE = f"""
WITH {reads.EFFECTIVE}, due AS MATERIALIZED ({reads.DUE}),
fresh AS (
    INSERT INTO rectification_reminder (item_id, rule_id, due_date, fired_on, created_at)
    SELECT item_id, rule_id, due_date, %(on)s, %(now)s FROM due WHERE NOT known
     ORDER BY item_id, rule_id LIMIT %(cap)s
    ON CONFLICT (item_id, rule_id, due_date) DO NOTHING
    RETURNING id AS reminder_id, item_id, rule_id
), told AS MATERIALIZED (
    SELECT fresh.reminder_id, item_id, rule_id, due.village_id, due.township_id, due.county_id
      FROM fresh JOIN due USING (item_id, rule_id)
     UNION ALL {reads.AGAIN}
), {reads.PEOPLE}, staged AS (
    INSERT INTO reminder_stage SELECT reminder_id, person, escalated FROM reached RETURNING reminder_id
), county AS (
    SELECT county_id, count(DISTINCT item_id) AS items, count(*) AS reminders
      FROM fresh JOIN due USING (item_id, rule_id) GROUP BY county_id
)
SELECT (SELECT count(DISTINCT item_id) FROM due), (SELECT count(*) FROM fresh),
       (SELECT count(*) FROM due WHERE known), (SELECT count(*) FROM due WHERE NOT known),
       (SELECT count(*) FROM staged),
       (SELECT count(*) FROM fresh WHERE NOT EXISTS (SELECT FROM reached r WHERE r.reminder_id = fresh.reminder_id)),
       (SELECT coalesce(jsonb_object_agg(county_id, jsonb_build_array(items, reminders)), '{{}}') FROM county)
"""  # noqa: S608 (all parts are constants)

# Lines that wait for a digest, but for those of a county that keeps quiet today.
WAITING = """
    SELECT line.id, line.recipient_id AS person
      FROM rectification_reminderline line
      JOIN rectification_reminder m ON m.id = line.reminder_id
      JOIN rectification_rectificationitem i ON i.id = m.item_id
     WHERE line.digest_id IS NULL AND line.voided_at IS NULL AND i.county_id <> ALL (%(quiet)s::bigint[])
"""

PEOPLE_TO_TELL = f"SELECT person FROM reminder_stage UNION SELECT person FROM ({WAITING}) AS waiting"  # noqa: S608

# The day's digests that still take lines. One that has gone out, is going out now, or was read takes no more:
# its lines wait for the next day's.
DIGESTS = """
held AS MATERIALIZED (
    SELECT m.id, m.recipient_id
      FROM common_message m
      JOIN common_delivery d ON d.message_id = m.id
     WHERE m.recipient_id IN (SELECT person FROM people) AND m.key = %(key)s AND m.read_at IS NULL
       AND d.status = 'PENDING'
       FOR UPDATE OF d SKIP LOCKED
), digest AS (
    SELECT id, recipient_id FROM held GROUP BY id, recipient_id
    HAVING count(*) = (SELECT count(*) FROM common_delivery d WHERE d.message_id = held.id)
     UNION SELECT m.id, m.recipient_id
      FROM common_message m
      LEFT JOIN common_delivery d ON d.message_id = m.id
     WHERE m.recipient_id IN (SELECT person FROM people) AND m.key = %(key)s AND m.read_at IS NULL AND d.id IS NULL
)
"""

NEW_LINES = f"""
WITH people AS MATERIALIZED (SELECT DISTINCT person FROM reminder_stage), {DIGESTS}
INSERT INTO rectification_reminderline (reminder_id, recipient_id, escalated, digest_id)
SELECT s.reminder_id, s.person, s.escalated, digest.id
  FROM reminder_stage s
  LEFT JOIN digest ON digest.recipient_id = s.person
    ON CONFLICT (reminder_id, recipient_id) DO UPDATE
   SET voided_at = NULL, escalated = EXCLUDED.escalated, digest_id = EXCLUDED.digest_id
"""  # noqa: S608 (both parts are constants)

OLD_LINES = f"""
WITH waiting AS MATERIALIZED ({WAITING}), people AS MATERIALIZED (SELECT DISTINCT person FROM waiting), {DIGESTS}
UPDATE rectification_reminderline AS line SET digest_id = digest.id
  FROM digest
 WHERE line.id IN (SELECT id FROM waiting) AND line.recipient_id = digest.recipient_id
"""  # noqa: S608 (both parts are constants)


def send_reminders(*, on: date, dry_run: bool = False) -> dict[str, Any]:
    """Write the reminders of `on` and of missed days before it: reminders, lines, digests, outbox, all or nothing.

    Takes open items (not long-term) of counties that have switched reminders on; with the first run after that, each
    item already overdue is chased once (`reads.window`). Running it again, or twice at
    once, writes nothing more. At most REMINDER_CAP reminders; the rest is taken by the next call, and the day
    counts as done only then. Sends nothing itself. Returns {"on", "items", "reminders", "digests", "already"}.
    """
    if dry_run:
        seen = reads.preview(on=on)
        return _answer(on, seen.items, seen.reminders, seen.digests, seen.already)
    with transaction.atomic():
        figures = _run(on)
    log.info("reminders written", extra={"on": on.isoformat(), "figures": figures})
    return _answer(on, figures["items"], figures["reminders"], figures["digests"], figures["already"])


def _answer(on: date, items: int, reminders: int, digests: int, already: int) -> dict[str, Any]:
    return {"on": on.isoformat(), "items": items, "reminders": reminders, "digests": digests, "already": already}


def _run(on: date) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        now = timezone.now()
        frame = reads.window(on=on)
        cursor.execute(reads.PLANNER)
        cursor.execute(STALE, {"now": now, "switched": frame.switched_on})
        cap = settings.REMINDER_CAP
        cursor.execute(STAGE)
        cursor.execute(FIRE, frame.parameters() | {"now": now, "cap": cap})
        items, fired, already, new, lines, unreached, counties = cursor.fetchone()
        digests = _gather(cursor, frame)
    figures = {
        "items": items,
        "reminders": fired,
        "digests": digests,
        "already": already,
        "lines": lines,
        "unreached": unreached,
        "left": new - fired,
        "started": now.isoformat(),
        "counties": json.loads(counties),
        "quiet": frame.quiet,
    }
    if not figures["left"]:
        _complete(on, figures)
    return figures


def _gather(cursor: Any, frame: reads.Window) -> int:
    """One digest for whoever has lines, old ones that wait or new ones; returns how many digests are new."""
    on, key = frame.on, reads.digest_key(frame.on)
    cursor.execute(PEOPLE_TO_TELL, {"quiet": frame.quiet})
    digests = inbox.post(
        recipients=[person for (person,) in cursor.fetchall()],
        kind=Message.Kind.DIGEST,
        key=key,
        title=_("整改提醒 %s") % f"{on:%Y-%m-%d}",
        body="",
        path="",
        day=on,
    )
    for lines in (OLD_LINES, NEW_LINES):
        cursor.execute(lines, {"key": key, "quiet": frame.quiet})
    return digests


def _complete(on: date, figures: dict[str, Any]) -> None:
    """The day is done; what a second run of the day adds is added to its figures."""
    run = ReminderRun.objects.filter(on=on).first() or ReminderRun(on=on)
    sums = {key: run.figures.get(key, 0) + figures[key] for key in ("reminders", "digests", "lines", "unreached")}
    counties = dict(run.figures.get("counties", {}))
    for county, numbers in figures["counties"].items():
        counties[county] = [a + b for a, b in zip(counties.get(county, [0, 0]), numbers, strict=True)]
    run.figures = figures | sums | {"counties": counties}
    run.finished_at = timezone.now()
    run.save()
    Heartbeat.beat("reminders")


@transaction.atomic
def set_reminders(*, county: Division, on: bool, actor: User) -> CountySetting:
    """Switch a county's reminders on or off (E7). Needs "edit" on the county's setting: the head of its office.

    Off voids what has not gone out. The event names the old and the new value; no change, no event.
    """
    policy.allows(actor, "edit", CountySetting(county=county)).demand()
    setting, _created = CountySetting.objects.get_or_create(county=county)
    setting = CountySetting.objects.select_for_update().get(pk=setting.pk)
    before, setting.reminders_on = setting.reminders_on, on
    if before != on:
        setting.reminders_since = timezone.now() if on else None
        setting.save(update_fields=["reminders_on", "reminders_since"])
        changes = {"reminders_on": [before, on]}
        audit.record("switch_reminders", setting, actor=actor, changes=changes)
    return setting


def digest_letter(delivery: Delivery) -> outbox.Letter | None:
    """The e-mail of a digest, from its lines that still hold for this person now; the others become void."""
    lines = list(reads.lines_of(delivery.message))
    seen = reads.seen_items(delivery.message.recipient, lines)
    stale = [one.pk for one in lines if not reads.holds(one, seen)]
    if stale:
        ReminderLine.objects.filter(pk__in=stale).update(voided_at=timezone.now())
    firm = {one.reminder.item_id: one for one in reversed(lines) if one.pk not in set(stale)}
    return _letter(delivery.message, list(firm.values())[::-1]) if firm else None


def urge_letter(delivery: Delivery) -> outbox.Letter | None:
    """The e-mail of an urge, while its item is open and this person may see it."""
    _kind, item, *_rest = delivery.message.key.split(":")
    open_items = RectificationItem.objects.filter(pk=item, status__in=OPEN)
    return outbox.plain(delivery) if policy.visible(delivery.message.recipient, open_items).exists() else None


def _letter(message: Message, lines: list[ReminderLine]) -> outbox.Letter:
    rows = [_row(number, one) for number, one in enumerate(lines[:LISTED], 1)]
    if len(lines) > LISTED:
        rows.append(_("另有 %s 件，请登录系统查看。") % (len(lines) - LISTED))
    text = [
        _("您好：以下 %s 件整改事项请及时办理。") % len(lines),
        "\n".join(rows),
        _("全部事项：%s") % outbox.link(f"/inbox/{message.pk}/"),
        _("本邮件由系统自动发送，不含问题内容；请登录系统办理，不要回复。"),
    ]
    return outbox.Letter(_("整改提醒：%s 件") % len(lines), "\n\n".join(text) + "\n")


def _row(number: int, line: ReminderLine) -> str:
    """Number, kind, deadline and link: whoever reads over a shoulder learns no village and no name."""
    item = line.reminder.item
    up = _("（下级岗位空缺，由您代收）") if line.escalated else ""
    head = f"{number}. {item.number}　{kind_of(item)}　{_('时限')} {item.deadline:%Y-%m-%d}　{when(item)}{up}"
    return f"{head}\n   {outbox.link(item.get_absolute_url())}"


def kind_of(item: RectificationItem) -> str:
    if item.is_immediate:
        return _("立巡立改")
    return _("共性问题") if item.is_common else _("整改事项")


def when(item: RectificationItem) -> str:
    """剩 5 天, 今天到期, 超期 12 天: as of today, not of the day on which the rule fired."""
    left = (item.deadline - today()).days if item.deadline else 0
    if left < 0:
        return _("超期 %s 天") % -left
    return _("剩 %s 天") % left if left else _("今天到期")
