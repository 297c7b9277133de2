"""Databases of the bench: each part works on its own copy of the freshly prepared one, so that none sees another's."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

from mianyang_xuncha import embedded
from mianyang_xuncha.servers import POSTGRES_SUPERUSER

from .measure import Sample, measure


def _admin(database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(embedded.postgres().url(user=POSTGRES_SUPERUSER, database=database), autocommit=True)


def create(name: str, template: str) -> None:
    with _admin() as admin:
        names = sql.Identifier(name), sql.Identifier(template), sql.Identifier(embedded.OWNER)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))


def drop(name: str) -> None:
    with _admin() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copy(name: str, to: str) -> None:
    """Another database with the same content; nobody may be connected to the first meanwhile."""
    connections.close_all()
    create(to, name)


@contextmanager
def own_database(part: str) -> Iterator[None]:
    """Django's connection leads to a copy of the prepared database, as the application's role."""
    name = f"bench_{part}"
    connections.close_all()
    create(name, embedded.DATABASE)
    original, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original
        drop(name)


def by_turns(
    sides: Mapping[str, str], works: Callable[[], "dict[str, Callable[[], Any]]"], rounds: int
) -> dict[str, list[Sample]]:
    """The same works in several databases ({side: name}), each one in all by turns: {"work@side": samples}.

    `works` makes them for the database at hand. Each is done once unmeasured before (caches, plans, templates).
    """
    here = connections["default"]
    opened = {side: connections.create_connection("default") for side in sides}
    todo: dict[str, dict[str, Callable[[], Any]]] = {}
    taken: dict[str, list[Sample]] = {}
    try:
        for side, wrapper in opened.items():
            wrapper.settings_dict = {**here.settings_dict, "NAME": sides[side]}
            connections["default"] = wrapper
            todo[side] = works()
            for work in todo[side].values():
                work()
        for _round in range(rounds):
            for name in todo[side]:
                for side, wrapper in opened.items():
                    connections["default"] = wrapper
                    taken.setdefault(f"{name}@{side}", []).append(measure(todo[side][name]))
    finally:
        connections["default"] = here
        for wrapper in opened.values():
            wrapper.close()
    return taken


@contextmanager
def without_triggers() -> "Iterator[psycopg.Cursor[tuple[object, ...]]]":
    """A superuser's cursor on the bench's database that fires no trigger: for making many rows at once."""
    with _admin(str(connection.settings_dict["NAME"])) as admin, admin.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor


@contextmanager
def without_indexes(cursor: "psycopg.Cursor[tuple[object, ...]]", *tables: str) -> Iterator[None]:
    """Indexes that keep no constraint are built again afterwards: millions of rows come faster."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
        " WHERE indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(tables)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}".encode())
    yield
    for _name, definition in found:
        cursor.execute(str(definition).encode())


def environment(database: str) -> dict[str, str]:
    """Of a process that works on this database."""
    roles = {"DATABASE_OWNER_URL": embedded.OWNER, "DATABASE_URL": embedded.APPLICATION}
    found = {name: embedded.postgres().url(user=user, database=database) for name, user in roles.items()}
    return os.environ | found | {"REDIS_URL": embedded.redis_url()}


def tidy() -> None:
    """Clear away what was rolled back: the planner would take it for an empty table's measure and loop over rows."""
    with _admin(str(connection.settings_dict["NAME"])) as admin:
        admin.execute("VACUUM (ANALYZE)")
