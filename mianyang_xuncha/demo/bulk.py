"""Many rows of a story at once: written as the owner of the tables, complete and dated, beside the doors.

What the triggers would refuse row by row is not asked here; `check_integrity` asks it of the whole afterwards.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.enums import OrganKind, Post
from accounts.models import Division, Organ, User
from common import audit

from . import clock

ALIAS = "owner"
BATCH = 2000
TOLD_AT_THE_END = """
DO $$ BEGIN EXECUTE (SELECT 'SET CONSTRAINTS ' || string_agg(quote_ident(tgname), ', ') || ' DEFERRED'
                       FROM pg_trigger WHERE tgname LIKE '%\\_told\\_changes'); END $$
"""


@contextmanager
def as_owner() -> Iterator[str]:
    """The name of a connection as the owner of the tables."""
    owner = {key: settings.OWNER_DATABASE[key] for key in ("USER", "PASSWORD")}
    connections.settings[ALIAS] = connections["default"].settings_dict | owner
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.settings[ALIAS]


@contextmanager
def unguarded(using: str, models: Iterable[type[Model]]) -> Iterator[None]:
    """One transaction in which the tables' own triggers rest; others wait for its end, and never see them resting."""
    tables = [connections[using].ops.quote_name(one._meta.db_table) for one in models]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(TOLD_AT_THE_END)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def dated_by_hand(models: Iterable[type[Model]]) -> Iterator[None]:
    """Times that Django would set to now are those given."""
    fields = [one for model in models for one in model._meta.fields if getattr(one, "auto_now_add", False)]
    fields += [one for model in models for one in model._meta.fields if getattr(one, "auto_now", False)]
    were = [(one, one.auto_now_add, one.auto_now) for one in fields]
    for one in fields:
        one.auto_now_add = one.auto_now = False
    try:
        yield
    finally:
        for one, added, changed in were:
            one.auto_now_add, one.auto_now = added, changed


def write(using: str, rows: "list[Any]") -> "list[Any]":
    return type(rows[0])._default_manager.using(using).bulk_create(rows, batch_size=BATCH) if rows else []


def at(day: date, hour: int = 9) -> datetime:
    """Half past the hour of that day, which is not later than today."""
    return timezone.make_aware(datetime.combine(min(day, clock.day(0)), time(hour, 30)))


def told(row: Any, action: str, actor: User, when: datetime, source: str, target: str) -> dict[str, Any]:
    """One event of `events`."""
    return {
        "at": when,
        "actor_id": actor.pk,
        "actor_text": f"{actor.organ.name} {actor.full_name}",
        "action": action,
        "object_type": row._meta.label,
        "object_id": str(row.pk),
        "object_text": str(row)[:200],
        "source": source,
        "target": target,
    }


def events(using: str, told: list[dict[str, Any]]) -> None:
    """Events with the time at which each happened; in that order, for the last one tells the status."""
    rest: dict[str, Any] = {"note": "", "changes": {}, "result": "OK", "ip": None, "request_id": ""}
    audit.record_many([rest | one for one in sorted(told, key=lambda row: row["at"])], using=using)


class Posts:
    """Whoever holds a post at a place, with the post's name for a name; nobody of them signs in."""

    def __init__(self, using: str):
        self.using = using
        rows = User.objects.using(using).filter(is_active=True).select_related("organ").order_by("pk")
        self.known: dict[tuple[int, str, str], list[User]] = {}
        for one in rows:
            self.known.setdefault((one.organ.division_id, one.organ.kind, one.post), []).append(one)
        kept = Organ.objects.using(using).order_by("pk")
        self.organs = {(one.division_id, one.kind): one for one in kept}

    def of(self, place: Division, kind: str, post: str, organ: str, title: str, order: int = 0) -> User:
        held = self.known.setdefault((place.pk, kind, post), [])
        while len(held) <= order:
            held.append(self._add(place, kind, post, organ, title))
        return held[order]

    def has(self, place: Division, kind: str, post: str = Post.HEAD) -> bool:
        """Does somebody with an account of the story hold the post?"""
        return any(one.email for one in self.known.get((place.pk, kind, post), []))

    def organ(self, place: Division, kind: str, name: str) -> Organ:
        if (place.pk, kind) not in self.organs:
            made = Organ.objects.using(self.using).create(division=place, kind=kind, name=name)
            audit.record_many([audit.row("open_organ", made, actor=None)], using=self.using)
            self.organs[place.pk, kind] = made
        return self.organs[place.pk, kind]

    def _add(self, place: Division, kind: str, post: str, organ: str, title: str) -> User:
        body = self.organ(place, kind, organ)
        number = 1 + sum(map(len, self.known.values()))
        made = User(username=f"h{number:04}", full_name=title, organ=body, post=post, password="!")  # noqa: S106
        made.save(using=self.using, force_insert=True)
        audit.record_many([audit.row("create_user", made, actor=None)], using=self.using)
        return made

    def of_county(self, county: Division, post: str) -> User:
        name = f"{county.name.removesuffix('区')}区委巡察办" if county.name.endswith("区") else f"{county.name}委巡察办"
        return self.of(
            county, OrganKind.INSPECTION_OFFICE, post, name, "巡察办主任" if post == Post.HEAD else "巡察办干部"
        )
