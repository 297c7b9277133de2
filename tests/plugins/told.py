"""Each transaction of the application is asked for its own events, in tests that run within one transaction too.

Rows that must not change untold (common.triggers.told_changes) are asked at the end of a transaction whether it has an
event. A test's own transaction has those of its cast, and would hide a service that writes none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.transaction import Atomic, get_connection

import common

FUNCTIONS = Path(common.__file__).parent / "migrations" / "sql" / "events.sql"
ANY = "WHERE transaction = txid_current()"
OWN = f"{ANY} AND id > coalesce(nullif(current_setting('xuncha.before', true), ''), '0')::bigint"
ASKED = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
BEGUN = "SELECT set_config('xuncha.before', (SELECT coalesce(max(id), 0)::text FROM common_auditevent), false)"
ENDED = "SELECT set_config('xuncha.before', '', false)"


def ask_for_own_events() -> None:
    """The trigger function of the tests' database, as its owner: events before the mark do not count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc LIKE '%%xuncha.before%%' FROM pg_proc WHERE proname = 'common_told_change'")
        if cursor.fetchone() == (False,):  # not yet: a database may be used again
            before, after = FUNCTIONS.read_text(encoding="utf-8").split(ANY)
            cursor.execute(before + OWN + after)


@pytest.fixture(scope="session", autouse=True)
def each_transaction_by_itself() -> Iterator[None]:
    """Within a test's transaction, an outermost block of the application stands for a whole one."""
    entered, left = Atomic.__enter__, Atomic.__exit__

    def enter(self: Any) -> None:
        entered(self)
        if outermost(self):
            run(self, *ASKED, BEGUN)

    def leave(self: Any, kind: Any, error: Any, trace: Any) -> None:
        mine = outermost(self)
        try:
            if mine and kind is None and not get_connection(self.using).needs_rollback:
                run(self, *ASKED)
        except BaseException as refused:
            left(self, type(refused), refused, refused.__traceback__)
            raise
        left(self, kind, error, trace)
        if mine:
            run(self, ENDED)

    Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]
    yield
    Atomic.__enter__, Atomic.__exit__ = entered, left  # type: ignore[method-assign]


def outermost(block: Any) -> bool:
    *around, last = get_connection(block.using).atomic_blocks or [None]
    return last is block and not block._from_testcase and bool(around) and all(one._from_testcase for one in around)


def run(block: Any, *statements: str) -> None:
    """Beside Django's log, so that counts of statements stay what they are."""
    using = get_connection(block.using)
    with using.wrap_database_errors, using.connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)
