"""A run that hangs says where, and ends: failures are shown as they happen, and no end of a test waits for ever.

A test that takes too long is failed by pytest-timeout, which then looks no more: what tidies up after it (the browser,
the server of the pages, the database) could wait for ever for what the test left behind.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Iterator

import pytest

PATIENCE = int(os.environ.get("XUNCHA_TEARDOWN_SECONDS", 240))  # longer than a statement may take
original = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[original] = os.dup(2)  # what tests write is caught; this is not


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    faulthandler.dump_traceback_later(PATIENCE, exit=True, file=item.config.stash[original])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Under xdist this is the controller, whose output is seen also when the run is cut off."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\n{report.nodeid} {report.when}\n{report.longreprtext[-6000:]}", file=sys.__stderr__, flush=True)
